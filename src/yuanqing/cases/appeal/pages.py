"""申诉复查: the register of appeals, one appeal, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.appeal import actions, forms, queries
from yuanqing.cases.appeal.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.sanction.queries import Codes
from yuanqing.kernel.acts import refusal
from yuanqing.kernel.packs.published import current
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("申诉复查")


def columns_of(codes: Remedies) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("申诉人"), value=lambda r: r.person.name, link=Appeal.get_absolute_url, sort="person__sort_key", phone=True),
        Column("kind", gettext_lazy("种类"), value=lambda r: codes.label("appeal_kind", r.kind), sort="kind"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: "grey" if r.state in ENDED else "accent", sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("filed_on", gettext_lazy("提出日期"), "day", sort="filed_on"),
        Column("outcome", gettext_lazy("复查结果"), value=lambda r: codes.label("appeal_outcome", r.outcome)),
        Column("unit", gettext_lazy("所在单位"), value=lambda r: r.unit.name, sort="unit__path", optional=True),
    )  # fmt: skip


class AppealListing(Listing):
    name = "appeal"
    title = TITLE
    order = "-filed_on"
    empty = gettext_lazy("没有申诉")
    empty_hint = gettext_lazy("受处分人自己可以提出；收到书面申诉的，点“提出申诉”登记。")
    views = (
        View(gettext_lazy("待受理"), "state=filed", Q(state="filed")),
        View(gettext_lazy("复查中"), "state=accepted", Q(state="accepted")),
        View(gettext_lazy("待决定"), "state=reviewed", Q(state="reviewed")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Remedies()
    rows: Any = Appeal.objects.visible_to(request.user).select_related("person", "unit")
    filters = (
        Search("q", gettext_lazy("姓名或文号"), ("person__name", "document")),
        Choice("kind", gettext_lazy("种类"), codes.choices("appeal_kind")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("outcome", gettext_lazy("复查结果"), codes.choices("appeal_outcome")),
        Dates("filed", gettext_lazy("提出日期"), "filed_on"),
    )
    listing = AppealListing(request, rows, columns=columns_of(codes), filters=filters)
    may_file = not refusal("file", None, by=request.user, model=Appeal)
    context = {
        "trail": DUTY,
        "subtitle": _("复查、决定由没有参加过原案的人办理；复查期间不停止原决定的执行。"),
        "actions": [(_("提出申诉"), reverse("appeal:file"))] if may_file else [],
        "late": rows.exclude(state__in=ENDED).filter(due_on__lt=timezone.localdate()).count(),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    codes, deadlines = Remedies(), current("deadlines").by_code
    sees = record.person_id != account.person_id and account.can("cases.sanction.view", record.unit)
    href = reverse("sanction:detail", args=[record.sanction_id]) if sees else ""
    yield Fact(gettext_lazy("处分"), Codes().label(record.against), href=href)
    yield Fact(gettext_lazy("种类"), codes.label("appeal_kind", record.kind))
    yield Fact(gettext_lazy("知道决定的日期"), record.known_on, "day")
    yield Fact(gettext_lazy("提出日期"), record.filed_on, "day")
    if record.is_late:
        yield Fact(gettext_lazy("提出期限"), _("已超过"))
    yield Fact(gettext_lazy("期限"), record.due_on, "clock")
    if record.due in deadlines:
        yield Fact(gettext_lazy("期限种类"), deadlines[record.due].label)
    yield Fact(gettext_lazy("受理日期"), record.accepted_on, "day")
    if record.person_id != account.person_id:  # who reviews it is not the appellant's business
        yield Fact(gettext_lazy("复查人"), record.reviewer)
        yield Fact(gettext_lazy("建议"), codes.label("appeal_outcome", record.proposal))
    yield Fact(gettext_lazy("复查结果"), codes.label("appeal_outcome", record.outcome))
    yield Fact(gettext_lazy("决定文号"), record.document)
    yield Fact(gettext_lazy("决定日期"), record.decided_on, "day")
    yield Fact(gettext_lazy("告知日期"), record.told_on, "day")


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("申诉理由"), record.grounds)
    if record.person_id != account.person_id:
        yield Passage(gettext_lazy("复查意见"), record.report)
    yield Passage(gettext_lazy("理由"), record.reason)


def papers(record: Any, account: Any) -> Iterator[tuple[Any, str]]:
    if record.state in ("decided", "told"):
        for kind in ("docx", "pdf"):
            yield f"{_('复查决定书')} {kind.upper()}", reverse("paperwork:review", args=[record.pk, kind])


PAGES = RecordPages(
    Appeal, "appeal", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages,
    related=("person", "unit", "reviewer"), papers=papers,
)  # fmt: skip
detail = PAGES.detail
file = PAGES.create("file", forms.File, actions.file, gettext_lazy("申诉期间不停止原决定的执行，也不因申诉加重处分。"))
accept = PAGES.act("accept", forms.Accept, actions.accept, gettext_lazy("受理以后，答复期限从今天起算。"))
review = PAGES.act("review", forms.Review, actions.review)
return_review = PAGES.act("return_review", ReasonForm, actions.return_review)
decide = PAGES.act(
    "decide",
    forms.Decide,
    actions.decide,
    gettext_lazy("变更、撤销的，原处分随之撤销，影响期重新计算；变更后的处分另行登记。"),
)
tell = PAGES.act("tell", forms.Tell, actions.tell)
decline = PAGES.act("decline", ReasonForm, actions.decline, gettext_lazy("本人能看到理由。"))
withdraw = PAGES.act("withdraw", ReasonForm, actions.withdraw)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.appeal.view"):
        return []
    counts, address = queries.waiting(account), reverse("appeal:list")
    lines = (
        ("accept", _("%(count)d 件申诉等待受理"), "?state=filed", _("去办理")),
        ("review", _("%(count)d 件申诉由您复查"), "?state=accepted", _("去办理")),
        ("decide", _("%(count)d 件申诉等待决定"), "?state=reviewed", _("去办理")),
        ("tell", _("%(count)d 件申诉等待告知本人"), "?state=decided", _("去办理")),
        ("late", _("%(count)d 件申诉已经过期"), "?order=due_on", _("去办理")),
    )
    needs = {key: f"cases.appeal.{key}" for key in ("accept", "decide", "tell")}
    return counted(account, counts, lines, address, "speech.4.8", needs)


navigation.register(
    "enforcement", TITLE, "appeal:list", icon="scale", order=42,
    when=lambda account: account.can("cases.appeal.view"),
)  # fmt: skip

ACTS = ("accept", "review", "return_review", "decide", "tell", "decline", "withdraw")
urlpatterns = [
    path("", list_, name="list"),
    path("file/", file, name="file"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
