"""举报办理比率: the rates of a quarter, half-year or year."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.rates import queries
from yuanqing.cases.release.pages import period_page
from yuanqing.shell import navigation


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    if not queries.may_see(request.user):
        raise Http404
    return period_page(
        request, "cases/rates/list.html", lambda year, part: {"rates": queries.rates(year, part, request.user)},
        queries.parts_for(request.user),
    )  # fmt: skip


navigation.register(
    "enforcement",
    gettext_lazy("办理比率"),
    "rates:list",
    icon="chart-dots",
    order=61,
    when=queries.may_see,
)

urlpatterns = [path("", list_, name="list")]
