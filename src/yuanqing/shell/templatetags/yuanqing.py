"""How dates, numbers, links and the small pieces of a page are written in templates."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, NumberInput, RadioSelect, Select
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yuanqing.org.access.policies import refusal
from yuanqing.org.access.queries import unit_of
from yuanqing.shell import markup, rows, words
from yuanqing.shell.charts import sparkline

register = template.Library()
for written in (words.day, words.long_day, words.moment, words.integer, words.percent, words.month_label, words.delta):
    register.filter(written)
for drawn in (
    markup.icon, markup.badge, markup.clock, markup.tree,
    rows.listing_rows, rows.options, rows.picture_heads, rows.picture_rows, rows.heat_rows, rows.grid_rows,
):  # fmt: skip
    register.simple_tag(drawn)


@register.simple_tag(takes_context=True)
def unit_link(context: Context, unit: Any) -> str | SafeString:
    """The unit's name, which leads to its page where that is open to the reader."""
    if unit and not context["request"].user.can("org.unit.view", unit):
        return str(unit)
    return words.link(unit, "unit")


@register.filter
def person_link(person: Any) -> str | SafeString:
    return words.link(person, "person")


@register.filter
def clause_link(clause: Any) -> str | SafeString:
    return words.link(clause, "clause")


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
    return words.query_string(dict(current.lists()) if current else {}, changes)


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
