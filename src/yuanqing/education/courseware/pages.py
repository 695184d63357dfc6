"""课件: learning with one, with reports to the server; for those above the results; the files of a package in their sandbox."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.education.activity.pages import visible as of_activity
from yuanqing.education.courseware import actions, forms, queries
from yuanqing.education.courseware.lifecycle import RUN_LIFECYCLE
from yuanqing.education.courseware.models import STATUSES, Courseware, Run
from yuanqing.education.courseware.policies import PACKAGE
from yuanqing.kernel.acts import Refused, refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, part_page, told
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 课件")
TONES = {"": "grey", "incomplete": "amber", "completed": "green", "passed": "green", "failed": "red"}


def visible(request: HttpRequest, pk: UUID) -> Courseware:
    rows = Courseware.objects.visible_to(request.user).select_related("unit", "activity__campaign")
    found: Courseware = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its parts with where the reader stands; to those above the acts, the package and the results."""
    record = visible(request, pk)
    account: Any = request.user
    manages = account.can("education.courseware.view")
    own, package = queries.own(record, account), queries.package(record) if manages else None
    look = queries.look(package) if package and record.state == "draft" else None
    shown = record_context(
        record, by=account, url=lambda step: reverse(f"courseware:{step}", args=[pk]), asks={"withdraw": _("撤下的理由")}
    )  # fmt: skip
    context = {
        **shown,
        "buttons": [b for b in shown["buttons"] if not b.reason] if manages else [],
        "forms": ("edit",),
        "manages": manages,
        "package": package,
        "look": look,
        "fault": actions.faults()[look.fault] if look and look.fault else "",
        "upload": PACKAGE,
        "may_upload": record.state == "draft" and not refusal("edit", record, by=account),
        "own": own,
        "standings": queries.standings(record, own),
        "minutes": queries.seconds_counted(own) // 60,
    }
    return render(request, "education/courseware/detail.html", context)


@require_GET
def play(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The window in which a part is played; it is opened by the script, which asks for the ticket and the key."""
    record = visible(request, pk)
    if record.state != "published":
        raise Refused(_("这个课件还没有发布，或者已经撤下。"))
    part = next((one for one in queries.parts(record) if one.code == request.GET.get("part", one.code)), None)
    if part is None:
        raise Http404
    own = queries.own(record, request.user)
    context = {"record": record, "part": part, "own": own, "every": queries.parameter("courseware.every")}
    return render(request, "education/courseware/play.html", context)


@require_POST
def open_window(request: HttpRequest, pk: UUID) -> HttpResponse:
    def answer() -> dict[str, Any]:
        opened = actions.open_window(visible(request, pk), by=request.user, part=request.POST.get("part", "")[:200])
        address = reverse("courseware_content:file", args=[opened.key, opened.href.removeprefix("./")])
        return {"ticket": opened.ticket, "address": address}

    return told(answer)


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """The player hands on what the package says."""
    form = forms.Reported(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": _("报告不完整。")}, status=422)
    data = form.cleaned_data

    def answer() -> dict[str, Any]:
        heard = actions.report(data["ticket"], by=request.user, cmi=data["cmi"])
        return {**asdict(heard), "words": _in_words(heard)}

    return told(answer)


def _in_words(heard: actions.Heard) -> str:
    label = str(dict(STATUSES)[heard.status])
    words = {"label": label, "score": heard.score, "minutes": heard.seconds // 60}
    said = _("%(label)s，%(score)s 分；已学 %(minutes)s 分钟。") if heard.score is not None else _("%(label)s；已学 %(minutes)s 分钟。")  # fmt: skip
    return _("已学完，已经记下。") if heard.is_finished else said % words


class RunListing(Listing):
    name = "run"
    title = gettext_lazy("学习情况")
    order = "unit__path"
    columns = (
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("number", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("state", gettext_lazy("状态"), value="get_state_display", sort="state"),
        Column("status", gettext_lazy("课件报告的结果"), "badge", "get_status_display", tone=lambda r: TONES[r.status], sort="status", phone=True, link=Run.get_absolute_url),
        Column("score", gettext_lazy("课件报告的分数"), "number", sort="score"),
        Column("minutes", gettext_lazy("已学分钟"), "number", value=lambda r: int(r.desk.seconds) // 60, sort="desk__seconds"),
        Column("begun_at", gettext_lazy("开始时间"), "moment", sort="begun_at"),
        Column("finished_at", gettext_lazy("学完时间"), "moment", sort="finished_at"),
    )  # fmt: skip
    views = (View(gettext_lazy("没有学完"), "state=learning", Q(state="learning")),)
    empty = gettext_lazy("还没有人学")
    empty_hint = gettext_lazy("发布以后，每个人的结果列在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("state", gettext_lazy("状态"), list(RUN_LIFECYCLE.states.items())),
            Choice("status", gettext_lazy("课件报告的结果"), [one for one in STATUSES if one[0]]),
        )
        super().__init__(request, rows)


@require_GET
def runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    rows = queries.results(Run.objects.visible_to(request.user).filter(courseware=record))
    return RunListing(request, rows).respond("education/courseware/runs.html", {"record": record})


@require_GET
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person's learning: what the package says of each part, each question and each objective; for oneself and those above."""
    rows = Run.objects.visible_to(request.user).select_related("courseware__activity", "person", "unit", "desk")
    record: Run = get_object_or_404(rows, pk=pk)
    context = {
        "record": record,
        "courseware": record.courseware,
        "tone": TONES[record.status],
        "minutes": int(record.desk.seconds) // 60,
        "standings": queries.standings(record.courseware, record),
    }
    return render(request, "education/courseware/run.html", context)


add = part_page(
    "add", actions.add, of_activity, forms.Edit, model=Courseware, title=gettext_lazy("添加课件"), trail=TRAIL,
)  # fmt: skip


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改课件"), trail=TRAIL,
    initial=lambda record: {"title": record.title, "minutes": record.minutes},
)  # fmt: skip
publish, withdraw = button_page(actions.publish, visible), button_page(actions.withdraw, visible, "reason")

urlpatterns = [
    path("add/<uuid:activity>/", add, name="add"),
    path("report/", report, name="report"),
    path("run/<uuid:pk>/", run, name="run"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/play/", play, name="play"),
    path("<uuid:pk>/open/", open_window, name="open_window"),
    path("<uuid:pk>/runs/", runs, name="runs"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/publish/", publish, name="publish"),
    path("<uuid:pk>/withdraw/", withdraw, name="withdraw"),
]
