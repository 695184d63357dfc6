"""公文: an official document in the layout of GB/T 9704-2012, as plain values.

The two writers (``docx`` and ``pdf``) read the same values through ``compose``; numbering is done there once, so both agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Heading:
    """层次标题: level 1 一、, level 2 (一), level 3 1., level 4 (1). The number is added when the document is composed."""

    text: str
    level: int = 1
    numbered: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 4:
            raise ValueError(f"heading level {self.level} is not between 1 and 4")


@dataclass(frozen=True)
class Paragraph:
    """正文: one paragraph, two characters indented."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True)
class FigureLine:
    """数据行: one figure on a line of its own, the value set apart from its name."""

    label: str
    value: str
    unit: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Verbatim:
    """原文: lines that must survive to the letter (a ledger checkpoint), small and not justified."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    """另面: what follows begins on a new page."""


@dataclass(frozen=True)
class TableColumn:
    """栏: ``width`` is a share of the text width, not a length."""

    label: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class HeadCell:
    """表头格: a heading cell that may span columns and rows."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """表: rows of text under a head that is repeated on every page.

    ``head`` is given only when the head has merged cells (one tuple of ``HeadCell`` per line of the head, like HTML rows);
    otherwise the labels of the columns are the head. ``size`` is the font size in points.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""
    head: tuple[tuple[HeadCell, ...], ...] = ()
    size: float = 10.5
    emphasised: frozenset[int] = frozenset()  # numbers (from 0) of rows that are sums

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, the table has {len(self.columns)} columns")
        if self.head and head_width(self.head) != len(self.columns):
            raise ValueError("the head does not cover the columns")


@dataclass(frozen=True)
class Landscape:
    """横排: blocks on pages turned sideways, for a table that is too wide for the paper."""

    body: tuple[Block, ...]


Block = Heading | Paragraph | FigureLine | Verbatim | PageBreak | Table | Landscape


@dataclass(frozen=True)
class Attachment:
    """附件: named below the text; printed from a new page when it has a body."""

    title: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True)
class OfficialDocument:
    """公文: every element of GB/T 9704-2012 that a draft can carry; empty elements are left out.

    ``organ`` is the red letterhead (发文机关标志). A line break in ``title`` is kept; without one a long title is
    broken before 关于. The imprint (版记) stands at the foot of the last page.
    """

    organ: str
    title: str
    signed_on: date
    number: str = ""
    signer: str = ""
    addressees: str = ""
    body: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    signature: str = ""
    notes: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    serial: str = ""
    secrecy: str = ""
    urgency: str = ""
    language: str = field(default="zh-CN", compare=False)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Typed text as paragraphs: one for each line that is not blank."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def table(
    columns: Iterable[TableColumn | str], rows: Iterable[Iterable[object]], *, caption: str = "", note: str = ""
) -> Table:
    """A table from loose values: labels become columns of equal width, cells become text, None becomes empty."""
    kept = tuple(column if isinstance(column, TableColumn) else TableColumn(column) for column in columns)
    cells = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
    return Table(kept, cells, caption, note)


def head_width(head: tuple[tuple[HeadCell, ...], ...]) -> int:
    """Columns covered by a head; raises ValueError when its lines leave holes or overlap."""
    places = head_places(head)
    width = 1 + max(column + cell.columns - 1 for _, column, cell in places)
    covered = sum(cell.columns * cell.rows for _, _, cell in places)
    if covered != width * len(head):
        raise ValueError("the cells of the head leave holes")
    return width


def head_places(head: tuple[tuple[HeadCell, ...], ...]) -> list[tuple[int, int, HeadCell]]:
    """Where each cell of a head begins: (line, column, cell), both from 0, as in an HTML table."""
    taken: set[tuple[int, int]] = set()
    places = []
    for line, cells in enumerate(head):
        column = 0
        for cell in cells:
            while (line, column) in taken:
                column += 1
            spots = {(line + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
            if spots & taken or line + cell.rows > len(head):
                raise ValueError(f"the head cell {cell.text!r} overlaps another or leaves the head")
            taken |= spots
            places.append((line, column, cell))
    return places
