"""The workbook: one row a question; what is wrong with it, cell by cell; what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.question.actions import Asked, faults, import_questions
from yuanqing.education.question.forms import numbers
from yuanqing.education.question.models import KINDS
from yuanqing.org.unit.models import Unit
from yuanqing.shell.importing.sheet import Column, Counts, Problem, Row, Rows, Sheet

OPTIONS = tuple("abcdefgh")
SHEET = Sheet(
    name=gettext_lazy("试题"),
    key="questions",
    unique=("unit", "stem"),
    help=gettext_lazy("一行一题，导入后即可使用；题库里已有的题不重复导入。"),
    columns=(
        Column("unit", gettext_lazy("单位代码"), kind="code", required=True, max_length=40),
        Column("kind", gettext_lazy("题型"), kind="choice", required=True, choices=KINDS),
        Column("stem", gettext_lazy("题干"), required=True, max_length=500),
        *(Column(one, format_lazy("{}{}", gettext_lazy("选项"), one.upper()), max_length=200) for one in OPTIONS),
        Column("answer", gettext_lazy("答案"), kind="code", required=True, max_length=20, help=gettext_lazy("例如 A、AC；排序写全部，例如 BAC。")),
        Column("clauses", gettext_lazy("对应条款"), max_length=300),
        Column("explanation", gettext_lazy("解析"), max_length=500),
    ),
    example_rows=(
        {"unit": "0", "kind": "single", "stem": "客户送来购物卡，当面退不掉，怎么办？", "a": "自己留着", "b": "登记上交", "answer": "B", "clauses": "B1b"},
    ),
)  # fmt: skip


def asked_of(row: Row) -> Asked:
    """The question of a row; ValueError for an answer that names no options."""
    options = [row[one] for one in OPTIONS if row[one]]
    words = {name: row[name] for name in ("kind", "stem", "clauses", "explanation")}
    return Asked(options=options, answer=numbers(row["answer"]), **words)


def check(rows: Rows, by: Any) -> Iterator[Problem]:
    listed = rows["questions"]
    seen = Unit.objects.visible_to(by).active()
    known = set(seen.filter(code__in={r["unit"] for r in listed}).values_list("code", flat=True))
    for row in listed:
        if row["unit"] not in known:
            yield row.wrong("unit", _("单位代码“%(code)s”不存在，或者已经撤销。") % {"code": row["unit"]})
        try:
            wrong = faults(asked_of(row))
        except ValueError:
            wrong = {"answer": _("答案请写号码，例如 2，或者 1、3。")}
        for field, sentence in wrong.items():
            yield row.wrong("a" if field == "options" else field, sentence)


def take_over(rows: Rows, by: Any) -> Counts:
    """Every question, or none; those that the bank has already count as unchanged."""
    listed, created = rows["questions"], 0
    for code in dict.fromkeys(row["unit"] for row in listed):
        unit = Unit.objects.visible_to(by).filter(code=code).first()
        if unit is None:
            raise ValidationError({"unit": _("找不到这个单位。")})
        created += import_questions(unit, [asked_of(row) for row in listed if row["unit"] == code], by=by)
    return Counts(created=created, unchanged=len(listed) - created)
