"""How far the year is and who is behind: counts made in SQL over the obligations that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.almanac import Month, end_of, start_of
from yuanqing.kernel.figures.reading import named
from yuanqing.norms.obligation import queries as obligations
from yuanqing.norms.obligation.actions import fulfilments
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.account.queries import role_cards
from yuanqing.org.account.rules import allows
from yuanqing.org.scope.rules import Reach, Scope, as_scope
from yuanqing.org.unit.models import Unit
from yuanqing.shell.worklist.sources import Row, overview_rows

DEMANDS = (1, 2, 3, 4, 5)
AHEAD = 31  # days
HEAT = """
SELECT c.id, coalesce(p.month_on, date_trunc('month', o.due_at)::date) AS month, count(*) AS owed,
       count(*) FILTER (WHERE o.fulfilled_at IS NULL AND o.due_at < %(now)s OR o.fulfilled_at > o.due_at) AS behind
FROM org_unit c
JOIN org_unit u ON u.path LIKE c.path || '%%' AND (c.id <> %(focus)s OR u.id = c.id)
JOIN norms_obligation o ON o.unit_id = u.id
LEFT JOIN norms_period p ON p.id = o.period_id
WHERE c.id = ANY(%(units)s) AND o.due_at < %(now)s AND o.excused_at IS NULL
  AND coalesce(p.month_on, date_trunc('month', o.due_at)::date) BETWEEN %(first)s AND %(last)s {seen}
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class SetUp:
    """What a new installation lacks: units, a second account, anybody who may grant roles."""

    units: bool
    accounts: bool
    granting: bool


def set_up() -> SetUp:
    roles = [role for role in role_cards() if allows(role, "org.account.grant")]
    granted = Grant.objects.on(timezone.localdate()).filter(role__in=roles)
    return SetUp(
        units=not Unit.objects.exists(),
        accounts=Account.objects.filter(is_active=True)[:2].count() < 2,
        granting=not granted.exists(),
    )


def own_list(account: Any, limit: int) -> tuple[list[Obligation], int]:
    """What the account itself owes and can already see to, the first due first, and how many there are in all."""
    rows = Obligation.objects.visible_to(account).owed().filter(obligations.own(account))
    rows = rows.filter(opens_on__lte=timezone.localdate()).select_related("clause__pack", "unit", "period", "person")
    shown = list(rows.order_by("due_at", "pk")[: limit + 1])
    return shown[:limit], len(shown) if len(shown) <= limit else rows.count()


def coming(account: Any, limit: int) -> list[Obligation]:
    """What opens for the account within a month, so that an empty desk says what is next."""
    today = timezone.localdate()
    rows = Obligation.objects.visible_to(account).owed().filter(obligations.own(account), opens_on__gt=today)
    rows = rows.filter(opens_on__lte=today + timedelta(days=AHEAD)).select_related(
        "clause__pack", "unit", "period", "person"
    )
    return list(rows.order_by("opens_on", "due_at", "pk")[:limit])


def of_year(rows: Any, year: int) -> Any:
    """Obligations of the months of a year; those of no month by their due day."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    by_day = Q(period=None, due_at__gte=start_of(first), due_at__lte=end_of(last))
    return rows.filter(Q(period__month_on__range=(first, last)) | by_day)


@dataclass(frozen=True)
class Demand:
    """要求: one of the five demands of the speech, what is owed under it, and kinds that nothing here fulfils yet."""

    number: int
    rows: list[Row]
    absent: list[obligations.Kind]

    @property
    def owed(self) -> int:
        return sum(row.owed for row in self.rows)

    @property
    def met(self) -> int:
        return sum(row.met for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)


def demands(account: Any, year: int) -> list[Demand]:
    """The five demands with their obligations: declared in the packs, counted in one query, with what nouns add."""
    rows = of_year(Obligation.objects.visible_to(account), year)
    counted = {row["kind"]: row for row in rows.order_by().values("kind").annotate(**obligations.counts())}
    found: dict[int, list[Row]] = {number: [] for number in DEMANDS}
    absent: dict[int, list[obligations.Kind]] = {number: [] for number in DEMANDS}
    for kind in obligations.kinds().values():
        if kind.demand in found and kind.name in counted:
            found[kind.demand].append(_row(kind, counted[kind.name]))
        elif kind.demand in found and kind.name not in fulfilments:
            absent[kind.demand].append(kind)
    for row in overview_rows(account, [Month(year, n) for n in range(1, 13)]):
        found[row.demand].append(row)
    return [Demand(number, found[number], absent[number]) for number in DEMANDS]


def _row(kind: obligations.Kind, counts: dict[str, Any]) -> Row:
    url = f"{reverse('obligation:list')}?kind={kind.name}"
    numbers = {name: counts[name] for name in ("owed", "met", "on_time", "overdue")}
    return Row(kind.demand, kind.entry.label, **numbers, url=url, clause=next(iter(kind.entry.basis), ""))


def focus_units(account: Any, code: str) -> tuple[Unit | None, list[Unit]]:
    """The unit looked at (by code, else the highest in scope) and it with those directly below it, by path."""
    visible = Unit.objects.filter(within_scope(account)).active()
    focus = visible.filter(code=code).first() if code else None
    focus = focus or visible.order_by("path").first()
    return focus, [focus, *visible.filter(parent=focus).order_by("path")] if focus else []


def within_scope(account: Any) -> Q:
    from yuanqing.org.unit.models import within

    return within(account.scopes("norms.obligation.view"))


@dataclass(frozen=True)
class Behind:
    """What was due of a unit in a month, and how much of that was late or is missing."""

    owed: int
    behind: int


def heat(
    account: Any, focus: Unit, units: Sequence[Unit], year: int, now: datetime
) -> dict[tuple[UUID, Month], Behind]:
    """(unit, month) → what was due and is behind; units below the one looked at stand for everything under them.

    Only what the account sees is counted; the condition is left away where it sees everything below the focus.
    """
    params: dict[str, Any] = {
        "focus": focus.pk,
        "units": [unit.pk for unit in units],
        "now": now,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
    }
    seen, scope = "", as_scope(account.scopes("norms.obligation.view"))
    if getattr(account, "denied", None) or not scope.contains(Scope([Reach(focus.path)])):
        visible = named(Obligation.objects.visible_to(account), "seen")
        seen, params = f"AND o.id IN ({visible.text})", {**params, **visible.params}
    with connection.cursor() as cursor:
        cursor.execute(HEAT.format(seen=seen), params)
        return {(pk, Month.of(month)): Behind(owed, late) for pk, month, owed, late in cursor.fetchall()}


def laggards(account: Any, year: int, limit: int = 10) -> list[dict[str, Any]]:
    """The units with the most that is overdue or was late this year, with the numbers."""
    rows = of_year(Obligation.objects.visible_to(account), year).order_by()
    named = rows.values("unit_id", "unit__name", "unit__code", "unit__sort_key").annotate(**obligations.counts())
    late = named.annotate(late=F("met") - F("on_time")).filter(Q(overdue__gt=0) | Q(late__gt=0))
    return list(late.order_by("-overdue", "-late", "unit__sort_key")[:limit])
