"""我的任务: long work asked for, how far it is and what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates
from yuanqing.shell.job.models import STATES, Job
from yuanqing.shell.listing import Column, Listing

TONES = {"waiting": "grey", "running": "accent", "done": "green", "failed": "red"}


class JobListing(Listing):
    """Long work of this account; of all accounts for whoever looks after the system."""

    name = "job"
    title = _("后台任务")
    order = "-asked_at"
    columns = (
        Column("title", _("名称"), link=lambda job: job.get_absolute_url(), phone=True),
        Column("state", _("状态"), "badge", "get_state_display", tone=lambda job: TONES[job.state], phone=True),
        Column("account", _("提交人")),
        Column("asked_at", _("提交时间"), "moment", sort="asked_at", phone=True),
        Column("ended_at", _("结束时间"), "moment"),
        Column("outcome", _("结果"), optional=True),
    )
    filters = (
        Choice("state", _("状态"), list(STATES.items()), facets=True),
        Dates("asked", _("提交日期"), "asked_at", is_instant=True),
    )
    empty = _("还没有后台任务")
    empty_hint = _("结账、批量导入等较长的工作会在这里显示进度。")


@require_GET
def list_jobs(request: HttpRequest) -> HttpResponse:
    rows = Job.objects.visible_to(request.user).select_related("account")
    return JobListing(request, rows).respond("shell/job/list.html")


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page; the fragment alone when it asks for itself each second."""
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("account"), pk=pk)
    fragment = request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
    template = "shell/job/progress.html" if fragment else "shell/job/detail.html"
    return render(request, template, {"job": job})


urlpatterns = [path("", list_jobs, name="list"), path("<uuid:pk>/", detail, name="detail")]
navigation.register("system", _("后台任务"), "job:list", icon="loader", order=60)
