"""The almanac: months, working days, due days and the windows in which a form may be filled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
        return dateformat.format(self.first_day, pgettext("date format", "Y年n月"))

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


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included; nothing when last lies before first."""
    month = first
    while month <= last:
        yield month
        month = month.next()
