"""The almanac: months, working days, due days and the windows in which a form may be filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTH_PATTERN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """月份: one calendar month, the rhythm of every return and bulletin."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (date.min.year <= self.year <= date.max.year and 1 <= self.month <= 12):
            raise ValueError(_("月份不存在：%(year)s年%(month)s月。") % {"year": self.year, "month": self.month})

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2026-10"; anything else is refused with a sentence a clerk understands."""
        found = MONTH_PATTERN.fullmatch(text.strip())
        if found is None:
            raise ValueError(_("月份应写成“2026-10”的样子，收到的是“%(text)s”。") % {"text": text})
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def label(self) -> str:
        return _label(self, get_language())

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date.max if (self.year, self.month) == (9999, 12) else self.next().first_day - timedelta(days=1)

    def plus(self, months: int) -> Month:
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    def next(self) -> Month:
        return self.plus(1)

    def previous(self) -> Month:
        return self.plus(-1)

    def year_ago(self) -> Month:
        return self.plus(-12)


@lru_cache(maxsize=4096)
def _label(month: Month, _language: str | None) -> str:
    """A page of months asks for the same few a hundred times."""
    return dateformat.format(month.first_day, pgettext("date format", "Y年n月"))


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included; nothing when last lies before first."""
    month = first
    while month <= last:
        yield month
        month = month.next()


Unit = Literal["hours", "days", "workdays", "months", "years"]


class DuePolicy(StrEnum):
    """顺延方式: where a due day goes that is no working day."""

    FIXED = "fixed"
    NEXT_WORKDAY = "next_workday"
    PREVIOUS_WORKDAY = "previous_workday"

    @property
    def label(self) -> str:
        labels = {
            "fixed": _("固定日期"),
            "next_workday": _("顺延到下一工作日"),
            "previous_workday": _("提前到上一工作日"),
        }
        return labels[self.value]


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历: statutory holidays and make-up workdays of the years it covers.

    Outside those years only weekends are free, and every date computed there is provisional: the yearly notice
    of the State Council may still move it.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    covers: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day not in self.holidays and day.isoweekday() <= 5

    def is_provisional(self, day: date) -> bool:
        return day.year not in self.covers

    def next_workday(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def previous_workday(self, day: date) -> date:
        """The day itself when it is a working day, else the last one before it."""
        while not self.is_workday(day):
            day -= timedelta(days=1)
        return day

    def add_workdays(self, start: date, amount: int) -> date:
        """The amount-th working day after start (before it when negative); start itself is never counted."""
        step = timedelta(days=1 if amount >= 0 else -1)
        day = start
        for _counted in range(abs(amount)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after start up to and including end."""
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def shift(self, day: date, policy: DuePolicy) -> date:
        if policy is DuePolicy.NEXT_WORKDAY:
            return self.next_workday(day)
        if policy is DuePolicy.PREVIOUS_WORKDAY:
            return self.previous_workday(day)
        return day


def day_in(month: Month, day: int) -> date:
    """That day of the month; the 31st of a shorter month is its last day."""
    return date(month.year, month.month, min(day, month.last_day.day))


def add_months(start: date, amount: int) -> date:
    """31 January plus one month is the last day of February."""
    return day_in(Month.of(start).plus(amount), start.day)


def after(start: date, amount: int, unit: Unit, calendar: Calendar) -> date:
    """The last day of a term that begins with an event on start; the day of the event is not counted.

    Hours are given whole days here, rounded up; `moment_after` keeps them exact.
    """
    if unit == "workdays":
        return calendar.add_workdays(start, amount)
    if unit == "months":
        return add_months(start, amount)
    if unit == "years":
        return add_months(start, 12 * amount)
    return start + timedelta(days=-(-amount // 24) if unit == "hours" else amount)


def moment_after(start: datetime, amount: int, unit: Unit, calendar: Calendar) -> datetime:
    """The last instant of a term: hours run from the instant itself, everything else to the end of the last day."""
    if unit == "hours":
        return start + timedelta(hours=amount)
    return end_of(after(start.astimezone(SHANGHAI).date(), amount, unit, calendar))


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def end_of(day: date) -> datetime:
    """The last microsecond of the day.

    Ends are inclusive (`instant <= due_at` is in time): the clock of PostgreSQL and of Python counts microseconds,
    so nothing lies between this and midnight, and "23:59 on the 5th" reads as people say it.
    """
    return datetime.combine(day, time.max, tzinfo=SHANGHAI)


def due_date(
    month: Month,
    day: int = 5,
    offset_months: int = 1,
    policy: DuePolicy = DuePolicy.FIXED,
    calendar: Calendar = Calendar(),
) -> date:
    """The day on which something about the month is due."""
    return calendar.shift(day_in(month.plus(offset_months), day), policy)


class DueRule(BaseModel):
    """报送期限: the due rule of a form or obligation, as packs write it.

    Counted in this order: due day (moved by the policy), grace after the due day, lock after the grace.
    A yearly rule names its month and the offset counts years instead of months.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: int = Field(ge=1, le=31)
    month: int | None = Field(default=None, ge=1, le=12)
    offset: int = Field(default=1, ge=0, le=12)
    policy: DuePolicy = DuePolicy.FIXED
    opens_day: int = Field(default=1, ge=1, le=31)
    grace: int = Field(default=0, ge=0, le=366)
    grace_unit: Literal["days", "workdays"] = "workdays"
    lock: int = Field(default=0, ge=0, le=366)
    lock_unit: Literal["days", "workdays"] = "workdays"

    def due_month(self, month: Month) -> Month:
        return month.plus(self.offset) if self.month is None else Month(month.year + self.offset, self.month)

    def due_on(self, month: Month, calendar: Calendar) -> date:
        return due_date(self.due_month(month), self.day, 0, self.policy, calendar)

    def window(self, month: Month, calendar: Calendar) -> Window:
        due = self.due_on(month, calendar)
        grace = after(due, self.grace, self.grace_unit, calendar)
        locks = after(grace, self.lock, self.lock_unit, calendar)
        opens = min(day_in(self.due_month(month), self.opens_day), due)
        return Window(start_of(opens), end_of(due), end_of(grace), end_of(locks), calendar.is_provisional(due))


@dataclass(frozen=True, slots=True)
class Window:
    """填报时段: when a form opens, is due, stops being excused and locks; every end is inclusive."""

    opens_at: datetime
    due_at: datetime
    grace_until: datetime
    locks_at: datetime
    is_provisional: bool = False

    def __post_init__(self) -> None:
        if not self.opens_at <= self.due_at <= self.grace_until <= self.locks_at:
            raise ValueError(_("填报时段的次序应为：开放、截止、宽限、锁定。"))

    def state(self, instant: datetime) -> Literal["early", "open", "grace", "late", "locked"]:
        if instant < self.opens_at:
            return "early"
        if instant <= self.due_at:
            return "open"
        if instant <= self.grace_until:
            return "grace"
        return "late" if instant <= self.locks_at else "locked"

    def days_late(self, instant: datetime) -> int:
        """Calendar days after the due day, 0 when in time; the 6th is one day late for the 5th."""
        return max(0, (instant.astimezone(SHANGHAI).date() - self.due_at.date()).days)
