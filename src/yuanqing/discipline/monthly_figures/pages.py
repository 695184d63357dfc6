"""The figures of a closed month as they were frozen: what each means, and one of them by unit."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yuanqing.discipline.monthly_return.queries import FORM
from yuanqing.discipline.review import queries
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month
from yuanqing.org.unit.models import Unit, within


@require_GET
def detail(request: HttpRequest, month: str) -> HttpResponse:
    """All figures with their definitions; with `?figure=` one of them, unit by unit."""
    try:
        on = Month.parse(month).first_day
    except ValueError as error:
        raise Http404 from error
    rows = MonthlyReview.objects.visible_to(request.user).select_related("period")
    review = get_object_or_404(rows, period__form=FORM, period__month_on=on)
    known = figures.registered()
    name = request.GET.get("figure", "")
    if name and name not in known:
        raise Http404
    context: dict[str, Any] = {"review": review, "month": review.period.month, "chosen": known.get(name)}
    if name:
        context |= by_unit(request, review, known[name])
    else:
        context["figures"] = [known[n] for n in sorted(known)]
    return render(request, "discipline/monthly_figures/detail.html", context)


def by_unit(request: HttpRequest, review: MonthlyReview, figure: figures.Figure) -> dict[str, Any]:
    """The units within the reader's scope that are not at zero, and their sum."""
    spans = ("month", "year") if figure.accumulates else ("month",)
    values = {span: queries.frozen_by_unit(review, [figure.name], span) for span in spans}
    ids = {unit for known in values.values() for _name, unit in known}
    scopes = request.user.scopes("discipline.review.view")  # type: ignore[union-attr]
    units = Unit.objects.filter(within(scopes), pk__in=ids).order_by("path")
    page = Paginator(units, 100).get_page(request.GET.get("page"))
    seen = {str(pk) for pk in units.values_list("pk", flat=True)}
    lines = [(unit, [values[s].get((figure.name, str(unit.pk)), 0) for s in spans]) for unit in page]
    sums = [sum(v for (_n, unit), v in values[s].items() if unit in seen) for s in spans]
    return {"page": page, "lines": lines, "sums": sums, "heads": [_("当月"), _("本年累计")][: len(spans)]}


urlpatterns = [path("<str:month>/", detail, name="detail")]
