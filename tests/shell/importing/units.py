"""An invented import of units and people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import openpyxl
from django.utils.translation import gettext_lazy as _

from yuanqing.shell.importing.sheet import Column, Problem, Rows, Sheet

KINDS = (("plant", _("工厂")), ("office", _("机关")))
UNITS = Sheet(
    name=_("单位"),
    key="units",
    unique=("code",),
    columns=(
        Column("code", _("单位代码"), kind="code", required=True, max_length=20),
        Column("name", _("单位名称"), required=True, max_length=10),
        Column("kind", _("单位类别"), kind="choice", choices=KINDS),
        Column("parent", _("上级单位代码"), kind="code"),
        Column("starts_on", _("起始日期"), kind="date"),
        Column("month", _("月份"), kind="month"),
        Column("staff", _("人数"), kind="int", minimum=0, maximum=9999),
        Column("is_key", _("是否重点"), kind="bool"),
    ),
    example_rows=({"code": "0101", "name": "某厂", "kind": "plant", "starts_on": date(2026, 1, 1), "is_key": True},),
)
HEADS = [str(column.label) for column in UNITS.columns]


def parents_exist(rows: Rows, by: Any = None) -> Iterable[Problem]:
    codes = {row["code"] for row in rows["units"]}
    for row in rows["units"]:
        if row.get("parent") and row["parent"] not in codes:
            yield row.wrong("parent", f"上级单位代码“{row['parent']}”不在文件里。")


def book(*rows: list[Any], heads: list[Any] | None = None, name: str = "单位", merge: str = "") -> bytes:
    """A workbook as a person would make it in Excel, not by our own writer."""
    import io

    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = name
    page.append(heads if heads is not None else HEADS)
    for row in rows:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()
