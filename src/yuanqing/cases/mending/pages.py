"""限期改正: the register, one window, and a form for each step."""

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

from yuanqing.cases.mending import actions, forms
from yuanqing.cases.mending.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.mending.models import Mending
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import refusal
from yuanqing.org.person.forms import ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("限期改正")
TONES = {"ordered": "accent", "reported": "amber", "mended": "green", "failed": "red"}


def columns_of(codes: Remedies) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("本人"), value=lambda r: r.person.name, link=Mending.get_absolute_url, sort="person__sort_key", phone=True),
        Column("kind", gettext_lazy("种类"), value=lambda r: codes.label("mending_kind", r.kind), sort="kind"),
        Column("unit", gettext_lazy("所在单位"), value=lambda r: r.unit.name, sort="unit__path"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES[r.state], sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("ordered_on", gettext_lazy("责令日期"), "day", sort="ordered_on", optional=True),
        Column("returns", gettext_lazy("退回次数"), "number", sort="returns", optional=True),
    )  # fmt: skip


class MendingListing(Listing):
    name = "mending"
    title = TITLE
    order = "-ordered_on"
    empty = gettext_lazy("没有限期改正的人")
    empty_hint = gettext_lazy("情节轻微、可以自己改正的，点“责令限期改正”。")
    views = (
        View(gettext_lazy("改正中"), "state=ordered", Q(state="ordered")),
        View(gettext_lazy("待核实"), "state=reported", Q(state="reported")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Remedies()
    rows: Any = Mending.objects.visible_to(request.user).select_related("person", "unit")
    filters = (
        Search("q", gettext_lazy("姓名"), ("person__name",)),
        Choice("kind", gettext_lazy("种类"), codes.choices("mending_kind")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("due", gettext_lazy("期限"), "due_on"),
    )
    listing = MendingListing(request, rows, columns=columns_of(codes), filters=filters)
    may_order = not refusal("order", None, by=request.user, model=Mending)
    context = {
        "trail": DUTY,
        "subtitle": _("情节轻微的，给本人一个改正的期限；到期没有改正的，不再从轻。"),
        "actions": [(_("责令限期改正"), reverse("mending:order"))] if may_order else [],
        "late": rows.exclude(state__in=ENDED).filter(due_on__lt=timezone.localdate()).count(),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    yield Fact(gettext_lazy("本人"), record.person.name)
    yield Fact(gettext_lazy("种类"), Remedies().label("mending_kind", record.kind))
    yield Fact(gettext_lazy("依据文号"), record.document)
    yield Fact(gettext_lazy("责令日期"), record.ordered_on, "day")
    yield Fact(gettext_lazy("期限"), record.due_on, "clock")
    yield Fact(gettext_lazy("延长次数"), record.prolonged or "")
    yield Fact(gettext_lazy("退回次数"), record.returns or "")
    yield Fact(gettext_lazy("报告日期"), record.reported_on, "day")
    yield Fact(gettext_lazy("结束日期"), record.ended_on, "day")
    if record.state == "failed" and account.can("cases.lead.register"):
        yield Fact(gettext_lazy("下一步"), _("登记为问题线索"), href=reverse("lead:register"))


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("要改正什么"), record.matter)
    yield Passage(gettext_lazy("改正情况"), record.report)
    yield Passage(gettext_lazy("核实情况"), record.finding)


PAGES = RecordPages(
    Mending, "mending", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages, related=("person", "unit")
)
detail = PAGES.detail
order = PAGES.create("order", forms.Order, actions.order)
report = PAGES.act("report", forms.Report, actions.report)
accept = PAGES.act("accept", forms.Accept, actions.accept, gettext_lazy("看凭证、看现场，不只看报告。"))
send_back = PAGES.act("send_back", forms.Until, actions.send_back)
prolong = PAGES.act("prolong", forms.Until, actions.prolong, gettext_lazy("由责令人以外的人决定，写明理由。"))
fail = PAGES.act("fail", ReasonForm, actions.fail, gettext_lazy("认定以后不再从轻，重新登记为问题线索。"))


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """One's own corrections first; then those to be checked."""
    today, address = timezone.localdate(), reverse("mending:list")
    own = Q(person=account.person_id) if account.person_id else Q(pk__in=[])
    may = account.can("cases.mending.view")
    if not may and not account.person_id:
        return []
    counts = Mending.objects.visible_to(account).order_by().aggregate(
        own=Count("pk", filter=own & Q(state="ordered")),
        check=Count("pk", filter=~own & Q(state="reported")),
        late=Count("pk", filter=~own & ~Q(state__in=ENDED) & Q(due_on__lt=today)),
    )  # fmt: skip
    lines = (
        ("own", _("您有 %(count)d 件要限期改正的事"), "?state=ordered", _("去办理")),
        ("check", _("%(count)d 件改正情况等待核实"), "?state=reported", _("去办理")),
        ("late", _("%(count)d 件限期改正已经过期"), "?order=due_on", _("去办理")),
    )
    return counted(account, counts, lines, address, "speech.4.8")


navigation.register(
    "enforcement", TITLE, "mending:list", icon="checklist", order=47,
    when=lambda account: account.can("cases.mending.view"),
)  # fmt: skip

ACTS = ("report", "accept", "send_back", "prolong", "fail")
urlpatterns = [
    path("", list_, name="list"),
    path("order/", order, name="order"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
