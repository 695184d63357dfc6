"""Periods of sanctions: how long a decision bars what, and what a later decision does to one that still runs.

Plain values only. Which sanction bars what for how long is a table of the pack `sanctions`, with its sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from yuanqing.kernel.almanac import Month

Start = Literal["decision", "restoration"]
FOR_GOOD = date.max


@dataclass(frozen=True, slots=True)
class Term:
    """时长: whole months and the days that are left over."""

    months: int = 0
    days: int = 0

    def __bool__(self) -> bool:
        return bool(self.months or self.days)


@dataclass(frozen=True, slots=True)
class Bar:
    """影响: one thing that a sanction bars; `months` is None where it bars for good or until somebody decides."""

    sanction: str
    bars: str
    months: int | None
    start: Start = "decision"
    family: str = ""  # sanctions of one family prolong one another
    ceiling: int | None = None  # the longest that one period may become when it is prolonged, in months


@dataclass(frozen=True, slots=True)
class Decision:
    """决定: one sanction of one person; `months` where the decision itself chose the length."""

    sanction: str
    decided_on: date
    months: int | None = None
    restored_on: date | None = None
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """影响期: what is barred from one day to another, both included, and how much an earlier period added."""

    sanction: str
    bars: str
    starts_on: date
    ends_on: date
    added: Term = Term()
    family: str = ""

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def ends_before(start: date, months: int) -> date:
    """The day after a term of months whose first day is `start`.

    Six months from 15 January are over on 15 July; where the month has no such day, on the first of the next.
    """
    month = Month.of(start).plus(months)
    if start.day <= month.last_day.day:
        return date(month.year, month.month, start.day)
    return month.next().first_day


def last_day(start: date, term: Term) -> date:
    """The last day of a term whose first day is `start`: months first, then days."""
    return ends_before(start, term.months) + timedelta(days=term.days - 1)


def left(day: date, ends_on: date) -> Term:
    """What is left of a period from `day`, included, to its last day; nothing when it is over."""
    if day > ends_on:
        return Term()
    after, months = ends_on + timedelta(days=1), 0
    while ends_before(day, months + 1) <= after:
        months += 1
    return Term(months, (after - ends_before(day, months)).days)


def prolonged(start: date, months: int, rest: Term, ceiling: int | None = None) -> date:
    """The last day of a new period to which the rest of an earlier one is added, never beyond the ceiling.

    Example of the Central Commission (2016): a warning of January and a serious warning of July of one year run
    together for two years from July.
    """
    whole = last_day(start, Term(months + rest.months, rest.days))
    return whole if ceiling is None else min(whole, last_day(start, Term(ceiling)))


def for_several(months: int, count: int, ceiling: int) -> tuple[int, int]:
    """Least and most months of one period for several identical sanctions decided together.

    Between one period and their sum, at most the ceiling (Act on Administrative Sanctions for Public Officials).
    """
    if count < 1 or months < 1:
        raise ValueError(f"{count} sanctions of {months} months")
    return min(months, ceiling), min(months * count, ceiling)


def running(decisions: Iterable[Decision], bars: Sequence[Bar]) -> list[Running]:
    """Every period that the decisions about one person give, in the order of their dates.

    A decision inside a running period of the same family and for the same thing starts a new period on its own date
    and adds what was left of the earlier one, which ends the day before.
    """
    found: list[Running] = []
    standing = [d for d in decisions if not d.is_revoked]
    for decision in sorted(standing, key=lambda d: d.decided_on):
        for bar in (b for b in bars if b.sanction == decision.sanction):
            one = _period(decision, bar)
            if one is not None:
                found = [*_cut_short(found, one), _joined(found, one, decision, bar)]
    return found


def _period(decision: Decision, bar: Bar) -> Running | None:
    """The period without regard to others; None while the day on which it begins is not known."""
    start = decision.decided_on if bar.start == "decision" else decision.restored_on
    if start is None:
        return None
    months = decision.months if bar.start == "decision" and decision.months is not None else bar.months
    end = FOR_GOOD if months is None else last_day(start, Term(months))
    return Running(bar.sanction, bar.bars, start, end, family=bar.family)


def _same(one: Running, other: Running) -> bool:
    return bool(one.family) and (one.family, one.bars) == (other.family, other.bars)


def _cut_short(found: Sequence[Running], new: Running) -> list[Running]:
    """What was running ends the day before the new period, which contains its rest."""
    eve = new.starts_on - timedelta(days=1)
    return [
        replace(one, ends_on=eve) if _same(one, new) and one.starts_on < new.starts_on <= one.ends_on else one
        for one in found
        if not (_same(one, new) and one.starts_on == new.starts_on and one.ends_on <= new.ends_on)
    ]


def _joined(found: Sequence[Running], new: Running, decision: Decision, bar: Bar) -> Running:
    rests = [left(new.starts_on, one.ends_on) for one in found if _same(one, new) and one.starts_on < new.starts_on]
    rest = max(rests, key=lambda term: (term.months, term.days), default=Term())
    months = decision.months if decision.months is not None and bar.start == "decision" else bar.months
    if months is None or not rest:
        return new
    return replace(new, ends_on=prolonged(new.starts_on, months, rest, bar.ceiling), added=rest)


def barred(periods: Iterable[Running], day: date) -> list[Running]:
    """What is barred on that day, the longest first: the ground of an integrity opinion (党风廉政意见)."""
    return sorted((p for p in periods if p.covers(day)), key=lambda p: (p.ends_on, p.sanction), reverse=True)
