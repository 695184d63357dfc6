"""Participation of a year by unit and group within the reader's scope; effects of what was taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.activity.queries import ATTENDED, GROUPS, in_group
from yuanqing.education.coverage import rules
from yuanqing.education.quiz.models import Attempt
from yuanqing.education.quiz.queries import effect
from yuanqing.education.quiz.rules import Effect
from yuanqing.kernel.almanac import Month, end_of, start_of
from yuanqing.kernel.figures import values
from yuanqing.org.unit.models import Unit, within

CAPABILITY = "education.activity.view"
PROBLEMS = "violation.problems"  # 查处问题数, by type; the register of violations counts it


def focus_of(account: Any, code: str) -> tuple[Unit | None, list[Unit]]:
    """The unit looked at (by code, else the highest in scope), and those directly below it."""
    seen = Unit.objects.filter(within(account.scopes(CAPABILITY))).active()
    focus = seen.filter(code=code).first() if code else None
    focus = focus or seen.order_by("path").first()
    return focus, list(seen.filter(parent=focus).order_by("path")) if focus else []


def of_year(account: Any, year: int) -> QuerySet[Any]:
    """What people within the scope were to attend by a day of the year."""
    rows = Participation.objects.filter(within(account.scopes(CAPABILITY), "unit__path")).due()
    found: QuerySet[Any] = rows.filter(due_at__range=(start_of(date(year, 1, 1)), end_of(date(year, 12, 31))))
    return found


@dataclass(frozen=True)
class Cell:
    """应参加和已参加: of a group of people in a unit with all below it."""

    invited: int = 0
    attended: int = 0

    @property
    def missing(self) -> int:
        return self.invited - self.attended

    @property
    def share(self) -> int | None:
        return self.attended * 10_000 // self.invited if self.invited else None


def cells(rows: QuerySet[Any], focus: Unit) -> dict[tuple[str, str], Cell]:
    """(code of the unit below the focus, or "" for the focus itself, group) → numbers; one statement."""
    level = focus.path.count("/") + 1
    below = Func(F("unit__path"), Value("/"), Value(level), function="split_part", output_field=CharField())
    within_focus = rows.filter(unit__path__startswith=focus.path).order_by()
    counted = within_focus.annotate(below=below, group=in_group()).values("below", "group")
    counted = counted.annotate(invited=Count("pk"), attended=Count("pk", filter=ATTENDED))
    return {(row["below"], row["group"]): Cell(row["invited"], row["attended"]) for row in counted}


def together(found: dict[tuple[str, str], Cell], *, below: str | None = None, group: str | None = None) -> Cell:
    """The sum over a unit, over a group, or over everything."""
    chosen = [
        cell
        for (unit, kind), cell in found.items()
        if (below is None or unit == below) and (group is None or kind == group)
    ]
    return Cell(sum(cell.invited for cell in chosen), sum(cell.attended for cell in chosen))


def missing(account: Any, year: int) -> QuerySet[Any]:
    """Those who have not attended, by name, with the group each is counted in."""
    rows = of_year(account, year).filter(~ATTENDED).select_related("person", "unit", "activity")
    found: QuerySet[Any] = rows.annotate(group=in_group())
    return found


@dataclass(frozen=True)
class Outcome:
    """一项活动的效果: the same people before and after, and problems under the clauses it taught."""

    activity: Activity
    quiz: Effect
    recurrence: rules.Recurrence | None

    @property
    def before_points(self) -> str:
        return f"{self.quiz.before / 100:.1f}"

    @property
    def after_points(self) -> str:
        return f"{self.quiz.after / 100:.1f}"


def outcomes(account: Any, year: int, today: date) -> list[Outcome]:
    """Activities of the year that were announced, with what changed; two statements besides those of the quizzes."""
    activities = list(
        Activity.objects.visible_to(account)
        .filter(begins_on__year=year, state__in=("announced", "ended"))
        .select_related("unit")
        .annotate(sat=Count("quizzes__attempts", filter=Q(quizzes__attempts__state="marked")))
        .order_by("begins_on", "pk")
    )
    counted = _problems(account, year, today)
    attempts = Attempt.objects.visible_to(account)
    nobody = Effect(0, 0, 0, 0)
    return [
        Outcome(one, effect(one, attempts) if one.sat else nobody, _recurrence(one, counted, today))  # type: ignore[attr-defined]
        for one in activities
    ]


def _problems(account: Any, year: int, today: date) -> list[tuple[str, int, str, int]]:
    """(path of the unit, month, clause, problems) within the scope, from half a year before the year until now."""
    months = [Month(year - 1, 7).plus(n) for n in range(24)]
    seen = Unit.objects.filter(within(account.scopes(CAPABILITY)))
    past = [month for month in months if month.first_day <= today]
    if not past:
        return []
    counted = [
        (one.unit_id, _number(one.month), one.dims["type"], one.value)
        for one in values(PROBLEMS, past, units=seen, by=("type",))
        if one.value and one.unit_id
    ]
    paths = dict(Unit.objects.filter(pk__in={row[0] for row in counted}).values_list("pk", "path"))
    return [(paths[unit], month, clause, count) for unit, month, clause, count in counted]


def _number(month: Month) -> int:
    return month.year * 12 + month.month


def _recurrence(
    activity: Activity, counted: Sequence[tuple[str, int, str, int]], today: date
) -> rules.Recurrence | None:
    """Where the activity was held: problems of other units say nothing about it."""
    codes: Sequence[str] = [one.partition(".")[2] for one in activity.clauses]
    if not codes:
        return None
    there = rules.below(counted, activity.unit.path)
    return rules.recurrence(there, codes, _number(Month.of(activity.begins_on)), _number(Month.of(today)))


__all__ = ["GROUPS", "Cell", "Outcome", "cells", "focus_of", "missing", "of_year", "outcomes", "together"]
