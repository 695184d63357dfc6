"""The workbook of a register: one sheet of matters, one of the people they concern."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.violation.queries import Codes
from yuanqing.shell.importing.sheet import Column, Sheet


def sheets() -> tuple[Sheet, Sheet]:
    """With the choices of the packs in force today."""
    codes = Codes.now()
    return matters(codes), people(codes)


def _choices(entries: Any) -> Sequence[tuple[str, Any]]:
    return [(code, getattr(entry, "label", entry)) for code, entry in entries.items()]


def matters(codes: Codes) -> Sheet:
    return Sheet(
        name=_("问题"),
        key="matters",
        unique=("line",),
        help=_("一行一件。填了查处日期的按已查处导入，没有填的按在办导入；去向由去向表决定。"),
        columns=(
            Column(
                "line", _("序号"), kind="code", required=True, max_length=20, help=_("本文件内的编号，人员表用它对应。")
            ),
            Column("unit", _("单位代码"), kind="code", required=True, max_length=40),
            Column(
                "type",
                _("问题类型"),
                kind="choice",
                required=True,
                choices=_choices(codes.types),
                help=_("选到最下一级，如 B1a、D3。"),
            ),
            Column("received_on", _("受理日期"), kind="date", required=True),
            Column("source", _("来源"), kind="choice", required=True, choices=_choices(codes.sources)),
            Column("severity", _("严重程度"), kind="choice", required=True, choices=_choices(codes.severities)),
            Column("facts", _("主要事实"), required=True, max_length=2000),
            Column("concluded_on", _("查处日期"), kind="date"),
            Column("outcome", _("查处情况"), max_length=2000),
            Column("transferred_to", _("移送机关"), max_length=200),
            Column("transferred_on", _("移送日期"), kind="date"),
            Column("transfer_receipt", _("回执编号"), max_length=100),
        ),
        example_rows=(
            {
                "line": "1",
                "unit": "0101",
                "type": "B2a",
                "received_on": date(2026, 10, 8),
                "source": "petition",
                "severity": "light",
                "facts": "某月某日在某处用公款宴请。",
                "concluded_on": date(2026, 10, 20),
                "outcome": "给予党内警告处分。",
            },
        ),
    )


def people(codes: Codes) -> Sheet:
    return Sheet(
        name=_("人员"),
        key="people",
        help=_("一行一人；一个人有几项措施的，写几行。在名册上的填人员编号，其他的填姓名。"),
        columns=(
            Column("line", _("序号"), kind="code", required=True, max_length=20, help=_("问题表里的序号。")),
            Column("number", _("人员编号"), kind="code", max_length=40),
            Column("name", _("姓名"), max_length=60),
            Column("level", _("级别"), kind="choice", choices=_choices(codes.levels), help=_("在名册上的可以不填。")),
            Column("is_party_member", _("中共党员"), kind="bool"),
            Column("measure", _("处理措施"), kind="choice", choices=_choices(codes.measures)),
            Column("decided_on", _("决定日期"), kind="date"),
            Column("document", _("文号"), max_length=100),
            Column("waiver", _("不予处理的理由"), max_length=300),
        ),
        example_rows=(
            {
                "line": "1",
                "name": "某甲",
                "level": "township_and_below",
                "is_party_member": True,
                "measure": "party_warning",
                "decided_on": date(2026, 10, 18),
            },
        ),
    )
