"""到期清单: queue by queue what is late and what runs out soon; each number leads to its rows."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.expiry import queries
from yuanqing.shell import navigation


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    if not queries.may_see(request.user):
        raise Http404
    found = queries.queues(request.user)
    context = {"queues": found, "late": sum(one.late for one in found), "week": sum(one.week for one in found)}
    return render(request, "cases/expiry/list.html", context)


navigation.register(
    "enforcement",
    gettext_lazy("到期清单"),
    "expiry:list",
    icon="clock",
    order=35,
    when=queries.may_see,
)

urlpatterns = [path("", list_, name="list")]
