"""统计公布: the line of a quarter, half-year or year, as it is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.release import queries
from yuanqing.cases.release.rules import months_of
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.published import current
from yuanqing.shell import navigation

PARTS = {
    "year": gettext_lazy("全年"),
    "h1": gettext_lazy("上半年"),
    "h2": gettext_lazy("下半年"),
    "q1": gettext_lazy("第一季度"),
    "q2": gettext_lazy("第二季度"),
    "q3": gettext_lazy("第三季度"),
    "q4": gettext_lazy("第四季度"),
}


def asked(request: HttpRequest) -> tuple[int, str]:
    """The year and the part asked for; this year for what is no year."""
    this = timezone.localdate().year
    given = request.GET.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and 2000 <= int(given) <= this else this
    part = request.GET.get("part", "year")
    return year, part if part in PARTS else "year"


def period_page(
    request: HttpRequest, template: str, numbers: Callable[[Sequence[Month]], dict[str, Any]]
) -> HttpResponse:
    """A page of what `numbers` says of the months asked for, with the choice of the period."""
    year, part = asked(request)
    this = timezone.localdate().year
    context: dict[str, Any] = {
        **numbers(months_of(year, part)),
        "smallest": int(current("cases").entry("smallest_cell").value),
        "year": year,
        "part": part,
        "title": PARTS[part],
        "years": range(this, this - 5, -1),
        "parts": list(PARTS.items()),
    }
    return render(request, template, context)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    if not queries.may_see(request.user):
        raise Http404
    return period_page(request, "cases/release/list.html", lambda months: {"line": queries.line(months)})


navigation.register(
    "enforcement",
    gettext_lazy("统计公布"),
    "release:list",
    icon="chart-bar",
    order=60,
    when=queries.may_see,
)

urlpatterns = [path("", list_, name="list")]
