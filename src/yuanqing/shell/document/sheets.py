"""工作表: what a workbook is made of, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "int", "decimal", "percent", "date", "datetime"]


@dataclass(frozen=True)
class SheetColumn:
    """栏: ``width`` in characters of half width; without one it is taken from the label and the first rows."""

    label: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class Choices:
    """可选值: a drop-down on one column (from 0), its values kept on a hidden sheet."""

    column: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class SheetData:
    """工作表: columns and rows; ``heading`` is a line above the head, ``prompts`` explain a column when a cell is selected.

    ``spare`` is the number of empty rows below that keep the formats, drop-downs and prompts (for a template to fill).
    """

    name: str
    columns: Sequence[SheetColumn | str]
    rows: Iterable[Sequence[Any]]
    heading: str = ""
    choices: tuple[Choices, ...] = ()
    prompts: tuple[tuple[int, str, str], ...] = ()
    spare: int = 0
    is_hidden: bool = False
