"""Which quarter is over, and by when a term may end at the latest; plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from yuanqing.kernel.almanac import Calendar, after


def last_quarter(today: date) -> tuple[str, date, date]:
    """(2026Q3, first day, last day) of the quarter before the one of this day."""
    year, quarter = (today.year, (today.month - 1) // 3) if today.month > 3 else (today.year - 1, 4)
    first, after_it = date(year, 3 * quarter - 2, 1), date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)
    return f"{year}Q{quarter}", first, after_it - timedelta(days=1)


def longest(deadline: Mapping[str, Any], starts_on: date, calendar: Calendar) -> date:
    """The last day to which a term may be prolonged: its ceiling, or one extension; without either it may not."""
    if deadline.get("ceiling"):
        return after(starts_on, int(deadline["ceiling"]), deadline["ceiling_unit"], calendar)
    due = after(starts_on, int(deadline["amount"]), deadline["unit"], calendar)
    if deadline.get("extension"):
        return after(due, int(deadline["extension"]), deadline["extension_unit"], calendar)
    return due


def escalation_is_due(due_at: datetime, due_on: date, last: date | None, now: datetime, today: date) -> bool:
    """Once the last minute is over, and every seventh day after the last escalation; the days are those of the place."""
    return now > due_at and (last is None or last < due_on or (today - last).days >= 7)


def named(listed: str, word: str) -> bool:
    """Whether a list of the pack names a word; an empty list names all."""
    return not listed or word in [one.strip() for one in listed.split(",")]
