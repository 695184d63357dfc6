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

from yuanqing.cases.release import policies, queries
from yuanqing.cases.release.rules import latest_settled
from yuanqing.kernel import typed
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


def asked(request: HttpRequest, parts: Sequence[str]) -> tuple[int, str]:
    """The year and the part asked for; else this year, or what is shown to the reader already."""
    today = timezone.localdate()
    known = (today.year, "year") if policies.sees_running(request.user) else latest_settled(today, parts)
    given = typed.year(request.GET.get("year"), known[0])
    year = given if given <= today.year else known[0]
    part = request.GET.get("part", known[1])
    return year, part if part in parts else known[1]


def period_page(
    request: HttpRequest,
    template: str,
    numbers: Callable[[int, str], dict[str, Any]],
    parts: Sequence[str] = tuple(PARTS),
) -> HttpResponse:
    """A page of what `numbers` says of the span asked for, with the choice of the span; without them where it is not over."""
    year, part = asked(request, parts)
    this, refusal = timezone.localdate().year, policies.refusal(request.user, year, part)
    context: dict[str, Any] = {
        **({} if refusal else numbers(year, part)),
        "refusal": refusal,
        "is_running": policies.sees_running(request.user),
        "smallest": queries.smallest_cell(),
        "year": year,
        "part": part,
        "title": PARTS[part],
        "years": range(this, this - 5, -1),
        "parts": [(code, PARTS[code]) for code in parts],
    }
    return render(request, template, context)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    if not policies.may_see(request.user):
        raise Http404
    return period_page(
        request, "cases/release/list.html", lambda year, part: {"line": queries.line(year, part, request.user)}
    )


navigation.register(
    "enforcement",
    gettext_lazy("统计公布"),
    "release:list",
    icon="chart-bar",
    order=60,
    when=policies.may_see,
)

urlpatterns = [path("", list_, name="list")]
