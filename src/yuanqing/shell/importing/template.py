"""导入模板: a workbook to fill in, with drop-downs, explanations at each column and a sheet of instructions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.almanac import Month
from yuanqing.shell.document.sheets import Choices, SheetColumn, SheetData
from yuanqing.shell.document.sheets import Kind as CellKind
from yuanqing.shell.document.xlsx import EPOCH, write_book
from yuanqing.shell.importing.sheet import Column, Sheet

SPARE_ROWS = 2000
KINDS: dict[str, CellKind] = {"int": "int", "decimal": "decimal", "date": "date"}


def template(
    sheets: Sequence[Sheet], rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None, *, on: date = EPOCH
) -> bytes:
    """The workbook; with ``rows`` (by sheet key, values by column key) it is an export that can be imported again."""
    filled = rows or {}
    plan = [worksheet(sheet, filled.get(sheet.key, ())) for sheet in sheets]
    return write_book(plan, on=on, notes=instructions(sheets))


def worksheet(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> SheetData:
    columns = [SheetColumn(title(column), KINDS.get(column.kind, "text")) for column in sheet.columns]
    cells = ([written(column, row.get(column.key)) for column in sheet.columns] for row in rows)
    choices = tuple(Choices(place, allowed(column)) for place, column in enumerate(sheet.columns) if allowed(column))
    prompts = tuple((place, str(column.label), hint(column)) for place, column in enumerate(sheet.columns))
    return SheetData(str(sheet.name), columns, cells, choices=choices, prompts=prompts, spare=SPARE_ROWS)


def title(column: Column) -> str:
    """The label; a star marks what must be filled in."""
    return f"{column.label}{'*' if column.required else ''}"


def allowed(column: Column) -> tuple[str, ...]:
    if column.kind == "bool":
        return (_("是"), _("否"))
    return tuple(str(label) for _key, label in column.choices)


def written(column: Column, value: Any) -> Any:
    """A value as the reader of the sheet expects to see it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if column.kind == "choice" and value not in (None, ""):
        return str(dict(column.choices).get(value, value))
    return str(value) if isinstance(value, Month) else value


def hint(column: Column) -> str:
    """What to put into a column, in one or two sentences."""
    parts = [_("必填。") if column.required else _("可不填。"), shape(column), str(column.help)]
    return "".join(part for part in parts if part)


def shape(column: Column) -> str:
    if column.kind == "code" and column.digits:
        return _("代码，%(digits)d 位，按文本填写，开头的 0 要保留。") % {"digits": column.digits}
    shapes = {
        "text": _("最多 %(limit)d 个字。") % {"limit": column.max_length} if column.max_length else _("文字。"),
        "code": _("代码，按文本填写，开头的 0 要保留。"),
        "int": _("整数。"),
        "decimal": _("数字。"),
        "date": _("日期，例如 2026-03-05。"),
        "month": _("月份，例如 2026-10。"),
        "choice": _("从下拉列表中选择。"),
        "bool": _("填“是”或“否”。"),
    }
    return shapes[column.kind]


def instructions(sheets: Sequence[Sheet]) -> list[str]:
    """Lines of the sheet of instructions: the rules, then each column, then examples."""
    lines = [
        _("请在各工作表的表头下面逐行填写，填好后保存为 .xlsx 上传。带 * 的列必填。"),
        _("全部正确才会导入；有一处差错，整个文件都不导入，系统会逐行逐列指出。"),
        _("不要合并单元格，不要改表头和工作表名称；列的次序可以变，空行会跳过。再次导入同一代码会更新，不会重复。"),
    ]
    for sheet in sheets:
        lines += ["", f"【{sheet.name}】{sheet.help}"]
        lines += [f"{title(column)}：{hint(column)}{listed(column)}" for column in sheet.columns]
        lines += [_("例：%(example)s") % {"example": example(sheet, row)} for row in sheet.example_rows]
    return lines


def listed(column: Column) -> str:
    names = allowed(column)
    return _("可选：%(names)s。") % {"names": "、".join(names)} if 0 < len(names) <= 40 else ""


def example(sheet: Sheet, row: Mapping[str, Any]) -> str:
    filled = ((column, written(column, row.get(column.key))) for column in sheet.columns)
    return "；".join(f"{column.label}={value}" for column, value in filled if value not in (None, ""))
