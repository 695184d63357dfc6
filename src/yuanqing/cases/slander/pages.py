"""诬告陷害认定: the register, one finding, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.slander import actions, forms
from yuanqing.cases.slander.lifecycle import LIFECYCLE
from yuanqing.cases.slander.models import Slander
from yuanqing.kernel.acts import refusal
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("诬告陷害认定")
TONES = {"proposed": "amber", "confirmed": "red", "honest": "grey"}


class SlanderListing(Listing):
    name = "slander"
    title = TITLE
    order = "-proposed_on"
    empty = gettext_lazy("没有诬告认定")
    empty_hint = gettext_lazy("查否不等于诬告；有故意的证据才提出。")
    columns = (
        Column("matter", gettext_lazy("信访编号"), "code", link=Slander.get_absolute_url, sort="matter", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES[r.state], sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("proposed_on", gettext_lazy("提出日期"), "day", sort="proposed_on"),
        Column("decided_on", gettext_lazy("认定日期"), "day", sort="decided_on"),
    )  # fmt: skip
    filters = (
        Search("q", gettext_lazy("信访编号"), ("matter",)),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("proposed", gettext_lazy("提出日期"), "proposed_on"),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows: Any = Slander.objects.visible_to(request.user)
    may_propose = not refusal("propose", None, by=request.user, model=Slander)
    context = {
        "trail": DUTY,
        "subtitle": _("故意捏造才是诬告；认定要全部要件查实，并经设区的市级以上批准。善意错告不追究。"),
        "actions": [(_("提出诬告认定"), reverse("slander:propose"))] if may_propose else [],
        "late": rows.filter(state="proposed", due_on__lt=timezone.localdate()).count(),
    }
    return SlanderListing(request, rows).respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    codes = Remedies()
    yield Fact(gettext_lazy("诬告人"), record.who)
    yield Fact(gettext_lazy("实名举报"), _("是") if record.was_named else _("否"))
    yield Fact(gettext_lazy("批准查明身份的文号"), record.unmasking)
    yield Fact(gettext_lazy("提出日期"), record.proposed_on, "day")
    yield Fact(gettext_lazy("期限"), record.due_on, "clock")
    yield Fact(gettext_lazy("批准机关级别"), codes.label("slander_level", record.level))
    yield Fact(gettext_lazy("批准机关"), record.approver)
    yield Fact(gettext_lazy("批准文号"), record.document)
    yield Fact(gettext_lazy("处理方式"), codes.label("slander_handling", record.handling))
    yield Fact(gettext_lazy("认定日期"), record.decided_on, "day")


def passages(record: Any, account: Any) -> Iterator[Passage]:
    codes = Remedies()
    labels = {code: entry.label for code, entry in codes.table("slander_element").items()}
    yield Passage(gettext_lazy("已查实的要件"), lines=[labels[code] for code in labels if code in record.elements])
    yield Passage(
        gettext_lazy("还没有查实的要件"), lines=[labels[code] for code in labels if code not in record.elements]
    )
    yield Passage(gettext_lazy("证据"), record.evidence)
    yield Passage(gettext_lazy("从重情形"), lines=[codes.label("slander_heavier", code) for code in record.heavier])
    yield Passage(gettext_lazy("理由"), record.reason)


PAGES = RecordPages(
    Slander, "slander", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages, related=("unit",)
)
detail = PAGES.detail
propose = PAGES.create("propose", forms.Propose, actions.propose, gettext_lazy("查否以后有故意的证据才提出。"))
confirm = PAGES.act(
    "confirm", forms.Confirm, actions.confirm, gettext_lazy("要件全部查实、上级批准以后登记；不能由本级自己认定。")
)
clear = PAGES.act("clear", ReasonForm, actions.clear, gettext_lazy("与事实不符但不是故意的，不追究。"))


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.slander.confirm"):
        return []
    count = Slander.objects.visible_to(account).filter(state="proposed").count()
    title, url = _("%(count)d 件诬告认定等待决定"), reverse("slander:list") + "?state=proposed"
    return [Waiting(title % {"count": count}, url, _("去办理"), clause="speech.4.8", count=count)] if count else []


navigation.register(
    "enforcement", TITLE, "slander:list", icon="message-off", order=49,
    when=lambda account: account.can("cases.slander.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("propose/", propose, name="propose"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/confirm/", confirm, name="confirm"),
    path("<uuid:pk>/clear/", clear, name="clear"),
]
