"""办案文书: what a case can print and what is still missing; the files themselves, streamed and never stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.case.models import Case
from yuanqing.cases.clearing.models import Clearing
from yuanqing.cases.keyring.queries import unlock_address, unlocked
from yuanqing.cases.opinion.models import Opinion
from yuanqing.cases.paperwork import queries
from yuanqing.cases.redress.models import Redress
from yuanqing.cases.sitting.models import Sitting
from yuanqing.kernel.acts import Refused
from yuanqing.shell.document.docx import write_docx
from yuanqing.shell.document.pdf import write_pdf

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def sent(request: HttpRequest, document: str, kind: str, values: dict[str, Any], name: str) -> HttpResponse:
    """The file, when nothing that it must say is missing; the PDF bears who printed it and when."""
    if kind not in TYPES:
        raise Http404
    gone = queries.lacking(document, values)
    if gone:
        raise Refused(
            _("还不能出“%(what)s”，缺：%(missing)s。")
            % {"what": queries.title(document), "missing": _("、").join(gone)}
        )
    made = queries.paper(document, values)
    mark = f"{request.user} {timezone.localtime():%Y-%m-%d %H:%M}"
    data = write_docx(made) if kind == "docx" else write_pdf(made, watermark=mark)
    answer = HttpResponse(data, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def visible(request: HttpRequest, pk: UUID) -> Case:
    rows = Case.objects.visible_to(request.user).select_related("key", "unit")
    found: Case = get_object_or_404(rows, pk=pk)
    return found


@never_cache
@require_GET
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every document of a case for every person it is about, with what is missing."""
    record, key = visible(request, pk), unlocked(request)
    if key is None:
        return redirect(unlock_address(request.path))
    persons = []
    for person in queries.subjects(record, key):
        values = queries.of_case(record, key, person)
        rows = [(name, queries.title(name), queries.lacking(name, values)) for name in queries.OF_A_CASE]
        persons.append((person, rows))
    return render(request, "cases/paperwork/case.html", {"record": record, "persons": persons})


@never_cache
@require_GET
def of_case(request: HttpRequest, pk: UUID, person: UUID, document: str, kind: str) -> HttpResponse:
    record, key = visible(request, pk), unlocked(request)
    if key is None:
        return redirect(unlock_address(request.path))
    whom = next((one for one in queries.subjects(record, key) if one.pk == person), None)
    if whom is None or document not in queries.OF_A_CASE:
        raise Http404
    return sent(request, document, kind, queries.of_case(record, key, whom), f"{record.number}-{document}")


@never_cache
@require_GET
def sitting(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The minutes of a sitting that was resolved, as signed so far."""
    rows = Sitting.objects.visible_to(request.user).filter(resolved_on__isnull=False)
    record = get_object_or_404(rows.select_related("key", "unit", "chaired_by", "resolved_by"), pk=pk)
    key = unlocked(request)
    if key is None:
        return redirect(unlock_address(record.get_absolute_url()))
    if record.key.is_destroyed:
        raise Refused(_("内容已经销毁，不能再印。"))
    return sent(request, "sitting", kind, queries.of_sitting(record, key), f"{record.number}-{record.purpose}")


def plain(
    model: Any, document: str, values: Callable[[Any], dict[str, Any]], states: tuple[str, ...]
) -> Callable[..., HttpResponse]:
    """The document of a record that is not sealed; before one of the states there is none."""

    @never_cache
    @require_GET
    def page(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
        related = ["unit", *(["person"] if any(f.name == "person" for f in model._meta.fields) else [])]
        record = get_object_or_404(model.objects.visible_to(request.user).select_related(*related), pk=pk)
        if record.state not in states or getattr(record, "kind", "") == "lesson":
            raise Http404
        return sent(request, document, kind, values(record), document)

    page.__name__ = document
    return page


recommendation = plain(Redress, "recommendation", queries.of_redress, ("issued", "answered", "verified"))
opinion = plain(Opinion, "opinion", queries.of_opinion, ("answered",))
clearing = plain(Clearing, "clearing", queries.of_clearing, ("approved", "done"))
review = plain(Appeal, "review", queries.of_appeal, ("decided", "told"))

urlpatterns = [
    path("case/<uuid:pk>/", case, name="case"),
    path("case/<uuid:pk>/<uuid:person>/<str:document>.<str:kind>", of_case, name="of_case"),
    path("sitting/<uuid:pk>.<str:kind>", sitting, name="sitting"),
    path("recommendation/<uuid:pk>.<str:kind>", recommendation, name="recommendation"),
    path("opinion/<uuid:pk>.<str:kind>", opinion, name="opinion"),
    path("clearing/<uuid:pk>.<str:kind>", clearing, name="clearing"),
    path("review/<uuid:pk>.<str:kind>", review, name="review"),
]
