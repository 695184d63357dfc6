"""以案促改: the register of what follows cases, one of them, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.case.models import Case
from yuanqing.cases.keyring.pages import keyed_page
from yuanqing.cases.keyring.queries import unlocked
from yuanqing.cases.redress import actions, forms, queries
from yuanqing.cases.redress.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.redress.models import Redress
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import insist
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("以案促改")
TONES = {"issued": "accent", "answered": "amber", "verified": "green"}


def columns_of(codes: Remedies) -> tuple[Column, ...]:
    return (
        Column("title", gettext_lazy("标题"), link=Redress.get_absolute_url, sort="title", phone=True),
        Column("kind", gettext_lazy("种类"), value=lambda r: codes.label("redress_kind", r.kind), sort="kind"),
        Column("unit", gettext_lazy("责任单位"), value=lambda r: r.unit.name, sort="unit__path", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on"),
        Column("effect", gettext_lazy("回访结果"), value=lambda r: codes.label("effect", r.effect)),
        Column("came_back", gettext_lazy("复发"), "badge", lambda r: _("又出现") if r.has_come_back else "", tone=lambda r: "red"),
        Column("issued_on", gettext_lazy("提出日期"), "day", sort="issued_on", optional=True),
        Column("returns", gettext_lazy("退回次数"), "number", sort="returns", optional=True),
    )  # fmt: skip


class RedressListing(Listing):
    name = "redress"
    title = TITLE
    order = "-issued_on"
    empty = gettext_lazy("没有以案促改事项")
    empty_hint = gettext_lazy("案件作出决定以后，在案卷页点“提出以案促改事项”。")
    views = (
        View(gettext_lazy("待落实"), "state=issued", Q(state="issued")),
        View(gettext_lazy("待回访"), "state=answered", Q(state="answered")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Remedies()
    rows: Any = queries.with_recurrence(Redress.objects.visible_to(request.user).select_related("unit"))
    filters = (
        Search("q", gettext_lazy("标题或单位"), ("title", "unit__name")),
        Choice("kind", gettext_lazy("种类"), codes.choices("redress_kind")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("effect", gettext_lazy("回访结果"), codes.choices("effect")),
        Dates("due", gettext_lazy("期限"), "due_on"),
    )
    listing = RedressListing(request, rows, columns=columns_of(codes), filters=filters)
    late = rows.exclude(state__in=ENDED).filter(due_on__lt=timezone.localdate()).count()
    subtitle = _("案件查出的漏洞由谁堵、什么时候堵、堵上没有；发出以后同一单位同一条款又出现的算复发。")
    return listing.respond("shell/record_list.html", {"trail": DUTY, "subtitle": subtitle, "late": late})


def facts(record: Any, account: Any) -> Iterator[Fact]:
    codes = Remedies()
    case = Case.objects.visible_to(account).filter(pk=record.case_id).first()
    if case is not None:
        yield Fact(gettext_lazy("立案"), case.number, href=case.get_absolute_url())
    yield Fact(gettext_lazy("种类"), codes.label("redress_kind", record.kind))
    yield Fact(gettext_lazy("责任单位"), record.unit.name, href=record.unit.get_absolute_url())
    if record.owner:
        yield Fact(gettext_lazy("责任人"), record.owner.name)
    yield Fact(gettext_lazy("对应条款"), queries.clauses().get(record.type, record.type))
    yield Fact(gettext_lazy("提出日期"), record.issued_on, "day")
    yield Fact(gettext_lazy("期限"), record.due_on, "clock")
    yield Fact(gettext_lazy("复发观察到"), record.watched_until, "day")
    yield Fact(gettext_lazy("退回次数"), record.returns or "")
    if record.answered_on:
        yield Fact(gettext_lazy("是否采纳"), _("采纳") if record.is_accepted else _("不采纳"))
        yield Fact(gettext_lazy("答复日期"), record.answered_on, "day")
        yield Fact(gettext_lazy("答复人"), record.answered_by)
    if record.verified_on:
        yield Fact(gettext_lazy("回访日期"), record.verified_on, "day")
        yield Fact(gettext_lazy("回访结果"), codes.label("effect", record.effect))
    if record.article_id:
        yield Fact(gettext_lazy("廉政栏目文章"), record.article.title, href=record.article.get_absolute_url())


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("内容"), record.text)
    yield Passage(gettext_lazy("答复"), record.answer)
    yield Passage(gettext_lazy("回访情况"), record.finding)
    yield Passage(gettext_lazy("撤回的理由"), record.withdrawal)
    if record.type and record.watched_until and account.can("discipline.violation.view", record.unit):
        again = queries.came_back(record).visible_to(account).order_by("received_on")
        yield Passage(gettext_lazy("同类问题又出现"), lines=[f"{one.received_on} {one.number}" for one in again[:20]])


def papers(record: Any, account: Any) -> Iterator[tuple[Any, str]]:
    if record.kind != "lesson" and record.state != "withdrawn":
        for kind in ("docx", "pdf"):
            yield f"{_('建议书')} {kind.upper()}", reverse("paperwork:recommendation", args=[record.pk, kind])


PAGES = RecordPages(
    Redress, "redress", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages,
    related=("unit", "owner", "answered_by", "article"), papers=papers,
)  # fmt: skip
detail = PAGES.detail
answer = PAGES.act("answer", forms.Answer, actions.answer, gettext_lazy("答复由责任单位负责人签发，算作履行。"))
send_back = PAGES.act("send_back", ReasonForm, actions.send_back, gettext_lazy("没有整改的退回，期限重新计算。"))
verify = PAGES.act("verify", forms.Verify, actions.verify, gettext_lazy("到现场回访，不只看答复。"))
teach = PAGES.act(
    "teach", forms.Teach, actions.teach, gettext_lazy("由提出人以外的人核对脱敏；投到廉政栏目，是草稿，还要审核。")
)
withdraw = PAGES.act("withdraw", ReasonForm, actions.withdraw)


@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, case: UUID) -> HttpResponse:
    """What one case asks of a unit; the file must be unlocked, so that the names in it can be looked for in the text."""
    record = get_object_or_404(Case.objects.visible_to(request.user).select_related("key", "unit"), pk=case)
    insist("issue", None, by=request.user, model=Redress)
    form = forms.Issue(request.POST if request.method == "POST" else None, account=request.user)

    def perform(key: Unlocking, **values: Any) -> Any:
        return actions.issue(by=request.user, case=record, secret=key.secret_of(record.key), **values)

    note = _("责任单位看得到，打不开案卷：不写案件涉及的人，系统会核对姓名。")
    words = {"title": _("提出以案促改事项"), "trail": f"{DUTY} · {TITLE}", "note": note, "about": record.number}
    return keyed_page(request, unlocked(request), form, perform, back=record.get_absolute_url(), **words)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Answers to be re-visited and lessons to be checked; what a unit owes stands among its obligations."""
    if not account.can("cases.redress.verify") and not account.can("cases.redress.teach"):
        return []
    counts, address = queries.waiting(account), reverse("redress:list")
    lines = (
        ("verify", _("%(count)d 件以案促改事项等待回访"), "?state=answered", _("去看看")),
        ("teach", _("%(count)d 件警示教育等待核对脱敏"), "?state=issued&kind=lesson", _("去看看")),
        ("late", _("%(count)d 件以案促改事项已经过期"), "?order=due_on", _("去看看")),
    )
    needs = {"verify": "cases.redress.verify", "teach": "cases.redress.teach"}
    return counted(account, counts, lines, address, "speech.4.7", needs)


navigation.register(
    "enforcement", TITLE, "redress:list", icon="tool", order=45,
    when=lambda account: account.can("cases.redress.view"),
)  # fmt: skip

ACTS = ("answer", "send_back", "verify", "teach", "withdraw")
urlpatterns = [
    path("", list_, name="list"),
    path("issue/<uuid:case>/", issue, name="issue"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
