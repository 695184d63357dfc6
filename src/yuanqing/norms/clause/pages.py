"""规则库: packs, their editions and clauses; what changed between editions; a new edition from a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.kernel.acts import Refused, refusal
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.difference import difference
from yuanqing.kernel.packs.fields import Mark
from yuanqing.kernel.packs.load import to_yaml
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.problems import PackError
from yuanqing.kernel.packs.published import NotInForce, pack_of, version_in_force
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.packs.sheet import to_sheet
from yuanqing.norms.clause import queries
from yuanqing.norms.clause.forms import PackFile, read
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.clause.rules import KINDS, field_label, shown
from yuanqing.shell import navigation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK_TONES = {"V": "green", "V2": "grey", "R": "amber", "own": "accent"}


def editions() -> Any:
    return PackVersion.objects.defer("content").order_by("-effective_from", "-published_at")


def publishing_refusal(request: HttpRequest) -> str:
    return refusal("publish", None, by=request.user, model=PackVersion)


def in_force_id(name: str) -> UUID | None:
    try:
        return version_in_force(name).pk
    except NotInForce:
        return None


@require_GET
def list_packs(request: HttpRequest) -> HttpResponse:
    counts = dict(PackVersion.objects.values_list("name").annotate(Count("pk")))
    rows = PackVersion.objects.in_force(timezone.localdate()).defer("content")
    packs = [{"edition": row, "kind": KINDS.get(row.kind, row.kind), "count": counts[row.name]} for row in rows]
    order = list(KINDS)
    packs.sort(key=lambda one: (order.index(one["edition"].kind), one["edition"].title))
    words = request.GET.get("q", "").strip()
    found = Clause.objects.filter(queries.matching(words)).select_related("pack")[:50] if words else []
    context = {"packs": packs, "words": words, "found": found, "reason": publishing_refusal(request)}
    return render(request, "norms/clause/list.html", context)


@require_GET
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """Every edition of a pack, newest first, each with a link to what it changed."""
    rows = list(editions().filter(name=name))
    if not rows:
        raise Http404
    pairs = [{"edition": row, "before": before} for row, before in zip(rows, [*rows[1:], None], strict=True)]
    context = {"pack": rows[0], "editions": pairs, "in_force": in_force_id(name), "reason": publishing_refusal(request)}
    return render(request, "norms/clause/pack.html", context)


@require_GET
def edition(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(editions(), pk=pk)
    found, words = pack_of(row), request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "edition": row,
        "pack": found,
        "mark": _mark(found.mark),
        "kind": KINDS.get(row.kind, row.kind),
        "is_in_force": in_force_id(row.name) == row.pk,
        "words": words,
    }
    if row.kind == "rules":
        rows = Clause.objects.filter(queries.matching(words), pack=row).order_by("position")
        kinds = {entry.code: entry.kind for entry in found.entries}
        clauses = [one for one in rows if kinds[one.code] == "clause"]
        context |= {"branches": queries.tree(clauses), "others": [one for one in rows if kinds[one.code] != "clause"]}
    else:
        context["tables"] = _tables(found, words)
    return render(request, "norms/clause/edition.html", context)


def _mark(mark: str) -> dict[str, str]:
    return {"label": Mark(mark).label, "tone": MARK_TONES.get(mark, "grey")} if mark else {}


def _tables(found: Pack, words: str) -> list[dict[str, Any]]:
    """The entries by kind: a column for each field that any of them fills."""
    tables = []
    for kind in dict.fromkeys(entry.kind for entry in found.entries):
        entries = [entry for entry in found.of_kind(kind) if words in f"{entry.code} {entry.title} {entry.text}"]
        fields = [f for f in dict.fromkeys(f for e in entries for f in e.data) if any(e.data[f] for e in entries)]
        lines = [{"entry": entry, "values": [shown(entry.data[f]) for f in fields]} for entry in entries]
        if lines:
            term = (type(entries[0]).__doc__ or kind).partition(":")[0]
            tables.append({"title": term, "fields": [field_label(f) for f in fields], "lines": lines})
    return tables


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = get_object_or_404(Clause.objects.select_related("pack"), pk=pk)
    entry = pack_of(record.pack_id).entry(record.code)
    siblings = Clause.objects.filter(pack_id=record.pack_id)
    context = {
        "record": record,
        "entry": entry,
        "facts": [
            (field_label(field), shown(value)) for field, value in entry.data.items() if value and field != "quote"
        ],
        "mark": _mark(record.mark),
        "parent": siblings.filter(code=record.parent_code).first() if record.parent_code else None,
        "children": siblings.filter(parent_code=record.code),
        "bases": [found for cited in entry.basis if (found := _cited(cited))],
        "obliged": [one for one in siblings if _obliges(record, one)],
        "citations": queries.citations(record, request.user),
        "editions": queries.other_editions(record),
    }
    return render(request, "norms/clause/detail.html", context)


def _cited(reference: str) -> Clause | None:
    try:
        return queries.clause(reference)
    except (LookupError, Clause.DoesNotExist):
        return None


def _obliges(record: Clause, other: Clause) -> bool:
    """Whether the other entry of the same edition is an obligation that rests on this clause."""
    entry = pack_of(record.pack_id).entry(other.code)
    return entry.kind == "obligation" and f"{record.pack.name}.{record.code}" in entry.basis


@require_GET
def compare(request: HttpRequest, old: UUID, new: UUID) -> HttpResponse:
    before, after = (get_object_or_404(editions(), pk=pk) for pk in (old, new))
    if before.name != after.name:
        raise Http404
    changes = difference(pack_of(before), pack_of(after))
    return render(request, "norms/clause/compare.html", {"before": before, "after": after, "changes": changes})


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A file is checked; when it is whole, what it would change is shown before anything is published."""
    reason = publishing_refusal(request)
    if reason:
        raise Refused(reason)
    form = PackFile(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid() or form.pack is None:
        status = 200 if request.method == "GET" else 422
        return render(request, "norms/clause/upload.html", {"form": form, "problems": form.problems}, status=status)
    return _preview(request, form.pack)


def _preview(request: HttpRequest, found: Pack) -> HttpResponse:
    known = editions().filter(name=found.name)
    same = known.filter(edition=found.version).first()
    last = known.first()
    changes = difference(pack_of(last), found) if last else []
    context = {"pack": found, "same": same, "last": last, "changes": changes, "content": to_yaml(found)}
    return render(request, "norms/clause/preview.html", context)


@require_POST
def publish_pack(request: HttpRequest) -> HttpResponse:
    """Publish what the preview showed; it is read and checked again."""
    try:
        found = read(request.POST.get("content", "").encode(), "yaml")
    except PackError as error:
        context = {"form": PackFile(), "problems": error.problems}
        return render(request, "norms/clause/upload.html", context, status=422)
    row = publish(found, by=request.user)
    messages.success(request, _("已发布%(title)s %(edition)s。") % {"title": row.title, "edition": row.edition})
    return redirect("clause:edition", row.pk)


@require_GET
def export(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    row = get_object_or_404(editions(), pk=pk)
    found = pack_of(row)
    content, kind = (to_sheet(found), XLSX) if form == "xlsx" else (to_yaml(found).encode(), "application/yaml")
    response = HttpResponse(content, content_type=kind)
    name = row.name if form == "yaml" else f"{row.name}-{row.edition}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


urlpatterns = [
    path("", list_packs, name="list"),
    path("pack/<slug:name>/", pack, name="pack"),
    path("edition/<uuid:pk>/", edition, name="edition"),
    path("edition/<uuid:pk>/yaml/", export, {"form": "yaml"}, name="yaml"),
    path("edition/<uuid:pk>/xlsx/", export, {"form": "xlsx"}, name="xlsx"),
    path("compare/<uuid:old>/<uuid:new>/", compare, name="compare"),
    path("upload/", upload, name="upload"),
    path("publish/", publish_pack, name="publish"),
    path("<uuid:pk>/", detail, name="detail"),
]
navigation.register("norms", gettext_lazy("规则包与条款"), "clause:list", icon="books", order=10)
