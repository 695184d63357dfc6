"""By how much a last day moves when its clock stood still; plain values in and out."""

from __future__ import annotations

from datetime import date

from yuanqing.kernel.almanac import Calendar


def moved(due_on: date, begins_on: date, resumed_on: date, unit: str, calendar: Calendar) -> date:
    """The new last day. The day of the pause itself does not count any more, the day of resumption is counted from.

    A term of working days keeps as many of them as were left when the pause began; any other moves by the days between.
    """
    if resumed_on <= begins_on:
        return due_on
    if unit != "workdays":
        return due_on + (resumed_on - begins_on)
    left = calendar.workdays_between(begins_on, due_on)
    return calendar.add_workdays(resumed_on, left) if left else resumed_on


def may_stop(clocks: str, clock: str) -> bool:
    """Whether what the pack lists for a ground names this clock."""
    return clock in [one.strip() for one in clocks.split(",")]
