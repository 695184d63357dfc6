"""表格行: the rows of lists, grids, pictures and selects, written straight as HTML: a page has hundreds of their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from yuanqing.shell import words
from yuanqing.shell.markup import badge, clock, escaped, linked, shown

if TYPE_CHECKING:
    from yuanqing.shell.charts import Chart
    from yuanqing.shell.filters import Option
    from yuanqing.shell.grid import Cell, Grid, Line
    from yuanqing.shell.listing import Column, Listing, Shown


def listing_rows(listing: Listing) -> SafeString:
    """The rows of one page of a list."""
    begins = {id(column): _begin(column) for column in listing.shown_columns}
    rows = ("".join(f"{begins[id(cell.column)]}{_inside(cell)}</td>" for cell in line) for line in listing.lines)
    return SafeString("".join(f"<tr>{row}</tr>" for row in rows))


def _begin(column: Column) -> str:
    """What every cell of a column begins with."""
    phone = "" if column.phone else " not-phone"
    return f'<td class="{column.align} kind-{column.kind}{phone}" data-label="{escaped(column.label)}">'


def _inside(cell: Shown) -> str:
    inside = escaped(_value(cell))
    return f'<a href="{escaped(cell.href)}">{inside}</a>' if cell.href else inside


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


def options(choices: Iterable[Option]) -> SafeString:
    """The choices of a filter, with how many rows each would leave."""
    return SafeString("".join(map(_option, choices)))


def _option(choice: Option) -> str:
    count = "" if choice.count is None else f"（{choice.count}）"
    chosen = " selected" if choice.chosen else ""
    return f'<option value="{escaped(choice.value)}"{chosen}>{escaped(choice.label)}{count}</option>'


def picture_rows(chart: Chart) -> SafeString:
    """The numbers of a picture as the rows of a table: the first of each row names it."""
    return SafeString("".join(f"<tr>{_numbers(row)}</tr>" for row in chart.rows))


def _numbers(row: tuple[Any, ...]) -> str:
    first, *rest = row
    cells = ("—" if value is None else shown(value) for value in rest)
    return f'<th scope="row">{shown(first)}</th>' + "".join(f'<td class="end">{cell}</td>' for cell in cells)


def picture_heads(chart: Chart) -> SafeString:
    first, *rest = chart.columns
    heads = "".join(f'<th scope="col" class="end">{shown(column)}</th>' for column in rest)
    return SafeString(f'<th scope="col">{shown(first)}</th>{heads}')


def heat_rows(chart: Chart) -> SafeString:
    """The rows of a heat map; its cells were written when it was counted."""
    lines = chart.extra["lines"]
    rows = (f'<th scope="row">{linked(line["label"], line["href"])}</th>{line["markup"]}' for line in lines)
    return SafeString("".join(f"<tr>{row}</tr>" for row in rows))


def grid_rows(grid: Grid) -> SafeString:
    """The lines of a grid with their sums, and the headings between them."""
    return SafeString("".join(_grid_row(line, grid) if line.cells else _grid_heading(line) for line in grid.lines))


def _grid_heading(line: Line) -> str:
    return f'<tr class="grid-heading"><th colspan="99" scope="rowgroup"><span>{shown(line.label)}</span></th></tr>'


def _grid_row(line: Line, grid: Grid) -> str:
    label = escaped(line.label)
    note = f"<small>{shown(line.note)}</small>" if line.note else ""
    cells = "".join(_grid_cell(cell, label, grid.read_only) for cell in line.cells)
    total = f'<td class="sum" data-row-sum>{words.integer(line.total)}</td>' if grid.sum_rows else ""
    return f'<tr><th scope="row" class="level-{line.level}">{label}{note}</th>{cells}{total}</tr>'


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


WRITTEN: dict[str, Callable[[Any], Any]] = {
    "number": words.integer, "day": words.day, "moment": words.moment, "month": words.month_label,
    "percent": words.percent, "clock": clock,
}  # fmt: skip
LINKED = ("unit", "person", "clause")
