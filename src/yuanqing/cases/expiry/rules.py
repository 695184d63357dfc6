"""What is over and what is near: a last day lasts to its end, a last minute to the minute; plain values in and out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from yuanqing.kernel.almanac import SHANGHAI, end_of

End = date | datetime  # a last day, or a last minute where hours count


def last_instant(end: End) -> datetime:
    return end if isinstance(end, datetime) else end_of(end)


def is_over(end: End, now: datetime) -> bool:
    return last_instant(end) < now


def is_near(end: End, now: datetime, within: timedelta) -> bool:
    """Not over, and ending by the end of so many days from today."""
    return now <= last_instant(end) <= end_of(now.astimezone(SHANGHAI).date() + within)
