"""期限暂停: the pauses of matters one can open, one pause, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.pause import actions, forms, queries
from yuanqing.cases.pause.actions import NAMES
from yuanqing.cases.pause.lifecycle import LIFECYCLE
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.petition.queries import clock_label, ended
from yuanqing.kernel.acts import insist
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Search
from yuanqing.shell.form_page import form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages, named
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("期限暂停")
TONES = {"asked": "amber", "running": "accent"}
COLUMNS = (
    Column("matter", gettext_lazy("事项"), "code", str, link=Pause.get_absolute_url, phone=True),
    Column("clock", gettext_lazy("暂停的期限"), value=lambda r: clock_label(r.clock), sort="clock"),
    Column("ground", gettext_lazy("情形"), value=lambda r: queries.ground_label(r.ground), sort="ground"),
    Column("begins_on", gettext_lazy("暂停之日"), "day", sort="begins_on"),
    Column("question_on", gettext_lazy("恢复或询问日期"), "clock", lambda r: r.question_on or r.until, sort="question_on", phone=True, tone=ended),
    Column("resumed_on", gettext_lazy("恢复之日"), "day", sort="resumed_on"),
    Column("due_on", gettext_lazy("原到期日"), "day", sort="due_on", optional=True),
    Column("moved_to", gettext_lazy("顺延后的到期日"), "day", sort="moved_to"),
    Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), sort="state", phone=True),
)  # fmt: skip


class PauseListing(Listing):
    name = "pause"
    title = TITLE
    order = "-begins_on"
    empty = gettext_lazy("没有暂停过期限")
    empty_hint = gettext_lazy("在信访举报、线索或者案件的页面上申请；哪些期限可以暂停，在规则包“期限暂停”里定。")
    views = (
        View(gettext_lazy("待审批"), "state=asked", Q(state="asked")),
        View(gettext_lazy("暂停中"), "state=running", Q(state="running")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows: Any = Pause.objects.visible_to(request.user).select_related("petition", "lead", "case")
    filters = (
        Search("q", gettext_lazy("编号"), ("petition__number", "lead__number", "case__number")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("ground", gettext_lazy("情形"), [(code, e.label) for code, e in queries.grounds().items()]),
    )
    listing = PauseListing(request, rows, columns=COLUMNS, filters=filters)
    context = {
        "trail": DUTY,
        "subtitle": _("暂停由另一人审批；暂停几天，到期日顺延几天；没有恢复日期的要有人回答是否仍须暂停。"),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    yield Fact(gettext_lazy("事项"), str(record.matter), href=record.matter.get_absolute_url())
    yield Fact(gettext_lazy("暂停的期限"), clock_label(record.clock))
    yield Fact(gettext_lazy("情形"), queries.ground_label(record.ground))
    yield Fact(gettext_lazy("原到期日"), record.due_on, "day")
    yield Fact(gettext_lazy("暂停之日"), record.begins_on, "day")
    yield Fact(gettext_lazy("恢复日期"), record.until, "day")
    is_running = record.state == "running"
    yield Fact(gettext_lazy("恢复或询问日期"), record.question_on, "clock" if is_running else "day")
    if is_running:
        label = gettext_lazy("今天恢复的话，到期日是")
        yield Fact(label, queries.moved(record, timezone.localdate()), "day")
    yield Fact(gettext_lazy("继续暂停次数"), record.kept_on or "")
    yield Fact(gettext_lazy("恢复之日"), record.resumed_on, "day")
    yield Fact(gettext_lazy("顺延后的到期日"), record.moved_to, "day")
    yield Fact(gettext_lazy("申请人"), str(record.asked_by or ""))
    yield Fact(gettext_lazy("审批人"), str(record.decided_by or ""))


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("理由"), record.reason)
    yield Passage(gettext_lazy("审批意见和文号"), record.document)


PAGES = RecordPages(
    Pause, "pause", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages,
    related=("petition", "lead__unit", "case__unit", "asked_by", "decided_by"),
)  # fmt: skip
detail = PAGES.detail
approve = PAGES.act(
    "approve", forms.Decide, actions.approve, gettext_lazy("从今天起停止计算；到恢复或询问日期进入到期清单。")
)
refuse = PAGES.act("refuse", forms.Decide, actions.refuse)
keep_on = PAGES.act("keep_on", forms.Decide, actions.keep_on, gettext_lazy("再过规则包写明的天数还要询问。"))
resume = PAGES.act(
    "resume", ReasonForm, actions.resume, gettext_lazy("到期日顺延暂停的天数；工作日的期限按剩下的工作日计算。")
)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    _name, matter = named(request, {name: model for model, name in NAMES.items()})
    insist("ask", None, by=request.user, model=Pause)
    given = request.POST if request.method == "POST" else None
    form = forms.Ask(given, account=request.user, clock=matter.due)
    note = _("%(number)s 正在走的期限：%(clock)s，%(day)s 到期。批准以前照常计算。") % {
        "number": matter, "clock": clock_label(matter.due), "day": matter.due_on or "—",
    }  # fmt: skip
    words: dict[str, Any] = {"title": _("申请暂停期限"), "back": matter.get_absolute_url(), "note": note}
    words |= {"trail": f"{DUTY} · {TITLE}", "about": matter}
    return form_page(request, form, lambda **values: actions.ask(by=request.user, matter=matter, **values), **words)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.pause.approve"):
        return []
    lines = (
        ("asked", _("%(count)d 项暂停期限的申请等待审批"), "?state=asked", _("去审批")),
        ("questioned", _("%(count)d 项暂停要回答是否仍须暂停"), "?state=running&order=question_on", _("去看看")),
    )
    return counted(account, queries.waiting(account), lines, reverse("pause:list"), "speech.4.4")


navigation.register(
    "enforcement", TITLE, "pause:list", icon="clock", order=36, when=lambda account: account.can("cases.pause.view")
)

urlpatterns = [
    path("", list_, name="list"),
    path("ask/", ask, name="ask"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/approve/", approve, name="approve"),
    path("<uuid:pk>/refuse/", refuse, name="refuse"),
    path("<uuid:pk>/keep-on/", keep_on, name="keep_on"),
    path("<uuid:pk>/resume/", resume, name="resume"),
]
