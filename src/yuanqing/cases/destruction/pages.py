"""内容销毁: what is proposed and what was destroyed, with its certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.destruction import actions, forms, queries
from yuanqing.cases.destruction.lifecycle import LIFECYCLE
from yuanqing.cases.destruction.models import SUBJECTS, Destruction
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import refusal
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("内容销毁")
TONES = {"proposed": "amber", "destroyed": "grey", "refused": "accent"}


def columns_of(codes: Remedies) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("编号"), "code", link=Destruction.get_absolute_url, sort="number", phone=True),
        Column("subject", gettext_lazy("销毁对象"), value="get_subject_display", sort="subject"),
        Column("ground", gettext_lazy("依据"), value=lambda r: codes.label("destruction_ground", r.ground), sort="ground"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES[r.state], sort="state", phone=True),
        Column("ended_on", gettext_lazy("对象结束日期"), "day", sort="ended_on"),
        Column("decided_on", gettext_lazy("决定日期"), "day", sort="decided_on", phone=True),
        Column("values_count", gettext_lazy("销毁内容份数"), "number", sort="values_count"),
    )  # fmt: skip


class DestructionListing(Listing):
    name = "destruction"
    title = TITLE
    order = "-proposed_on"
    empty = gettext_lazy("没有提出销毁的内容")
    empty_hint = gettext_lazy("保存期满的，系统每夜提出；由人决定销毁。")
    views = (View(gettext_lazy("待决定"), "state=proposed", Q(state="proposed")),)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Remedies()
    filters = (
        Search("q", gettext_lazy("编号"), ("number",)),
        Choice("subject", gettext_lazy("销毁对象"), list(SUBJECTS.items())),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("decided", gettext_lazy("决定日期"), "decided_on"),
    )
    rows: Any = Destruction.objects.visible_to(request.user)
    listing = DestructionListing(request, rows, columns=columns_of(codes), filters=filters)
    may_propose = not refusal("propose", None, by=request.user, model=Destruction)
    context = {
        "trail": DUTY,
        "subtitle": _("销毁的是封存的内容和打开它的钥匙；编号、日期、经手人和台账永久保留，仍可核验。"),
        "actions": [(_("提出销毁内容"), reverse("destruction:propose"))] if may_propose else [],
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    yield Fact(gettext_lazy("销毁对象"), f"{record.get_subject_display()} {record.number}")
    yield Fact(gettext_lazy("对象结束日期"), record.ended_on, "day")
    yield Fact(gettext_lazy("依据"), Remedies().label("destruction_ground", record.ground))
    yield Fact(gettext_lazy("提出日期"), record.proposed_on, "day")
    yield Fact(gettext_lazy("提出人"), record.proposed_by or _("系统"))
    yield Fact(gettext_lazy("决定日期"), record.decided_on, "day")
    yield Fact(gettext_lazy("决定人"), record.decided_by)
    if record.state == "proposed":
        whole, said = queries.at_stake(record)
        yield Fact(gettext_lazy("将销毁的内容份数"), whole)
        yield Fact(gettext_lazy("其中集体审议的材料"), said or "")
    if record.state == "destroyed":
        yield Fact(gettext_lazy("销毁内容份数"), record.values_count)
        yield Fact(gettext_lazy("销毁密文字节数"), record.size)
        yield Fact(gettext_lazy("销毁密钥封装数"), record.wraps_count)


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("说明"), record.reason)
    yield Passage(gettext_lazy("决定理由"), record.decision)
    yield Passage(gettext_lazy("承诺值摘要（SHA-256）"), record.digest)


PAGES = RecordPages(
    Destruction, "destruction", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages,
    related=("unit", "proposed_by", "decided_by"),
)  # fmt: skip
detail = PAGES.detail
propose = PAGES.create("propose", forms.Propose, actions.propose)
carry_out = PAGES.act(
    "carry_out", ReasonForm, actions.carry_out,
    gettext_lazy("销毁以后谁也打不开，包括托管；不能恢复。旧备份到轮换时才没有。"),
)  # fmt: skip
refuse = PAGES.act("refuse", ReasonForm, actions.refuse)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.destruction.carry_out"):
        return []
    count = Destruction.objects.visible_to(account).filter(state="proposed").count()
    title, url = _("%(count)d 件封存内容等待决定是否销毁"), reverse("destruction:list") + "?state=proposed"
    return [Waiting(title % {"count": count}, url, _("去办理"), clause="speech.4.4", count=count)] if count else []


navigation.register(
    "enforcement", TITLE, "destruction:list", icon="trash", order=95,
    when=lambda account: account.can("cases.destruction.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("propose/", propose, name="propose"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/carry-out/", carry_out, name="carry_out"),
    path("<uuid:pk>/refuse/", refuse, name="refuse"),
]
