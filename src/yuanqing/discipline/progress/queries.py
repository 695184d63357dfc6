"""Where a month stands in the whole tree, and runs of months that ask for a look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Func, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import COUNTS, FORM, Progress
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.published import current
from yuanqing.org.unit.models import Unit


@dataclass(frozen=True)
class Branch:
    """报送树的一支: a unit with its own return, and the counts of everything below it."""

    record: MonthlyReturn
    below: Progress


def branches(rows: Any, above: str) -> list[Branch]:
    """The returns directly below a path (or at it, when `above` does not end in one), with counts of their subtrees."""
    counted = rows.filter(path__startswith=above).exclude(path=above).order_by()
    pattern = f"^{re.escape(above)}[^/]+/"
    at = Func(F("path"), Value(pattern), function="substring", output_field=CharField(db_collation="C"))
    groups = {
        row.pop("branch"): Progress(**row) for row in counted.annotate(branch=at).values("branch").annotate(**COUNTS)
    }
    tops = rows.filter(path__in=list(groups)).select_related("unit").order_by("path")
    return [Branch(record, groups[record.path]) for record in tops]


def history_of(units: Sequence[Any], months: Sequence[Month], rows: Any) -> dict[tuple[UUID, Month], MonthlyReturn]:
    """(unit, month) → return, as light rows for the map."""
    found = rows.filter(
        unit__in=units, period__month_on__gte=months[0].first_day, period__month_on__lte=months[-1].first_day
    )
    light = found.only(
        "unit_id", "state", "first_submitted_at", "due_at", "is_nil", "override_count", "period__month_on"
    )
    return {(row.unit_id, row.period.month): row for row in light.select_related("period")}


@dataclass(frozen=True)
class Streak:
    """连续情形: a run of months up to now that asks for a look, and what the register says meanwhile."""

    unit: Unit
    months: int
    since: Month
    registered: int = 0


def streaks(rows: Any, month: Month, kind: Q, least: int) -> list[Streak]:
    """Units whose reported returns were of this kind in each of at least so many months up to now."""
    rows = rows.filter(period__form=FORM, period__month_on__lte=month.first_day).order_by()
    others = rows.filter(unit=OuterRef("unit"), first_submitted_at__isnull=False).exclude(kind).values("unit")
    broken = Coalesce(Subquery(others.annotate(on=Max("period__month_on")).values("on")), Value(date.min))
    runs = rows.filter(kind, period__month_on__gt=broken, first_submitted_at__isnull=False).values("unit")
    runs = runs.annotate(length=Count("pk"), since=Min("period__month_on")).filter(length__gte=least)
    found = {run["unit"]: run for run in runs}
    units = Unit.objects.filter(pk__in=list(found)).order_by("path")
    return [Streak(unit, found[unit.pk]["length"], Month.of(found[unit.pk]["since"])) for unit in units]


def nil_streaks(rows: Any, month: Month, account: Any) -> list[Streak]:
    """Long runs of nil returns, with the matters registered about the unit in the same months."""
    found = streaks(rows, month, Q(is_nil=True), threshold("nil_streak"))
    register = Violation.objects.visible_to(account).standing().filter(unit__in=[streak.unit for streak in found])
    days: dict[UUID, list[date]] = {}
    for unit, day in register.filter(received_on__lt=month.next().first_day).values_list("unit_id", "received_on"):
        days.setdefault(unit, []).append(day)
    return [
        replace(streak, registered=sum(day >= streak.since.first_day for day in days.get(streak.unit.pk, [])))
        for streak in found
    ]


def mismatch_streaks(rows: Any, month: Month) -> list[Streak]:
    return streaks(rows, month, Q(override_count__gt=0), threshold("mismatch_streak"))


def threshold(code: str) -> int:
    return int(current("weights").entry(code).value)
