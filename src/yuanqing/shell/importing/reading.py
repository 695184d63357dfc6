"""读取导入文件: finds the sheets and columns of a workbook whatever their order, reads every cell and reports every error.

Either all rows are readable and ``check`` has nothing to say, or the errors are returned and nothing may be applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from yuanqing.shell.document.unpack import Limits, Unreadable, open_book
from yuanqing.shell.importing.sheet import Column, Parsed, Problem, Row, Rows, Sheet
from yuanqing.shell.importing.typed import is_blank, narrow, shown, spoken, tidy
from yuanqing.shell.importing.values import Wrong, value

Check = Callable[[Rows], Iterable[Problem]]
HEAD_SEARCH = 10  # rows from the top among which the head is looked for
OWN_SHEETS = {"说明", "instructions"}


def read(
    source: bytes | Path | str, sheets: Sequence[Sheet], *, check: Check | None = None, limits: Limits | None = None
) -> Parsed:
    """Rows and errors of a workbook. ``check`` sees the rows only when every cell could be read."""
    parsed = Parsed()
    try:
        book, merged = open_book(source, limits)
    except Unreadable as refused:
        parsed.errors.append(Problem(str(refused)))
        return parsed
    names = match_sheets(list(book), sheets, parsed)
    for sheet in sheets:
        name = names.get(sheet.key)
        parsed.rows[sheet.key] = []
        if name is not None:
            SheetReader(sheet, book[name], merged.get(name, []), parsed).read()
    if not parsed.errors and not parsed.count:
        parsed.errors.append(Problem(_("文件里没有数据。请在表头下面逐行填写后再上传。")))
    if not parsed.errors and check:
        parsed.errors.extend(check(parsed.rows))
    return parsed


def match_sheets(found: list[str], sheets: Sequence[Sheet], parsed: Parsed) -> dict[str, str]:
    """Which sheet of the file is which; a single sheet needs no particular name."""
    by_name = {narrow(name).casefold(): name for name in reversed(found)}
    names: dict[str, str] = {}
    for sheet in sheets:
        for wanted in (*spoken(sheet.name), sheet.key):
            if narrow(wanted).casefold() in by_name:
                names.setdefault(sheet.key, by_name[narrow(wanted).casefold()])
    others = [name for name in found if name not in names.values() and not is_ours(name)]
    if len(sheets) == 1 and not names and len(others) == 1:
        return {sheets[0].key: others[0]}
    for sheet in sheets:
        if sheet.key not in names and sheet.required:
            message = _("缺少工作表“%(name)s”。请用下载的模板填写，不要改工作表名称。")
            parsed.errors.append(Problem(message % {"name": sheet.name}))
    for name in others:
        parsed.remarks.append(Problem(_("工作表“%(name)s”不在模板之内，没有读取。") % {"name": name}))
    return names


def is_ours(name: str) -> bool:
    """Sheets that the template itself brings along: the instructions and the hidden lists."""
    return name.casefold() in OWN_SHEETS or name.startswith("_")


class SheetReader:
    """读表: one sheet into rows; keeps what is needed to say where an error stands."""

    def __init__(self, sheet: Sheet, cells: list[list[Any]], merged: list[Any], parsed: Parsed) -> None:
        self.sheet, self.cells, self.merged, self.parsed = sheet, cells, merged, parsed
        self.known = {narrow(name).casefold(): column for column in sheet.columns for name in column.headings}

    def read(self) -> None:
        head = self.find_head()
        if head is None:
            message = _("找不到表头。请保留模板的第一行（%(labels)s），在它下面逐行填写。")
            labels = "、".join(str(column.label) for column in self.sheet.columns)
            self.complain(message % {"labels": labels})
            return
        columns = self.match_columns(head)
        self.refuse_merged(head, columns)
        letters = {column.key: get_column_letter(place + 1) for place, column in columns.items()}
        zeros = self.columns_with_zeros(head, columns)
        for number, cells in enumerate(self.cells[head + 1 :], head + 2):
            if any(not is_blank(cells[place]) for place in columns if place < len(cells)):
                self.read_row(number, cells, columns, letters, zeros)
        self.refuse_repeats(letters)

    def find_head(self) -> int | None:
        """The row among the first ten that has the most headings we know."""
        best, most = None, 0
        for number, cells in enumerate(self.cells[:HEAD_SEARCH]):
            count = sum(1 for cell in cells if heading(cell) in self.known)
            if count > most:
                best, most = number, count
        return best

    def match_columns(self, head: int) -> dict[int, Column]:
        """Columns by place, in whatever order; unknown, repeated and missing ones are reported."""
        columns: dict[int, Column] = {}
        for place, cell in enumerate(self.cells[head]):
            if is_blank(cell):
                continue
            column = self.known.get(heading(cell))
            if column is None:
                self.remark(head, place, cell, _("模板里没有这一列，没有读取。"))
            elif column in columns.values():
                message = _("表头重复出现。请只保留一列，把内容并到一起。")
                self.complain(message, head + 1, get_column_letter(place + 1), column, cell)
            else:
                columns[place] = column
        for column in self.sheet.columns:
            if column not in columns.values():
                if column.required:
                    self.complain(_("缺少必填的列“%(label)s”。请按模板补上这一列。") % {"label": column.label})
                else:
                    message = _("没有“%(label)s”这一列，按不填处理。") % {"label": column.label}
                    self.parsed.remarks.append(Problem(message, str(self.sheet.name)))
        return columns

    def refuse_merged(self, head: int, columns: Mapping[int, Column]) -> None:
        """Merged cells hide which row a value belongs to."""
        for (top, left), (bottom, right) in self.merged:
            if bottom > head and any(left <= place <= right for place in columns):
                place = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
                message = _("单元格 %(place)s 合并了，看不出各行的内容。请取消合并，逐行填写。") % {"place": place}
                self.complain(message, top + 1)

    def columns_with_zeros(self, head: int, columns: Mapping[int, Column]) -> set[str]:
        """Code columns in which some code begins with 0: there a number has probably lost its zeros."""
        found = set()
        for place, column in columns.items():
            if column.kind == "code" and not column.digits:
                cells = (cells[place] for cells in self.cells[head + 1 :] if place < len(cells))
                if any(isinstance(cell, str) and len(narrow(cell)) > 1 and narrow(cell)[0] == "0" for cell in cells):
                    found.add(column.key)
        return found

    def read_row(
        self, number: int, cells: list[Any], columns: Mapping[int, Column], letters: Mapping[str, str], zeros: set[str]
    ) -> None:
        row = Row(self.sheet, number, letters)
        for place, column in columns.items():
            raw = cells[place] if place < len(cells) else None
            row.typed[column.key] = "" if raw is None else shown(raw)
            try:
                if column.key in zeros and isinstance(raw, int | float):
                    raise Wrong(
                        _(
                            "这个代码是数字格式，开头的 0 可能丢了（同列别的代码以 0 开头）。请把这一列设为“文本”格式后重新填写。"
                        )
                    )
                row[column.key] = value(column, raw)
            except Wrong as wrong:
                self.parsed.errors.append(row.wrong(column.key, str(wrong)))
        self.parsed.rows[self.sheet.key].append(row)

    def refuse_repeats(self, letters: Mapping[str, str]) -> None:
        """The same key on two rows: neither can be right without the other being wrong."""
        first: dict[tuple[Any, ...], int] = {}
        keys = self.sheet.unique
        if not keys or not all(key in letters for key in keys):
            return
        for row in self.parsed.rows[self.sheet.key]:
            if not all(row.get(key) not in (None, "") for key in keys):
                continue
            mark = tuple(row[key] for key in keys)
            if mark in first:
                message = _("与第%(first)d行重复。同一内容只保留一行。") % {"first": first[mark]}
                self.parsed.errors.append(row.wrong(keys[0], message))
            first.setdefault(mark, row.number)

    def complain(
        self, message: str, row: int = 0, letter: str = "", column: Column | None = None, raw: Any = ""
    ) -> None:
        label = str(column.label) if column else ""
        self.parsed.errors.append(Problem(message, str(self.sheet.name), row, letter, label, shown(raw)))

    def remark(self, head: int, place: int, raw: Any, message: str) -> None:
        letter = get_column_letter(place + 1)
        self.parsed.remarks.append(Problem(message, str(self.sheet.name), head + 1, letter, tidy(raw)))


def heading(cell: Any) -> str:
    """A heading without the signs the template adds to it."""
    return narrow(cell).casefold().strip("*") if isinstance(cell, str) else ""
