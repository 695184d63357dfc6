"""廉政意见回复: the register, one opinion, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.keyring.pages import keyed_page
from yuanqing.cases.keyring.queries import unlocked
from yuanqing.cases.opinion import actions, forms, queries
from yuanqing.cases.opinion.lifecycle import LIFECYCLE
from yuanqing.cases.opinion.models import Opinion
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import insist, refusal
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("廉政意见")
TONES = {"asked": "accent", "drafted": "amber", "answered": "green"}


def columns_of(codes: Remedies) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("征求意见对象"), value=lambda r: r.person.name, link=Opinion.get_absolute_url, sort="person__sort_key", phone=True),
        Column("purpose", gettext_lazy("事由"), value=lambda r: codes.label("opinion_purpose", r.purpose), sort="purpose"),
        Column("unit", gettext_lazy("所在单位"), value=lambda r: r.unit.name, sort="unit__path"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("asked_by", gettext_lazy("征求意见单位"), sort="asked_by"),
        Column("answer", gettext_lazy("意见"), value=lambda r: codes.label("opinion_answer", r.answer)),
        Column("signed_on", gettext_lazy("回复日期"), "day", sort="signed_on", optional=True),
    )  # fmt: skip


class OpinionListing(Listing):
    name = "opinion"
    title = TITLE
    order = "-asked_on"
    empty = gettext_lazy("没有征求意见")
    empty_hint = gettext_lazy("组织人事部门来函征求意见的，点“登记征求意见”。")
    views = (
        View(gettext_lazy("待拟复"), "state=asked", Q(state="asked")),
        View(gettext_lazy("待签发"), "state=drafted", Q(state="drafted")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Remedies()
    rows: Any = Opinion.objects.visible_to(request.user).select_related("person", "unit")
    filters = (
        Search("q", gettext_lazy("姓名、单位或文号"), ("person__name", "asked_by", "letter", "document")),
        Choice("purpose", gettext_lazy("事由"), codes.choices("opinion_purpose")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("asked", gettext_lazy("来函日期"), "asked_on"),
    )
    listing = OpinionListing(request, rows, columns=columns_of(codes), filters=filters)
    may_register = not refusal("register", None, by=request.user, model=Opinion)
    context = {
        "trail": DUTY,
        "subtitle": _("提拔、评优以前征求纪检机关意见：查影响期、查在办问题，由另一人签发。"),
        "actions": [(_("登记征求意见"), reverse("opinion:register"))] if may_register else [],
        "late": rows.filter(state__in=("asked", "drafted"), due_on__lt=timezone.localdate()).count(),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    codes = Remedies()
    yield Fact(gettext_lazy("征求意见对象"), record.person.name)
    yield Fact(gettext_lazy("所在单位"), record.unit.name)
    yield Fact(gettext_lazy("事由"), codes.label("opinion_purpose", record.purpose))
    yield Fact(gettext_lazy("征求意见单位"), record.asked_by)
    yield Fact(gettext_lazy("来函文号"), record.letter)
    yield Fact(gettext_lazy("来函日期"), record.asked_on, "day")
    yield Fact(gettext_lazy("期限"), record.due_on, "clock")
    yield Fact(gettext_lazy("查对日期"), record.checked_on, "day")
    yield Fact(gettext_lazy("意见"), codes.label("opinion_answer", record.answer))
    yield Fact(gettext_lazy("回复文号"), record.document)
    yield Fact(gettext_lazy("回复日期"), record.signed_on, "day")


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("影响期"), lines=record.periods)
    yield Passage(gettext_lazy("说明"), record.remark)


def papers(record: Any, account: Any) -> Iterator[tuple[Any, str]]:
    if record.state == "answered":
        for kind in ("docx", "pdf"):
            yield f"{_('回复函')} {kind.upper()}", reverse("paperwork:opinion", args=[record.pk, kind])


PAGES = RecordPages(
    Opinion, "opinion", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages, related=("person", "unit"),
    papers=papers,
)  # fmt: skip
detail = PAGES.detail
register = PAGES.create("register", forms.Register, actions.register)
return_draft = PAGES.act("return_draft", ReasonForm, actions.return_draft)
sign = PAGES.act("sign", forms.Sign, actions.sign, gettext_lazy("签发时再查一遍影响期；有变化的要重拟。"))
cancel = PAGES.act("cancel", ReasonForm, actions.cancel)


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Needs the unlocked key: what is under way is looked for in the files."""
    record = PAGES.visible(request, pk)
    insist("draft", record, by=request.user)
    key = unlocked(request)
    given = request.POST if request.method == "POST" else None
    form = forms.Draft(given, initial={"version": record.version}, record=record, account=request.user)
    periods = queries.running_periods(record.person, timezone.localdate())
    told = _("影响期：%(what)s。") % {"what": "；".join(periods)} if periods else _("没有在影响期内的处分。")
    if key is not None:
        count = queries.matters_under_way(request.user, key, record.person)
        told += _("您能打开的案卷里，正在办理的涉及此人的有 %(count)d 件（不写入回复）。") % {"count": count}

    def perform(key: Unlocking, **values: Any) -> Any:
        actions.draft(record, by=request.user, expected_version=form.cleaned_data["version"], key=key, **values)
        return record

    words = {"title": _("拟复廉政意见"), "trail": f"{DUTY} · {TITLE}", "note": told, "about": str(record)}
    return keyed_page(request, key, form, perform, back=record.get_absolute_url(), **words)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.opinion.view"):
        return []
    counts = Opinion.objects.visible_to(account).order_by().aggregate(
        draft=Count("pk", filter=Q(state="asked")), sign=Count("pk", filter=Q(state="drafted"))
    )  # fmt: skip
    lines = (
        ("draft", _("%(count)d 份廉政意见等待拟复"), "?state=asked", _("去办理")),
        ("sign", _("%(count)d 份廉政意见等待签发"), "?state=drafted", _("去办理")),
    )
    needs = {"draft": "cases.opinion.draft", "sign": "cases.opinion.sign"}
    return counted(account, counts, lines, reverse("opinion:list"), "speech.4.8", needs)


navigation.register(
    "enforcement", TITLE, "opinion:list", icon="file-certificate", order=50,
    when=lambda account: account.can("cases.opinion.view"),
)  # fmt: skip

ACTS = ("draft", "return_draft", "sign", "cancel")
urlpatterns = [
    path("", list_, name="list"),
    path("register/", register, name="register"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
