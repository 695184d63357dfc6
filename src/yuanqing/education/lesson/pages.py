"""课程: watching one, with reports to the server; for those above who has watched how much; a form for each act."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.education.activity.pages import visible as of_activity
from yuanqing.education.lesson import actions, forms, queries, rules
from yuanqing.education.lesson.lifecycle import VIEWING_LIFECYCLE
from yuanqing.education.lesson.models import Lesson, Viewing
from yuanqing.education.lesson.policies import VIDEO
from yuanqing.kernel.acts import refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, part_page, told
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 课程")
VERDICTS = {
    "hidden": gettext_lazy("页面不在眼前，这一段不算。"), "fast": gettext_lazy("快进或者跳过的，这一段不算。"),
    "gap": gettext_lazy("隔得太久，这一段不算。"), "back": "", "stale": "", "": "",
}  # fmt: skip


def visible(request: HttpRequest, pk: UUID) -> Lesson:
    rows = Lesson.objects.visible_to(request.user).select_related("unit", "activity__campaign")
    found: Lesson = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The film to those invited, with how much of it counts; to those above the acts and the list of viewers."""
    record = visible(request, pk)
    account: Any = request.user
    manages = account.can("education.lesson.view")
    own = queries.own(record, account)
    film = queries.film(record)
    shown = record_context(
        record, by=account, url=lambda step: reverse(f"lesson:{step}", args=[pk]), asks={"withdraw": _("撤下的理由")}
    )  # fmt: skip
    context = {
        **shown,
        "buttons": [b for b in shown["buttons"] if not b.reason] if manages else [],
        "forms": ("edit",),
        "manages": manages,
        "film": film,
        "upload": VIDEO,
        "may_upload": record.state == "draft" and not refusal("edit", record, by=account),
        "own": own,
        "share": queries.share_of(own, record.seconds) if own else 0,
        "least": queries.parameter("lesson.share"),
        "every": queries.parameter("lesson.every"),
        "gap": queries.parameter("lesson.gap"),
        "minutes": -(-record.seconds // 60),
    }
    return render(request, "education/lesson/detail.html", context)


class ViewingListing(Listing):
    name = "viewing"
    title = gettext_lazy("观看情况")
    order = "unit__path"
    columns = (
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("number", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("state", gettext_lazy("状态"), value="get_state_display", sort="state"),
        Column("share", gettext_lazy("看了多少"), "percent", value=lambda v: rules.share(v.progress.spans, v.lesson.seconds), phone=True),
        Column("begun_at", gettext_lazy("开始时间"), "moment", sort="begun_at"),
        Column("finished_at", gettext_lazy("看完时间"), "moment", sort="finished_at"),
        Column("refused", gettext_lazy("不算的段数"), "number", value=lambda v: sum(v.progress.refused.values())),
    )  # fmt: skip
    views = (View(gettext_lazy("没有看完"), "state=watching", Q(state="watching")),)
    empty = gettext_lazy("还没有人看")
    empty_hint = gettext_lazy("发布以后，每个人看了多少列在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("state", gettext_lazy("状态"), list(VIEWING_LIFECYCLE.states.items())),
        )
        super().__init__(request, rows)


@require_GET
def viewings(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    rows = Viewing.objects.visible_to(request.user).filter(lesson=record)
    rows = rows.select_related("person", "unit", "lesson", "progress")
    return ViewingListing(request, rows).respond("education/lesson/viewings.html", {"record": record})


@require_POST
def open_window(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The player asks for its first ticket."""
    return told(lambda: _in_words(actions.open_window(visible(request, pk), by=request.user)))


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """The player says where it is."""
    form = forms.Reported(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": _("报告不完整。")}, status=422)
    data = form.cleaned_data
    words = {"position": data["position"], "is_visible": data["visible"], "rate": data["rate"]}
    return told(lambda: _in_words(actions.report(data["ticket"], by=request.user, **words)))


def _in_words(said: actions.Told) -> dict[str, Any]:
    return {**asdict(said), "words": str(VERDICTS[said.verdict])}


add = part_page(
    "add", actions.add, of_activity, forms.Edit, model=Lesson, title=gettext_lazy("添加课程"), trail=TRAIL,
)  # fmt: skip


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改课程"), trail=TRAIL,
    initial=lambda record: {"title": record.title, "seconds": record.seconds},
)  # fmt: skip
publish, withdraw = button_page(actions.publish, visible), button_page(actions.withdraw, visible, "reason")

urlpatterns = [
    path("add/<uuid:activity>/", add, name="add"),
    path("report/", report, name="report"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/viewings/", viewings, name="viewings"),
    path("<uuid:pk>/open/", open_window, name="open_window"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/publish/", publish, name="publish"),
    path("<uuid:pk>/withdraw/", withdraw, name="withdraw"),
]
