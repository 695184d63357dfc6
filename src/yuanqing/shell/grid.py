"""填报表格: the rows and columns of a monthly return, as inputs that also work without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Cell:
    """One number to fill: `prefilled` is what the records say, `value` what the return says."""

    name: str
    value: int | str | None = None
    prefilled: int | None = None
    past: tuple[int | None, ...] = ()  # last twelve months, oldest first
    href: str = ""  # the records behind the prefilled number
    error: Text = ""
    reason: Text = ""  # why the value differs from the records
    editable: bool = True

    @property
    def is_override(self) -> bool:
        return self.prefilled is not None and self.value is not None and str(self.value) != str(self.prefilled)


@dataclass(frozen=True)
class Line:
    """One row of the grid; a heading has no cells."""

    label: Text
    cells: tuple[Cell, ...] = ()
    level: int = 0
    note: Text = ""

    @property
    def total(self) -> int:
        return total(self.cells)


@dataclass(frozen=True)
class Grid:
    """The whole table with its sums; `name` is unique on the page."""

    name: str
    columns: Sequence[Text]
    lines: Sequence[Line]
    corner: Text = ""
    months: Sequence[str] = ()  # labels of the last twelve months
    sum_rows: bool = True
    sum_columns: bool = True
    read_only: bool = False
    groups: Sequence[tuple[Text, int]] = ()  # a head above the columns: label, and how many columns it spans
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def cells(self) -> list[Cell]:
        return [cell for line in self.lines for cell in line.cells]

    @property
    def overrides(self) -> list[tuple[str, Cell]]:
        """Changed cells with the name a reader knows them by."""
        return [(name, cell) for name, cell in self.named() if cell.is_override]

    def named(self) -> list[tuple[str, Cell]]:
        return [
            (f"{line.label} · {column}", cell)
            for line in self.lines
            for column, cell in zip(self.full_columns, line.cells, strict=False)
        ]

    @property
    def full_columns(self) -> list[Text]:
        """The columns with the head above them."""
        above = [label for label, span in self.groups for _n in range(span)]
        return (
            [f"{head} · {column}" for head, column in zip(above, self.columns, strict=True)]
            if above
            else [*self.columns]
        )

    @property
    def sums(self) -> list[int]:
        """Foot of the table, one sum per column."""
        return [total([line.cells[i] for line in self.lines if line.cells]) for i in range(len(self.columns))]

    @property
    def grand_total(self) -> int:
        return sum(self.sums)

    @property
    def payload(self) -> dict[str, Any]:
        """What grid.js shows in the bar above the table."""
        cells = {
            cell.name: {"title": name, "past": list(cell.past), "prefilled": cell.prefilled, "href": cell.href}
            for name, cell in self.named()
        }
        return {"months": list(self.months), "cells": cells}


FULL_WIDTH = str.maketrans("０１２３４５６７８９－，", "0123456789-,")


def parse_cell(text: str) -> int | None:
    """What a clerk typed or pasted as a whole number; None when empty.

    Full-width digits, thousands separators and spaces are accepted; anything else raises ValueError.
    """
    plain = text.strip().translate(FULL_WIDTH).replace(",", "").replace(" ", "").replace("\u202f", "")
    if not plain:
        return None
    if not plain.removeprefix("-").isdecimal() or not plain.isascii():
        raise ValueError(text)
    return int(plain)


def total(cells: Sequence[Cell]) -> int:
    """Sum of what is filled; text that is no number yet counts as nothing."""
    found = 0
    for cell in cells:
        try:
            found += cell.value if type(cell.value) is int else parse_cell(str(cell.value or "")) or 0
        except ValueError:
            continue
    return found
