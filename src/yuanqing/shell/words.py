"""书写: how dates, numbers, deadlines and links are written everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yuanqing.kernel.almanac import Month

THIN = "\u202f"
MINUS = "−"


def local_day(value: date | datetime) -> date:
    """The calendar day in the organisation's time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: date | datetime | None) -> str:
    """2026-11-05, as in tables."""
    return local_day(value).isoformat() if value else ""


def long_day(value: date | datetime | None) -> str:
    """2026年11月5日, as in documents."""
    return dateformat.format(local_day(value), pgettext("date format", "Y年n月j日")) if value else ""


def moment(value: datetime | None) -> str:
    """2026-11-05 10:32"""
    if not value:
        return ""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")


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


def clock(due: date | datetime) -> dict[str, str]:
    """State of a deadline: overdue (red), soon (amber: within three days), open."""
    days = (local_day(due) - timezone.localdate()).days
    if days < 0:
        return {"state": "overdue", "text": ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}}
    if days == 0 and isinstance(due, datetime) and due < timezone.now():
        return {"state": "overdue", "text": _("已逾期")}
    return {"state": "soon" if days <= 3 else "open", "text": relative(due)}


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
    return format_html('<a class="ref ref-{}" href="{}">{}</a>', kind, url, text) if url else text


def query_string(current: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    kept: dict[str, Any] = {key: value for key, value in current.items() if key not in changes}
    kept |= {key: value for key, value in changes.items() if value not in (None, "")}
    return "?" + urlencode(kept, doseq=True)
