"""Where a month stands in the whole tree, and runs of months that ask for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, Func, Max, Q, Value
from django.db.models.functions import Coalesce, Concat, Substr
from django.utils import timezone

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import COUNTS, FIRST, FORM, Progress
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.addresses import address
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.published import current
from yuanqing.org.unit.models import Unit

FAR_BACK = 24  # months that are looked at
LONG = ("cells", "prefilled", "reasons", "explanations", "declared_gaps")  # of a return; no picture shows them


@dataclass(frozen=True)
class Branch:
    """报送树的一支: a unit with its own return, and the counts of everything below it."""

    record: MonthlyReturn
    below: Progress


def branches(rows: Any, above: str) -> list[Branch]:
    """The returns directly below a path (or at it, when `above` does not end in one), with counts of their subtrees."""
    counted = rows.filter(path__startswith=above).exclude(path=above).order_by()
    rest = Func(Substr("path", len(above) + 1), Value("/"), Value(1), function="split_part", output_field=CharField())
    at = Concat(Value(above), rest, Value("/"), output_field=CharField())
    groups = {
        row.pop("branch"): Progress(**row) for row in counted.annotate(branch=at).values("branch").annotate(**COUNTS)
    }
    tops = rows.filter(path__in=list(groups)).select_related("unit").defer(*LONG).order_by("path")
    return [Branch(record, groups[record.path]) for record in tops]


class Reported(NamedTuple):
    """报送情况: what the map shows of a return; a thousand of them are read for one page, so times are compared where they lie."""

    address: str
    state: str
    is_reported: bool
    is_late: bool
    is_nil: bool
    is_overridden: bool

    def get_absolute_url(self) -> str:
        return self.address


def _told() -> dict[str, Any]:
    """Columns of `Reported`: as `MonthlyReturn.is_late` says it of one."""
    late = Q(due_at__lt=Coalesce("first_submitted_at", timezone.now()))
    asked = {"is_reported": FIRST, "told_late": late, "is_overridden": Q(override_count__gt=0)}
    return {name: ExpressionWrapper(q, BooleanField()) for name, q in asked.items()}


def history_of(units: Sequence[Any], months: Sequence[Month], rows: Any) -> dict[tuple[UUID, Month], Reported]:
    """(unit, month) → return, for the map."""
    found = rows.filter(
        unit__in=units, period__month_on__gte=months[0].first_day, period__month_on__lte=months[-1].first_day
    )
    found = found.annotate(**_told()).values_list(
        "unit_id", "period__month_on", "pk", "state", "is_reported", "told_late", "is_nil", "is_overridden"
    )
    month_of = {month.first_day: month for month in months}
    return {
        (unit, month_of[day]): Reported(address("monthly_return:detail", pk), *told)
        for unit, day, pk, *told in found.order_by()
    }


@dataclass(frozen=True)
class Streak:
    """连续情形: a run of months up to now that asks for a look, and what the register says meanwhile."""

    unit: Unit
    months: int
    since: Month
    registered: int = 0


def streaks(rows: Any, month: Month, kinds: Mapping[str, tuple[Q, int]]) -> dict[str, list[Streak]]:
    """For each kind, units whose reported returns were of it in each of at least so many months up to now, the longest first."""
    rows = rows.filter(period__form=FORM, period__month_on__lte=month.first_day, first_submitted_at__isnull=False)
    rows = rows.filter(period__month_on__gt=month.plus(-FAR_BACK).first_day).order_by()
    counted: dict[str, Any] = {}
    long_enough = Q()
    for name, (kind, least) in kinds.items():
        counted[f"{name}_number"] = Count("pk", filter=kind)
        long_enough |= Q(**{f"{name}_number__gte": least})
        counted[f"{name}_alike"] = ArrayAgg("period__month_on", filter=kind, default=[])
        counted[f"{name}_broken"] = Max("period__month_on", filter=~kind)
    runs = list(rows.values("unit").annotate(**counted).filter(long_enough))
    found = {name: _long_enough(runs, name, least) for name, (_kind, least) in kinds.items()}
    units = Unit.objects.in_bulk({pk for one in found.values() for pk in one})
    return {
        name: sorted((Streak(units[pk], *one[pk]) for pk in one), key=lambda streak: (-streak.months, streak.unit.path))
        for name, one in found.items()
    }


def _long_enough(runs: Sequence[dict[str, Any]], name: str, least: int) -> dict[UUID, tuple[int, Month]]:
    """Unit → how many months in a row up to now, and since when."""
    found = {}
    for run in runs:
        broken = run[f"{name}_broken"]
        days = [day for day in run[f"{name}_alike"] if broken is None or day > broken]
        if len(days) >= least:
            found[run["unit"]] = (len(days), Month.of(min(days)))
    return found


@dataclass(frozen=True)
class Questions:
    """疑问: runs of nil returns, those with most registered meanwhile first, and runs of returns that differ from the records."""

    nil: list[Streak]
    mismatch: list[Streak]


def questions(rows: Any, month: Month, account: Any) -> Questions:
    kinds = {
        "nil": (Q(is_nil=True), threshold("nil_streak")),
        "mismatch": (Q(override_count__gt=0), threshold("mismatch_streak")),
    }
    found = streaks(rows, month, kinds)
    return Questions(_with_registered(found["nil"], month, account), found["mismatch"])


def _with_registered(found: list[Streak], month: Month, account: Any) -> list[Streak]:
    """With the matters registered about the unit in the same months."""
    register = Violation.objects.visible_to(account).standing().filter(unit__in=[streak.unit.pk for streak in found])
    register = register.filter(received_on__gte=month.plus(-FAR_BACK).first_day, received_on__lt=month.next().first_day)
    days: dict[UUID, list[date]] = {}
    for unit, day in register.values_list("unit_id", "received_on"):
        days.setdefault(unit, []).append(day)
    told = [
        replace(streak, registered=sum(day >= streak.since.first_day for day in days.get(streak.unit.pk, [])))
        for streak in found
    ]
    return sorted(told, key=lambda streak: -streak.registered)


def threshold(code: str) -> int:
    return int(current("weights").entry(code).value)
