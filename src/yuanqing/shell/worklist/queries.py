"""How far the year is and who is behind: counts made in SQL over the obligations that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.almanac import Month, end_of, start_of
from yuanqing.kernel.figures.reading import relation
from yuanqing.norms.clause.queries import clause_of
from yuanqing.norms.obligation import queries as obligations
from yuanqing.norms.obligation.actions import fulfilments
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.account.queries import role_cards
from yuanqing.org.account.rules import allows
from yuanqing.org.unit.models import Unit
from yuanqing.shell.worklist.sources import Row, overview_rows

DEMANDS = (1, 2, 3, 4, 5)
AHEAD = 31  # days
COUNTED = ("kind", "unit_id", "due_at", "fulfilled_at", "excused_at", "period__month_on")
YEAR = """
WITH counted AS MATERIALIZED (
    SELECT kind, unit_id, month,
        count(*) FILTER (WHERE excused_at IS NULL) AS owed,
        count(fulfilled_at) AS met,
        count(*) FILTER (WHERE fulfilled_at <= due_at) AS on_time,
        count(*) FILTER (WHERE excused_at IS NULL AND fulfilled_at IS NULL AND due_at < %(now)s) AS overdue,
        count(*) FILTER (WHERE excused_at IS NULL AND due_at < %(now)s) AS due,
        count(*) FILTER (WHERE excused_at IS NULL AND due_at < %(now)s AND (fulfilled_at IS NULL OR fulfilled_at > due_at)) AS behind
    FROM (SELECT *, coalesce(period__month_on, date_trunc('month', due_at)::date) AS month FROM ({seen}) seen) o
    GROUP BY GROUPING SETS ((kind), (unit_id, month))
)
SELECT kind, NULL::uuid, NULL::date, owed, met, on_time, overdue, NULL, NULL FROM counted WHERE kind IS NOT NULL
UNION ALL (
    SELECT NULL, u.id, NULL, sum(owed), sum(met), sum(on_time), sum(overdue), u.code, u.name
    FROM counted JOIN org_unit u ON u.id = unit_id
    GROUP BY u.id HAVING sum(overdue) > 0 OR sum(met) > sum(on_time)
    ORDER BY sum(overdue) DESC, sum(met) - sum(on_time) DESC, u.sort_key LIMIT %(limit)s
)
UNION ALL
SELECT NULL, c.id, month, sum(due), NULL, NULL, sum(behind), NULL, NULL
FROM org_unit c
JOIN org_unit u ON u.path LIKE c.path || '%%' AND (c.id <> %(focus)s OR u.id = c.id)
JOIN counted ON counted.unit_id = u.id
WHERE c.id = ANY(%(units)s) AND due > 0
GROUP BY c.id, month
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


@dataclass(frozen=True)
class Owed:
    """应履行的: what an account itself can already see to, the first due first, how many there are in all, and what opens within a month."""

    shown: list[Obligation]
    total: int
    coming: list[Obligation]


def own_list(account: Any, limit: int, ahead: int) -> Owed:
    """One statement, unless there is more than the page shows."""
    today = timezone.localdate()
    rows = _own(account, today + timedelta(days=AHEAD)).select_related("unit", "period")
    rows = rows.order_by(Greatest("opens_on", Value(today)), "due_at", "pk")  # what is open already, then what opens
    found = list(rows[: limit + 1 + ahead])
    shown, coming = ([one for one in found if (one.opens_on > today) is later] for later in (False, True))
    total = len(shown)
    if total > limit:
        shown, total, coming = shown[:limit], owed_count(account), list(rows.filter(opens_on__gt=today)[:ahead])
    for one in (*shown, *coming):
        one.clause = clause_of(one.clause_id)
    return Owed(shown, total, coming[:ahead])


def owed_count(account: Any) -> int:
    return int(_own(account, timezone.localdate()).count())


def _own(account: Any, until: date) -> Any:
    rows = Obligation.objects.visible_to(account).owed().filter(obligations.own(account))
    return rows.filter(opens_on__lte=until)


def _of_year(rows: Any, year: int) -> Any:
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


@dataclass(frozen=True)
class Counts:
    """What is owed of a kind or by a unit in a year: excused ones left out of what is owed and overdue."""

    owed: int
    met: int
    on_time: int
    overdue: int

    @property
    def late(self) -> int:
        return self.met - self.on_time


@dataclass(frozen=True)
class Behind:
    """What was due of a unit in a month, and how much of that was late or is missing."""

    owed: int
    behind: int


class Laggard(NamedTuple):
    """落后的单位: who is behind, by code and name."""

    code: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Year:
    """What the reader sees of a year's obligations, read in one go."""

    kinds: dict[str, Counts]
    laggards: list[tuple[Laggard, Counts]]  # units with the most that is overdue or was late, in this order
    heat: dict[tuple[UUID, Month], Behind]


def year_so_far(
    account: Any, year: int, units: Sequence[Unit] = (), now: datetime | None = None, limit: int = 10
) -> Year:
    """Counts by kind, of the units that are behind most, and by unit and month for the first of `units` and those below it.

    The first of the units stands for itself alone, the others for everything under them.
    """
    found, ids = Year({}, [], {}), [unit.pk for unit in units]
    months = {month.first_day: month for month in (Month(year, n) for n in range(1, 13))}
    rows = _of_year(Obligation.objects.visible_to(account), year)
    try:
        seen = relation(rows.order_by().values(*COUNTED), "seen")
    except EmptyResultSet:  # neither a scope nor a person
        return found
    params = {**seen.params, "now": now or timezone.now(), "limit": limit, "units": ids, "focus": next(iter(ids), None)}
    with connection.cursor() as cursor:
        cursor.execute(YEAR.format(seen=seen.text), params)
        for kind, unit, month, owed, met, on_time, overdue, code, name in cursor.fetchall():
            if month is not None:
                found.heat[unit, months.get(month) or Month.of(month)] = Behind(int(owed), int(overdue))
            elif unit is not None:
                counts = Counts(int(owed), int(met), int(on_time), int(overdue))
                found.laggards.append((Laggard(code, name), counts))
            else:
                found.kinds[kind] = Counts(owed, met, on_time, overdue)
    return found


def demands(account: Any, year: int, counted: dict[str, Counts]) -> list[Demand]:
    """The five demands with their obligations, as declared in the packs and counted by kind, and what nouns add."""
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


def _row(kind: obligations.Kind, counts: Counts) -> Row:
    url = f"{reverse('obligation:list')}?kind={kind.name}"
    return Row(kind.demand, kind.entry.label, **asdict(counts), url=url, clause=next(iter(kind.entry.basis), ""))


def focus_units(account: Any, code: str) -> tuple[Unit | None, list[Unit]]:
    """The unit looked at (by code, else the highest in scope) and it with those directly below it, by path."""
    visible = Unit.objects.filter(within_scope(account)).active().order_by("path")
    for tops in (*([visible.filter(code=code)] if code else []), visible):
        top = Subquery(tops.values("pk")[:1])
        units = list(visible.filter(Q(pk=top) | Q(parent=top)))  # a path stands before those that begin with it
        if units:
            return units[0], units
    return None, []


def within_scope(account: Any) -> Q:
    from yuanqing.org.unit.models import within

    return within(account.scopes("norms.obligation.view"))
