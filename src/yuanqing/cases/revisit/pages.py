"""回访: visits that are due, one visit, and a form for each step."""

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

from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.revisit import actions, forms, queries
from yuanqing.cases.revisit.lifecycle import LIFECYCLE
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.sanction.queries import Codes
from yuanqing.kernel.acts import refusal
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("回访")


def columns_of(codes: Remedies, kinds: Codes) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("回访对象"), value=lambda r: r.person.name, link=Revisit.get_absolute_url, sort="person__sort_key", phone=True),
        Column("sanction", gettext_lazy("处分"), value=lambda r: kinds.label(r.kind), sort="kind"),
        Column("unit", gettext_lazy("所在单位"), value=lambda r: r.unit.name, sort="unit__path"),
        Column("due_on", gettext_lazy("应当回访日期"), "clock", lambda r: r.due_on if r.state == "planned" else None, sort="due_on", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: "accent" if r.state == "planned" else "grey", sort="state", phone=True),
        Column("held_on", gettext_lazy("回访日期"), "day", sort="held_on"),
        Column("impression", gettext_lazy("总的情况"), value=lambda r: codes.label("impression", r.impression)),
        Column("put_off", gettext_lazy("推迟次数"), "number", sort="put_off", optional=True),
    )  # fmt: skip


class RevisitListing(Listing):
    name = "revisit"
    title = TITLE
    order = "due_on"
    empty = gettext_lazy("没有要回访的人")
    empty_hint = gettext_lazy("登记处分时自动安排回访；日期在规则包 remedies 里定。")
    views = (
        View(gettext_lazy("待回访"), "state=planned", Q(state="planned")),
        View(gettext_lazy("有困难"), "impression=in_difficulty", Q(impression="in_difficulty")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes, kinds = Remedies(), Codes()
    rows: Any = Revisit.objects.visible_to(request.user).select_related("person", "unit")
    filters = (
        Search("q", gettext_lazy("姓名"), ("person__name",)),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("impression", gettext_lazy("总的情况"), codes.choices("impression")),
        Dates("due", gettext_lazy("应当回访日期"), "due_on"),
    )
    listing = RevisitListing(request, rows, columns=columns_of(codes, kinds), filters=filters)
    may_plan = not refusal("plan", None, by=request.user, model=Revisit)
    context = {
        "trail": DUTY,
        "subtitle": _("处理人与教育人、挽救人结合：受处分以后思想怎么样，工作怎么样，有什么困难。"),
        "actions": [(_("安排回访"), reverse("revisit:plan"))] if may_plan else [],
        "late": rows.filter(state="planned", due_on__lt=timezone.localdate()).count(),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    yield Fact(gettext_lazy("回访对象"), record.person.name)
    sees = account.can("cases.sanction.view", record.unit)
    href = reverse("sanction:detail", args=[record.sanction_id]) if sees else ""
    yield Fact(gettext_lazy("处分"), Codes().label(record.kind), href=href)
    yield Fact(gettext_lazy("所在单位"), record.unit.name)
    yield Fact(gettext_lazy("应当回访日期"), record.due_on, "clock" if record.state == "planned" else "day")
    yield Fact(gettext_lazy("推迟次数"), record.put_off or "")
    yield Fact(gettext_lazy("回访日期"), record.held_on, "day")
    yield Fact(gettext_lazy("回访人数"), record.people or "")
    yield Fact(gettext_lazy("总的情况"), Remedies().label("impression", record.impression))


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("谈话情况"), record.record)
    yield Passage(gettext_lazy("需要的帮助"), record.help)
    yield Passage(gettext_lazy("不再回访的理由"), record.reason)


PAGES = RecordPages(
    Revisit, "revisit", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages,
    related=("person", "unit", "held_by"),
)  # fmt: skip
detail = PAGES.detail
plan = PAGES.create("plan", forms.Plan, actions.plan)
hold = PAGES.act("hold", forms.Hold, actions.hold, gettext_lazy("由两人以上当面谈；记下的只给办理的人看。"))
put_off = PAGES.act("put_off", forms.PutOff, actions.put_off)
excuse = PAGES.act("excuse", ReasonForm, actions.excuse, gettext_lazy("例如本人去世、调离本系统。"))


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.revisit.hold") and not account.can("cases.revisit.plan"):
        return []
    counts, address = queries.waiting(account), reverse("revisit:list")
    lines = (
        ("soon", _("%(count)d 人三十天内要回访"), "?state=planned&order=due_on", _("去看看")),
        ("late", _("%(count)d 人应当回访而没有回访"), "?state=planned&order=due_on", _("去看看")),
    )
    return counted(account, counts, lines, address, "speech.4.8")


navigation.register(
    "enforcement", TITLE, "revisit:list", icon="walk", order=46, when=lambda account: account.can("cases.revisit.view")
)

urlpatterns = [
    path("", list_, name="list"),
    path("plan/", plan, name="plan"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/hold/", hold, name="hold"),
    path("<uuid:pk>/put-off/", put_off, name="put_off"),
    path("<uuid:pk>/excuse/", excuse, name="excuse"),
]
