"""The form as sheets of a workbook: the same rows and columns as on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.discipline.monthly_return.rules import LARGEST
from yuanqing.kernel.packs.entries import Item, Section
from yuanqing.kernel.packs.form import Form
from yuanqing.shell.importing.sheet import Column, Sheet

ROW, TITLE = "row", "title"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def sheets_of(form: Form) -> list[Sheet]:
    return [_sheet(form, section) for section in form.sections]


def _sheet(form: Form, section: Section) -> Sheet:
    fixed = [Column(ROW, _("编号"), kind="code", required=True), Column(TITLE, _("项目"))]
    columns = [_column(form, item, extra) for item in form.items_of(section.code) for extra in _columns(form, section)]
    return Sheet(section.label[:31], section.code, [*fixed, *columns], unique=(ROW,))


def _columns(form: Form, section: Section) -> list[tuple[str, str]]:
    return [(column.code, column.label) for column in form.columns_of(section)] or [("", "")]


def _column(form: Form, item: Item, extra: tuple[str, str]) -> Column:
    key, label = ".".join(filter(None, (item.code, extra[0]))), "·".join(filter(None, (item.label, extra[1])))
    if item.value == "count":
        return Column(key, label, kind="int", minimum=0, maximum=LARGEST)
    if item.value == "choice":
        return Column(
            key, label, kind="choice", choices=[(c.code, c.label) for c in form.pack.table(item.choices or "")]
        )
    return Column(key, label, max_length=2000)


def rows_of(form: Form, values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The values of the return as rows of each sheet."""
    found: dict[str, list[dict[str, Any]]] = {}
    for section in form.sections:
        lines = [(row.code, row.label) for row in form.rows_of(section)] or [(section.code, section.label)]
        found[section.code] = [
            {ROW: code, TITLE: label, **_values_of(form, section, code, values)} for code, label in lines
        ]
    return found


def _values_of(form: Form, section: Section, row: str, values: Mapping[str, Any]) -> dict[str, Any]:
    cells = [cell for cell in form.cells_of(section.code) if cell.row is None or cell.row.code == row]
    return {_key(cell.code, row): values.get(cell.code, 0 if cell.item.value == "count" else "") for cell in cells}


def _key(code: str, row: str) -> str:
    """`problems.B1a.county` is the column `problems.county` of the row B1a."""
    return ".".join(part for part in code.split(".") if part != row)


def cells_from(form: Form, rows: Rows) -> dict[str, str]:
    """Cell code → text as typed, from the rows of the workbook."""
    found = {}
    for section in form.sections:
        for cell in form.cells_of(section.code):
            for row in rows.get(section.code, []):
                name = row[ROW]
                if (cell.row is None or cell.row.code == name) and _key(cell.code, name) in row:
                    value = row[_key(cell.code, name)]
                    found[cell.code] = "" if value is None else str(value)
    return found


def known_rows(form: Form) -> dict[str, set[str]]:
    return {section.code: {row.code for row in form.rows_of(section)} or {section.code} for section in form.sections}
