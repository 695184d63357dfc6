"""举报办理比率: the rates of a quarter, half-year or year."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.rates import queries
from yuanqing.cases.release.pages import PARTS, asked
from yuanqing.cases.release.rules import months_of
from yuanqing.kernel.packs.published import current
from yuanqing.shell import navigation


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    if not queries.may_see(request.user):
        raise Http404
    year, part = asked(request)
    this = timezone.localdate().year
    context: dict[str, Any] = {
        "rates": queries.rates(months_of(year, part)),
        "smallest": int(current("cases").entry("smallest_cell").value),
        "year": year,
        "part": part,
        "title": PARTS[part],
        "years": range(this, this - 5, -1),
        "parts": list(PARTS.items()),
    }
    return render(request, "cases/rates/list.html", context)


navigation.register(
    "enforcement",
    gettext_lazy("办理比率"),
    "rates:list",
    icon="chart-dots",
    order=61,
    when=queries.may_see,
)

urlpatterns = [path("", list_, name="list")]
