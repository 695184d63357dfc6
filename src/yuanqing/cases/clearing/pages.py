"""澄清正名: the register, one clearing, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.clearing import actions, forms
from yuanqing.cases.clearing.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.clearing.models import Clearing
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import refusal
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("澄清正名")
TONES = {"proposed": "amber", "approved": "accent", "done": "green"}


def columns_of(codes: Remedies) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("本人"), value=lambda r: r.person.name, link=Clearing.get_absolute_url, sort="person__sort_key", phone=True),
        Column("way", gettext_lazy("澄清方式"), value=lambda r: codes.label("clearing_way", r.way), sort="way"),
        Column("unit", gettext_lazy("所在单位"), value=lambda r: r.unit.name, sort="unit__path"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("proposed_on", gettext_lazy("提出日期"), "day", sort="proposed_on"),
        Column("done_on", gettext_lazy("澄清日期"), "day", sort="done_on"),
        Column("start", gettext_lazy("启动方式"), value=lambda r: codes.label("clearing_start", r.start), optional=True),
    )  # fmt: skip


class ClearingListing(Listing):
    name = "clearing"
    title = TITLE
    order = "-proposed_on"
    empty = gettext_lazy("没有澄清")
    empty_hint = gettext_lazy("查否以后，承办部门可以提出；本人也可以书面申请。")
    views = (
        View(gettext_lazy("待批准"), "state=proposed", Q(state="proposed")),
        View(gettext_lazy("待澄清"), "state=approved", Q(state="approved")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Remedies()
    rows: Any = Clearing.objects.visible_to(request.user).select_related("person", "unit")
    filters = (
        Search("q", gettext_lazy("姓名"), ("person__name",)),
        Choice("way", gettext_lazy("澄清方式"), codes.choices("clearing_way")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("proposed", gettext_lazy("提出日期"), "proposed_on"),
    )
    listing = ClearingListing(request, rows, columns=columns_of(codes), filters=filters)
    may_propose = not refusal("propose", None, by=request.user, model=Clearing)
    context = {
        "trail": DUTY,
        "subtitle": _("反映不实、造成影响的，经负责人批准，用三种方式之一澄清；征得本人同意，只说结论。"),
        "actions": [(_("提出澄清"), reverse("clearing:propose"))] if may_propose else [],
        "late": rows.exclude(state__in=ENDED).filter(due_on__lt=timezone.localdate()).count(),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    codes = Remedies()
    yield Fact(gettext_lazy("本人"), record.person.name)
    yield Fact(gettext_lazy("所在单位"), record.unit.name)
    yield Fact(gettext_lazy("启动方式"), codes.label("clearing_start", record.start))
    yield Fact(gettext_lazy("澄清方式"), codes.label("clearing_way", record.way))
    yield Fact(gettext_lazy("通报范围"), record.range)
    if record.is_consented is not None:
        yield Fact(gettext_lazy("本人同意"), _("同意") if record.is_consented else _("不同意"))
    yield Fact(gettext_lazy("提出日期"), record.proposed_on, "day")
    yield Fact(gettext_lazy("期限"), record.due_on, "clock")
    yield Fact(gettext_lazy("批准日期"), record.decided_on, "day")
    yield Fact(gettext_lazy("澄清日期"), record.done_on, "day")
    if record.done_on:
        yield Fact(gettext_lazy("材料已入廉政档案"), _("是") if record.is_filed else _("否"))
        yield Fact(gettext_lazy("已告知组织人事部门"), _("是") if record.is_told_personnel else _("否"))


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("澄清内容"), record.result)
    yield Passage(gettext_lazy("理由"), record.reason)
    yield Passage(gettext_lazy("澄清情况"), record.account_of)


def papers(record: Any, account: Any) -> Iterator[tuple[Any, str]]:
    if record.state in ("approved", "done"):
        for kind in ("docx", "pdf"):
            yield f"{_('澄清函')} {kind.upper()}", reverse("paperwork:clearing", args=[record.pk, kind])


PAGES = RecordPages(
    Clearing,
    "clearing",
    duty=DUTY,
    trail=TITLE,
    title=str,
    facts=facts,
    passages=passages,
    related=("person", "unit"),
    papers=papers,
)
detail = PAGES.detail
propose = PAGES.create("propose", forms.Propose, actions.propose)
approve = PAGES.act("approve", ReasonForm, actions.approve)
carry_out = PAGES.act("carry_out", forms.CarryOut, actions.carry_out)
decline = PAGES.act("decline", ReasonForm, actions.decline)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.clearing.view"):
        return []
    others = Clearing.objects.visible_to(account).exclude(person=account.person_id)  # one's own is for others to decide
    counts = others.order_by().aggregate(
        approve=Count("pk", filter=Q(state="proposed")),
        carry_out=Count("pk", filter=Q(state="approved")),
    )  # fmt: skip
    lines = (
        ("approve", _("%(count)d 件澄清等待批准"), "?state=proposed", _("去办理")),
        ("carry_out", _("%(count)d 件澄清等待进行"), "?state=approved", _("去办理")),
    )
    needs = {"approve": "cases.clearing.approve", "carry_out": "cases.clearing.carry_out"}
    return counted(account, counts, lines, reverse("clearing:list"), "speech.4.8", needs)


navigation.register(
    "enforcement", TITLE, "clearing:list", icon="shield-check", order=48,
    when=lambda account: account.can("cases.clearing.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("propose/", propose, name="propose"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/approve/", approve, name="approve"),
    path("<uuid:pk>/carry-out/", carry_out, name="carry_out"),
    path("<uuid:pk>/decline/", decline, name="decline"),
]
