"""表格(XLSX): writes workbooks in which text stays text, and reads workbooks that strangers send.

A cell that begins with = + - @ TAB or CR is stored as a string and marked as one, so that neither opening nor editing it makes a
formula. The same sheets always give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from yuanqing.shell.document.archive import settle
from yuanqing.shell.document.cells import FORMATS, HEAD_FILL, HEAD_FONT, UNSTORABLE, Page, cell, styled
from yuanqing.shell.document.dropdowns import add_choices, add_prompts
from yuanqing.shell.document.sheets import Choices, SheetColumn, SheetData
from yuanqing.shell.document.unpack import Limits, Unreadable, read_book

__all__ = ["Choices", "Limits", "SheetColumn", "SheetData", "Unreadable", "read_book", "write_book", "write_table"]

EPOCH = date(2000, 1, 1)
UNFIT_NAME = re.compile(r"[\\/*?:\[\]\x00-\x1f]")


def write_table(
    title: str, columns: Sequence[SheetColumn | str], rows: Iterable[Sequence[Any]], *, on: date = EPOCH
) -> bytes:
    """One table as a workbook; ``on`` is the date the file bears."""
    return write_book([SheetData(title, columns, rows)], on=on, title=title)


def write_book(
    sheets: Sequence[SheetData],
    *,
    on: date = EPOCH,
    title: str = "",
    notes: Sequence[str] = (),
    notes_first: bool = False,
) -> bytes:
    """Sheets as a workbook, with a sheet of notes when there are any."""
    book = Workbook(write_only=True)
    plan = list(sheets)
    if notes:
        told = SheetData(_("说明"), (SheetColumn(_("说明"), width=100),), [(note,) for note in notes])
        plan.insert(0 if notes_first else len(plan), told)
    names = distinct([sheet.name for sheet in plan])
    for sheet, name in zip(plan, names, strict=True):
        page = book.create_sheet(name)
        try:
            last = write_sheet(page, sheet)
        except BaseException:
            page.close()  # the library keeps a half-written file open otherwise
            raise
        add_choices(book, page, sheet, last)
        add_prompts(page, sheet, last)
    book.properties.title = UNSTORABLE.sub("", title) or None
    book.properties.creator = "源清"
    kept = io.BytesIO()
    book.save(kept)
    return settle(kept.getvalue(), on)


def write_sheet(page: Page, sheet: SheetData) -> int:
    """Writes head and rows; the number of the last row that should carry drop-downs."""
    columns = [column if isinstance(column, SheetColumn) else SheetColumn(column) for column in sheet.columns]
    rows = iter(sheet.rows)
    sample = list(islice(rows, 200))
    head = 2 if sheet.heading else 1
    for number, column in enumerate(columns):
        letter = get_column_letter(number + 1)
        page.column_dimensions[letter].width = column.width or fitting(column, [row[number] for row in sample])
        page.column_dimensions[letter].number_format = FORMATS[column.kind]
    page.freeze_panes = f"A{head + 1}"
    if sheet.is_hidden:
        page.sheet_state = "hidden"
    if sheet.heading:
        page.append([styled(page, sheet.heading, Font(name="等线", bold=True, size=14))])
    page.append([styled(page, column.label, HEAD_FONT, HEAD_FILL) for column in columns])
    last = head
    for row in chain(sample, rows):
        page.append([cell(page, value, column.kind) for value, column in zip(row, columns, strict=True)])
        last += 1
    page.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{max(last, head)}"
    return last + sheet.spare


def fitting(column: SheetColumn, values: Sequence[Any]) -> float:
    """A width for label and values: Chinese characters count double, between 8 and 60."""
    longest = max([extent(column.label) + 4, *(extent(str(value)) for value in values if value is not None)])
    return float(min(max(longest + 2, 8), 60))


def extent(text: str) -> int:
    return max((sum(1 if ord(letter) < 0x2E80 else 2 for letter in line) for line in text.splitlines()), default=0)


def distinct(names: Sequence[str]) -> list[str]:
    """Sheet names Excel accepts: 31 characters, no signs it reserves, none twice whatever the case."""
    kept: list[str] = []
    for name in names:
        fit = UNFIT_NAME.sub(" ", name).strip(" '")[:31] or "Sheet"
        tries = fit
        count = 2
        while tries.lower() in (other.lower() for other in kept):
            suffix = f"({count})"
            tries = fit[: 31 - len(suffix)] + suffix
            count += 1
        kept.append(tries)
    return kept
