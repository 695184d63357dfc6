"""Periods by form and month, their windows before they open, and due times with extensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from yuanqing.kernel.almanac import Calendar, DuePolicy, DueRule, Month, Window, day_in
from yuanqing.kernel.packs.calendar import CALENDAR, calendar_in_force
from yuanqing.kernel.packs.published import current
from yuanqing.norms.period import rules
from yuanqing.norms.period.models import Extension, Period
from yuanqing.org.unit.models import Unit


def period_of(form: str, month: Month) -> Period | None:
    found: Period | None = Period.objects.filter(form=form, month_on=month.first_day).first()
    return found


def due_rule(form: str, on: date | None = None) -> DueRule:
    """The due rule in force on a day for a form; NotInForce or KeyError when the packs do not say."""
    name, _dot, code = rules.UNDER[form].partition(".")
    rule: DueRule = current(name, on).entry(code).due
    return rule


def day_titles(on: date | None = None) -> dict[date, str]:
    """The days that the calendar in force names, with what it calls them."""
    return {day.on: day.label for day in current(CALENDAR, on).of_kind("day")}


def window_now(form: str, month: Month, on: date | None = None) -> Window:
    """The window the month would get if it were opened on the day (today)."""
    return due_rule(form, on).window(month, calendar_in_force(on))


def due_at(period: Period, unit: Unit) -> datetime:
    """When the unit's report is due, with its extensions."""
    latest = Extension.objects.filter(period=period, unit=unit).order_by("-until").first()
    return max(period.due_at, latest.until) if latest else period.due_at


def effective_due(period: str = "period_id", unit: str = "unit_id", default: str = "due_at") -> Coalesce:
    """An ORM expression for rows of a unit in a period: its latest extension, else the column `default`."""
    latest = Extension.objects.filter(period=OuterRef(period), unit=OuterRef(unit)).order_by("-until")
    return Coalesce(Subquery(latest.values("until")[:1]), F(default))


def is_locked(period: Period, at: datetime | None = None) -> bool:
    """After the lock, or once the month is closed, nothing of it changes any more."""
    return period.state != "open" or (at or timezone.now()) > period.locks_at


@dataclass(frozen=True)
class Due:
    """截止安排: one month of the calendar page."""

    month: Month
    window: Window
    reason: str
    period: Period | None

    @property
    def due_on(self) -> date:
        return timezone.localtime(self.window.due_at).date()


def year_of(form: str, year: int) -> list[Due]:
    """The months whose reports fall due in the year: as frozen where they are open, else as the rule in force says."""
    rule, calendar, titles = due_rule(form), calendar_in_force(), day_titles()
    months = [Month(year, n).plus(-rule.offset) for n in range(1, 13)]
    days = [m.first_day for m in months]
    opened = {p.month: p for p in Period.objects.filter(form=form, month_on__in=days)}
    return [_due(month, rule, calendar, titles, opened.get(month)) for month in months]


def _due(month: Month, rule: DueRule, calendar: Calendar, titles: Any, period: Period | None) -> Due:
    if period is None:
        window, policy, nominal = rule.window(month, calendar), rule.policy, day_in(rule.due_month(month), rule.day)
    else:
        frozen = frozen_rule(period)
        window, policy, nominal = period.window, DuePolicy(period.policy), day_in(frozen.due_month(month), frozen.day)
    due = timezone.localtime(window.due_at).date()
    return Due(month, window, rules.reason(nominal, due, policy, calendar, titles), period)


def frozen_rule(period: Period) -> DueRule:
    """The due rule as it stood when the period opened."""
    return DueRule.model_validate(period.rule) if period.rule else due_rule(period.form)
