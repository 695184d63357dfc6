"""书写: how dates, numbers, deadlines and links are written everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.utils import dateformat, timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yuanqing.kernel.almanac import Month

THIN = "\u202f"
MINUS = "−"
LAST_MINUTE = time(23, 59)


def local(value: datetime) -> datetime:
    """The same instant in the organisation's time zone; a value without a zone is of that zone."""
    return timezone.localtime(value) if timezone.is_aware(value) else value


def local_day(value: date | datetime) -> date:
    """The calendar day in the organisation's time zone."""
    return local(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """2026-11-05, as in tables."""
    return local_day(value).isoformat() if value else ""


def long_day(value: date | datetime | None) -> str:
    """2026年11月5日, as in documents."""
    return dateformat.format(local_day(value), pgettext("date format", "Y年n月j日")) if value else ""


def moment(value: datetime | None) -> str:
    """2026-11-05 10:32"""
    return local(value).strftime("%Y-%m-%d %H:%M") if value else ""


def relative(value: date | datetime | None) -> str:
    """今天 / 还有 3 天 / 3 天前; only ever shown beside the absolute date."""
    if not value:
        return ""
    days = (local_day(value) - timezone.localdate()).days
    if days == 0:
        return _("今天")
    if days > 0:
        return ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days}
    return ngettext("%(days)d 天前", "%(days)d 天前", -days) % {"days": -days}


def is_to_the_minute(due: date | datetime) -> bool:
    """Whether it ends within its day: what ends with the day is told by the day."""
    return isinstance(due, datetime) and local(due).time() < LAST_MINUTE


def deadline(due: date | datetime) -> str:
    """2026-11-05, and 2026-11-05 10:32 where it ends within the day."""
    return moment(due) if isinstance(due, datetime) and is_to_the_minute(due) else day(due)


def clock(due: date | datetime) -> dict[str, str]:
    """State of a deadline: overdue (red), soon (amber: within three days), open."""
    days = (local_day(due) - timezone.localdate()).days
    if days < 0:
        return {"state": "overdue", "text": ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}}
    left = due - timezone.now() if isinstance(due, datetime) and timezone.is_aware(due) else None
    if left is not None and left < timedelta():
        return {"state": "overdue", "text": _("已逾期")}
    if left is not None and left < timedelta(days=1) and is_to_the_minute(due):
        return {"state": "soon", "text": _left(left)}
    return {"state": "soon" if days <= 3 else "open", "text": relative(due)}


def _left(span: timedelta) -> str:
    """还有 5 小时 / 还有 20 分钟: whole ones, of less than a day."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours:
        return ngettext("还有 %(hours)d 小时", "还有 %(hours)d 小时", hours) % {"hours": hours}
    return ngettext("还有 %(minutes)d 分钟", "还有 %(minutes)d 分钟", minutes) % {"minutes": minutes}


def integer(value: Any) -> str:
    """12 345 with thin spaces; an empty value stays empty."""
    if value is None or value == "":
        return ""
    return f"{int(value):,}".replace(",", THIN).replace("-", MINUS)


def percent(basis_points: int | None, digits: int = 1) -> str:
    """1234 basis points -> 12.3%; integer arithmetic, half away from zero."""
    if basis_points is None:
        return ""
    unit = 10 ** (2 - digits)
    rounded = (abs(basis_points) + unit // 2) // unit
    whole, rest = divmod(rounded, 10**digits)
    sign = MINUS if basis_points < 0 and rounded else ""
    return f"{sign}{whole}.{rest:0{digits}d}%" if digits else f"{sign}{whole}%"


def month_label(value: Month | date | str | None) -> str:
    """2026年10月 of a month, a day in it, or "2026-10"."""
    if not value:
        return ""
    month = Month.parse(value) if isinstance(value, str) else Month.of(value) if isinstance(value, date) else value
    return month.label


def delta(change: int | None) -> str:
    """+3 / −3 / 持平"""
    if change is None:
        return ""
    return _("持平") if change == 0 else f"{'+' if change > 0 else MINUS}{integer(abs(change))}"


def link(thing: Any, kind: str) -> str | SafeString:
    if thing is None or thing == "":
        return ""
    url = thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else ""
    text = str(thing)
    return SafeString(f'<a class="ref ref-{kind}" href="{escape(url)}">{escape(text)}</a>') if url else text


def query_string(current: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    kept: dict[str, Any] = {key: value for key, value in current.items() if key not in changes}
    kept |= {key: value for key, value in changes.items() if value not in (None, "")}
    return "?" + urlencode(kept, doseq=True)
