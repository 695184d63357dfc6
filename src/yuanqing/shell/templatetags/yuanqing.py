"""How dates, numbers and links are written on every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, NumberInput, RadioSelect, Select
from django.template import Context
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yuanqing.kernel.almanac import Month
from yuanqing.org.access.policies import refusal
from yuanqing.org.access.queries import unit_of
from yuanqing.shell.charts import sparkline

register = template.Library()
THIN = "\u202f"
MINUS = "−"


def local_day(value: date | datetime) -> date:
    """The calendar day in the organisation's time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-11-05, as in tables."""
    return local_day(value).isoformat() if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """2026年11月5日, as in documents."""
    return dateformat.format(local_day(value), pgettext("date format", "Y年n月j日")) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-05 10:32"""
    if not value:
        return ""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")


@register.filter
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


@register.filter
def clock(due: date | datetime | None) -> dict[str, str]:
    """State of a deadline: overdue (red), soon (amber: within three days), open."""
    if not due:
        return {"state": "open", "text": _("没有期限")}
    days = (local_day(due) - timezone.localdate()).days
    if days < 0:
        return {"state": "overdue", "text": ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}}
    return {"state": "soon" if days <= 3 else "open", "text": relative(due)}


@register.filter
def integer(value: Any) -> str:
    """12 345 with thin spaces; an empty value stays empty."""
    if value is None or value == "":
        return ""
    return f"{int(value):,}".replace(",", THIN).replace("-", MINUS)


@register.filter
def percent(basis_points: int | None, digits: int = 1) -> str:
    """1234 basis points -> 12.3%; integer arithmetic, half away from zero."""
    if basis_points is None:
        return ""
    unit = 10 ** (2 - digits)
    rounded = (abs(basis_points) + unit // 2) // unit
    whole, rest = divmod(rounded, 10**digits)
    sign = MINUS if basis_points < 0 and rounded else ""
    return f"{sign}{whole}.{rest:0{digits}d}%" if digits else f"{sign}{whole}%"


@register.filter
def month_label(value: Month | date | str | None) -> str:
    """2026年10月 of a month, a day in it, or "2026-10"."""
    if not value:
        return ""
    month = Month.parse(value) if isinstance(value, str) else Month.of(value) if isinstance(value, date) else value
    return month.label


@register.filter
def delta(change: int | None) -> str:
    """+3 / −3 / 持平"""
    if change is None:
        return ""
    return _("持平") if change == 0 else f"{'+' if change > 0 else MINUS}{integer(abs(change))}"


def _link(thing: Any, kind: str) -> str | SafeString:
    if thing is None or thing == "":
        return ""
    url = thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else ""
    text = str(thing)
    return format_html('<a class="ref ref-{}" href="{}">{}</a>', kind, url, text) if url else text


@register.filter
def unit_link(unit: Any) -> str | SafeString:
    return _link(unit, "unit")


@register.filter
def person_link(person: Any) -> str | SafeString:
    return _link(person, "person")


@register.filter
def clause_link(clause: Any) -> str | SafeString:
    return _link(clause, "clause")


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget of a form field in the house style."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return field.as_widget()
    if isinstance(widget, NumberInput):
        # A number box of the browser throws away what it cannot read; nothing typed may be lost.
        widget.input_type = "text"
        widget.attrs.setdefault("inputmode", "numeric")
    style = "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"
    if isinstance(widget, Select):
        style = "form-select"
    wrong = " is-invalid" if field.errors else ""
    given = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{style}{wrong} {given}".strip()})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def spark(values: list[int | None]) -> dict[str, Any]:
    return sparkline(values)


@register.simple_tag
def json_data(value: Any, element_id: str) -> SafeString:
    """A data block that scripts read: `<script type="application/json" id=…>`."""
    return json_script(asdict(value) if is_dataclass(value) and not isinstance(value, type) else value, element_id)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query string of this page with some parameters replaced; None or "" removes one."""
    request = context.get("request")
    current = request.GET.copy() if request else None
    return query_string(dict(current.lists()) if current else {}, changes)


def query_string(current: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    kept: dict[str, Any] = {key: value for key, value in current.items() if key not in changes}
    kept |= {key: value for key, value in changes.items() if value not in (None, "")}
    return "?" + urlencode(kept, doseq=True)


@register.filter
def prose(value: str) -> SafeString:
    """Text with the few marks of Markdown, as HTML that is safe to show."""
    from yuanqing.shell.document.prose import render

    return render(value or "")


@register.simple_tag(takes_context=True)
def who_sees(context: Any, record: Any) -> str:
    """The link to who may see this record, for those who may know; "" for everybody else."""
    account = context["request"].user
    if not account.can("org.access.view") or refusal("view", unit_of(record), by=account):
        return ""
    address = reverse("access:record", args=[record._meta.label_lower, record.pk])
    return format_html('<p class="who-sees"><a href="{}">{}</a></p>', address, _("谁能看到这条记录"))
