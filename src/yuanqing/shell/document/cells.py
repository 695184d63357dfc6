"""单元格: values as cells of a sheet; text is stored as text whatever it begins with."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from yuanqing.shell.document.sheets import Kind

Page = Any  # a write-only sheet; its published types lack most of what it can do

FORMATS = {
    "text": "@",
    "int": "0",
    "decimal": "0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_767
SAFE_INTEGER = 10**15  # Excel keeps fifteen digits
HEAD_FONT = Font(name="等线", bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", start_color="1F5F6B")
BODY_FONT = Font(name="等线")
LINE = Side(style="thin", color="C8D2D6")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def styled(page: Page, label: str, font: Font, fill: PatternFill | None = None) -> Cell:
    made = text_cell(page, str(label))
    made.font = font
    if fill:
        made.fill = fill
        made.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        made.border = FRAME
    return made


def cell(page: Page, value: Any, kind: Kind) -> Cell | None:
    """A value as the column's kind wants it; what does not fit is kept as text rather than lost."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return text_cell(page, _("是") if value else _("否"))
    is_number = isinstance(value, int | float | Decimal) and abs(float(value)) < SAFE_INTEGER
    if kind == "text" or not (is_number or isinstance(value, date | time)):
        return text_cell(page, str(value))
    made: Cell = WriteOnlyCell(page, value=local(value))
    made.number_format = FORMATS[kind]
    return made


def text_cell(page: Page, text: str) -> Cell:
    """A string, never a formula: the type is set after the value, because the library guesses from the first character."""
    text = UNSTORABLE.sub("", text)
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"a cell holds at most {LONGEST_TEXT} characters, this text has {len(text)}")
    made = WriteOnlyCell(page, value=text)
    made.data_type = "s"
    made.number_format = "@"
    if text.startswith(FORMULA_STARTS):
        made.quotePrefix = True
    return made


def local(value: Any) -> Any:
    """Times as the wall clock of the installation shows them; a sheet knows no zones."""
    if isinstance(value, datetime) and value.tzinfo:
        return localtime(value).replace(tzinfo=None)
    return value
