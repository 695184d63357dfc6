"""页面标记: the pieces of which a page has dozens, written straight as HTML; a template for each would cost most of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yuanqing.shell import words

if TYPE_CHECKING:
    from yuanqing.shell.grid import Cell, Line
    from yuanqing.shell.listing import Shown
    from yuanqing.shell.navigation import Group, Item


def escaped(value: Any) -> str:
    return conditional_escape(value)


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; with a label it is read aloud."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    sprite = static("yuanqing/icons.svg")
    return format_html('<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>', said, sprite, name)


def badge(text: Any, tone: str = "grey") -> SafeString:
    return format_html('<span class="badge tone-{}">{}</span>', tone, text)


def clock(due: date | datetime | None, done: Any = "") -> SafeString:
    """A deadline with what is left of it, or with how it ended."""
    if not due:
        return format_html('<span class="clock muted">{}</span>', _("没有期限"))
    last = words.deadline(due)
    if done:
        return format_html('<span class="clock"><time datetime="{0}">{0}</time> <small>{1}</small></span>', last, done)
    left = words.clock(due)
    return format_html(
        '<span class="clock is-{0}"><time datetime="{1}">{1}</time> <small>{2}</small></span>',
        left["state"], last, left["text"],
    )  # fmt: skip


def cells(line: Iterable[Shown]) -> SafeString:
    """The cells of one row of a list."""
    return mark_safe("".join(map(_cell, line)))  # noqa: S308 each is escaped


def _cell(cell: Shown) -> str:
    column = cell.column
    inside = escaped(_value(cell))
    if cell.href:
        inside = f'<a href="{escaped(cell.href)}">{inside}</a>'
    phone = "" if column.phone else " not-phone"
    label = escaped(column.label)
    return f'<td class="{column.align} kind-{column.kind}{phone}" data-label="{label}">{inside}</td>'


def _value(cell: Shown) -> Any:
    kind, value = cell.column.kind, cell.value
    if kind == "badge":
        return badge(value, cell.tone)
    if kind == "clock" and cell.column.tone:
        return clock(value, cell.tone)
    if kind in WRITTEN:
        return WRITTEN[kind](value)
    if kind in LINKED and not cell.href:
        return words.link(value, kind)
    return "" if value is None else value


def grid_cells(line: Line, read_only: bool) -> SafeString:
    """The cells of one line of a grid: inputs, links to the records behind, or plain numbers."""
    label = escaped(line.label)
    return mark_safe("".join(_grid_cell(cell, label, read_only) for cell in line.cells))  # noqa: S308 each is escaped


def _grid_cell(cell: Cell, label: str, read_only: bool) -> str:
    style = "is-override" if cell.is_override else ""
    style += " is-wrong" if cell.error else ""
    name = escaped(cell.name)
    return f'<td id="{name}" class="{style}">{_grid_inside(cell, name, label, read_only)}</td>'


def _grid_inside(cell: Cell, name: str, label: str, read_only: bool) -> str:
    if cell.editable and not read_only:
        value = "" if cell.value is None else escaped(cell.value)
        known = "" if cell.prefilled is None else f' data-prefilled="{cell.prefilled}"'
        wrong = f' aria-invalid="true" title="{escaped(cell.error)}"' if cell.error else ""
        return (
            f'<input name="{name}" value="{value}" inputmode="numeric" autocomplete="off" data-cell{known}'
            f' aria-label="{label}"{wrong}>'
        )
    number = words.integer(cell.value)
    if cell.href:
        return f'<a href="{escaped(cell.href)}" data-cell-value>{number}</a>'
    return f"<span data-cell-value>{number}</span>"


def navigation_lines(groups: Iterable[Group]) -> SafeString:
    """The groups of the navigation with their lines."""
    return mark_safe("".join(map(_group, groups)))  # noqa: S308 each is escaped


def _group(group: Group) -> str:
    lines = "".join(f"<li>{_line(item)}</li>" for item in group.items)
    here = " is-current" if group.current else ""
    return f'<section class="nav-group{here}"><h2>{escaped(group.label)}</h2><ul>{lines}</ul></section>'


def _line(item: Item) -> str:
    here = ' class="is-current" aria-current="page"' if item.current else ""
    number = f'<span class="count">{item.number}</span>' if item.number else ""
    label = escaped(item.label)
    return f'<a href="{escaped(item.url)}" data-nav{here}>{icon(item.icon)}<span>{label}</span>{number}</a>'


WRITTEN: dict[str, Callable[[Any], Any]] = {
    "number": words.integer, "day": words.day, "moment": words.moment, "month": words.month_label,
    "percent": words.percent, "clock": clock,
}  # fmt: skip
LINKED = ("unit", "person", "clause")
