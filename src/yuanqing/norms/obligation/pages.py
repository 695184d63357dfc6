"""应履行事项: who owes what by when, and the record that met it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yuanqing.kernel.acts import history
from yuanqing.norms.obligation import queries
from yuanqing.norms.obligation.actions import Fulfilment, fulfilments
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.obligation.queries import STANDINGS
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InMonth, InUnit
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import Event

TONES = {"owed": "accent", "overdue": "red", "met": "green", "late": "amber", "lapsed": "red", "excused": "grey"}


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.name, kind.entry.label) for kind in queries.kinds().values() if kind.name in fulfilments]


class ObligationListing(Listing):
    """Everything owed within the reader's scope."""

    name = "obligation"
    title = _("应履行事项")
    order = "-due_at"
    columns = (
        Column("title", _("事项"), link=lambda one: one.get_absolute_url(), phone=True),
        Column("unit", _("单位"), "unit", sort="unit__sort_key", phone=True),
        Column("person", _("人员"), "person", optional=True),
        Column("period", _("月份"), "month", value=lambda one: one.period.month if one.period else None),
        Column("clause", _("依据"), "clause", optional=True),
        Column("due_at", _("截止"), "moment", sort="due_at"),
        Column("fulfilled_at", _("履行时间"), "moment", sort="fulfilled_at"),
        Column(
            "standing",
            _("状态"),
            "badge",
            value=lambda one: STANDINGS[one.standing],
            tone=lambda one: TONES[one.standing],
            phone=True,
        ),
    )
    views = (
        View(_("我的"), "mine=yes", Q(mine="yes")),
        View(_("逾期未履行"), "standing=overdue", Q(standing="overdue")),
        View(_("待履行"), "standing=owed", Q(standing="owed")),
    )
    empty = _("还没有应履行事项")
    empty_hint = _("月度开启以后，每个单位按规则应履行的事项会列在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Choice("standing", _("状态"), list(STANDINGS.items()), facets=True),
            Choice("kind", _("事项"), kind_choices),
            Choice("mine", _("范围"), [("yes", _("我和我的单位"))]),
            InUnit("unit", _("单位"), "unit__path", within_reach(request.user), _("单位代码或全称，含下级")),
            InMonth("month", _("月份"), "period__month_on"),
            Dates("due", _("截止日期"), "due_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_obligations(request: HttpRequest) -> HttpResponse:
    rows = Obligation.objects.visible_to(request.user).select_related("clause__pack", "unit", "person", "period")
    mine = Case(When(queries.own(request.user), then=Value("yes")), default=Value("no"))
    rows = queries.with_standing(rows).annotate(mine=mine)
    return ObligationListing(request, rows).respond("norms/obligation/list.html")


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = queries.with_standing(Obligation.objects.visible_to(request.user))
    record = get_object_or_404(rows.select_related("clause__pack", "unit", "person", "period"), pk=pk)
    fulfilment = fulfilments.get(record.kind)
    context = {
        "record": record,
        "standing": STANDINGS[record.standing],
        "tone": TONES[record.standing],
        "deed": fulfilling_address(record, fulfilment, request.user) if fulfilment else "",
        "events": [Event(h.at, h.label, h.who) for h in history(record)],
    }
    return render(request, "norms/obligation/detail.html", context)


@require_GET
def go(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To where the obligation is met: the record of the same unit and month, else what is known about it."""
    record = get_object_or_404(Obligation.objects.visible_to(request.user), pk=pk)
    fulfilment = fulfilments.get(record.kind)
    address = fulfilling_address(record, fulfilment, request.user) if fulfilment else ""
    return redirect(address or record.get_absolute_url())


def fulfilling_address(record: Obligation, fulfilment: Fulfilment, account: Any) -> str:
    """The page of the record that meets, or will meet, the obligation; "" when there is none to be seen."""
    rows: Any = fulfilment.model._default_manager.visible_to(account)
    if record.fulfilled_by:
        found = rows.filter(pk=record.fulfilled_by).first()
    elif fulfilment.subject and record.subject:
        who = {fulfilment.person: record.person_id} if fulfilment.person else {fulfilment.unit: record.unit_id}
        found = rows.filter(**{fulfilment.subject: record.subject, **who}).first()
    elif fulfilment.period and record.period_id:
        found = rows.filter(**{fulfilment.period: record.period_id, fulfilment.unit: record.unit_id}).first()
    else:
        found = None
    begins = fulfilment.begin and record.is_owed and _is_ones_own(record, fulfilment, account)
    try:
        if found is None and begins:
            return f"{reverse(fulfilment.begin)}?obligation={record.pk}"
        return str(found.get_absolute_url()) if found is not None else ""
    except (AttributeError, NoReverseMatch):
        return ""


def _is_ones_own(record: Obligation, fulfilment: Fulfilment, account: Any) -> bool:
    """What a person owes is for that person to begin, what a unit owes for whoever works towards it there."""
    if record.person_id is not None:
        return bool(record.person_id == getattr(account, "person_id", None))
    return any(account.can(capability, record.unit) for capability in fulfilment.capabilities)


urlpatterns = [
    path("", list_obligations, name="list"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/go/", go, name="go"),
]
navigation.register(
    "overview",
    _("应履行事项"),
    "obligation:list",
    icon="checklist",
    order=20,
    when=lambda account: account.can("norms.obligation.view") or bool(account.person_id),
)
