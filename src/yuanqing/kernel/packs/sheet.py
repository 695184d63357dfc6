"""Packs as workbooks and back without loss: one sheet for the head, one for each kind of entry, all cells text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from types import UnionType
from typing import Any, Union, get_args, get_origin

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BaseModel
from python_calamine import CalamineWorkbook

from yuanqing.kernel.packs.entries import ENTRY_KINDS, PACK_KINDS
from yuanqing.kernel.packs.problems import PackError, Problem
from yuanqing.kernel.packs.schema import Head, Pack, build

HEAD = "pack"
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # spreadsheets read _x0041_ as the letter A
LARGEST = 64 * 1024 * 1024  # unpacked; a shipped pack stays below one


def to_sheet(pack: Pack) -> bytes:
    """The pack as XLSX, for people who author in a spreadsheet; `from_sheet` gives the same pack back."""
    book = Workbook()
    head = book.active
    assert isinstance(head, Worksheet)
    head.title = HEAD
    written = _flat(pack.model_dump(mode="json", include=set(Head.model_fields)), Head)
    _write(head, [[name, written.get(name, "")] for name in _columns(Head)])
    for kind in dict.fromkeys(entry.kind for entry in pack.entries):
        columns = list(_columns(ENTRY_KINDS[kind]))
        rows = [_flat(entry.model_dump(mode="json"), ENTRY_KINDS[kind]) for entry in pack.of_kind(kind)]
        _write(book.create_sheet(kind), [columns, *([row.get(name, "") for name in columns] for row in rows)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def from_sheet(content: bytes, file: str = "xlsx") -> Pack:
    """The pack in this workbook; PackError tells everything that is wrong with it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise PackError([Problem(file, "", "", _("文件太大"))])
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except PackError:
        raise
    except Exception as error:  # whatever the reader stumbles over, the file is no workbook
        raise PackError([Problem(file, "", "", _("不是可以读取的 XLSX 文件"))]) from error
    if HEAD not in sheets:
        raise PackError([Problem(file, "", "", _("缺少名为“%(name)s”的工作表") % {"name": HEAD})])
    head = {_text(row[0]): _text(row[1]) for row in sheets.pop(HEAD) if len(row) > 1}
    order = PACK_KINDS.get(head.get("kind", ""), ())
    entries: list[Mapping[str, Any]] = []
    for kind, rows in sheets.items():
        if kind not in order:
            raise PackError([Problem(file, "", "", _("不认识工作表“%(name)s”") % {"name": kind})])
        entries += _entries(kind, rows)
    return build({**_nested(head), "entries": entries}, file)


def _columns(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = _inner(field.annotation)
        if inner is None:
            yield prefix + name
        else:
            yield from _columns(inner, f"{prefix}{name}.")


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside a field, optional or not."""
    choices = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return next((one for one in choices if isinstance(one, type) and issubclass(one, BaseModel)), None)


def _flat(data: Mapping[str, Any], model: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """Column name → text of the cell."""
    cells: dict[str, str] = {}
    for name, field in model.model_fields.items():
        inner, value = _inner(field.annotation), data.get(name)
        if inner is None:
            cells[prefix + name] = _cell(value)
        elif value is not None:
            cells |= _flat(value, inner, f"{prefix}{name}.")
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "\n".join(f"{name}: {content}" for name, content in value.items())
    return "\n".join(value) if isinstance(value, list) else str(value)


def _write(sheet: Worksheet, rows: list[list[str]]) -> None:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value != "":
                cell = sheet.cell(number, column)
                assert isinstance(cell, Cell)
                # Set as text, or a value that begins with "=" would become a formula.
                cell.value, cell.data_type = ESCAPE.sub("_x005F_", value), "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=number == 1 and sheet.title != HEAD)
    sheet.freeze_panes = "A1" if sheet.title == HEAD else "B2"
    for letter in "ABCDEFG":
        sheet.column_dimensions[letter].width = 24


def _entries(kind: str, rows: list[list[Any]]) -> Iterator[dict[str, Any]]:
    names = [_text(name) for name in rows[0]] if rows else []
    for row in rows[1:]:
        cells = {name: _text(value) for name, value in zip(names, row, strict=False)}
        if any(cells.values()):
            yield {"kind": kind, **_nested(cells)}


def _text(value: Any) -> str:
    """A cell as text, also where a person typed a number, a date or a truth value."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _nested(cells: Mapping[str, str]) -> dict[str, Any]:
    """`due.day` becomes day inside due."""
    data: dict[str, Any] = {}
    for name, value in cells.items():
        if value == "":
            continue
        outer, dot, inner = name.rpartition(".")
        target = data.setdefault(outer, {}) if dot else data
        if isinstance(target, dict):
            target[inner] = value
        else:
            data[name] = value  # a column beside its own parent: the schema will refuse it by name
    return data
