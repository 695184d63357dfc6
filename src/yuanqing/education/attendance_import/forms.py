"""The workbook: one row a person and session; what is wrong with it, cell by cell; what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.activity.models import Participation
from yuanqing.education.session import queries
from yuanqing.education.session.actions import excuse, register
from yuanqing.education.session.models import Session
from yuanqing.shell.importing.sheet import Column, Counts, Problem, Rows, Sheet


def sheets() -> tuple[Sheet]:
    """With the reasons of the pack in force today."""
    return (
        Sheet(
            name=gettext_lazy("签到名单"),
            key="attendance",
            unique=("session", "number"),
            help=gettext_lazy("一行一人。到场填“是”；填“否”的要选缺席理由。"),
            columns=(
                Column("session", gettext_lazy("场次编号"), kind="code", required=True, max_length=20),
                Column("number", gettext_lazy("人员编号"), kind="code", required=True, max_length=40),
                Column("name", gettext_lazy("姓名"), max_length=60, help=gettext_lazy("填了就与名册核对。")),
                Column("present", gettext_lazy("到场"), kind="bool", required=True),
                Column("reason", gettext_lazy("缺席理由"), kind="choice", choices=list(queries.reasons().items())),
                Column("note", gettext_lazy("说明"), max_length=300),
            ),
            example_rows=({"session": "20260112-01", "number": "N001", "name": "某甲", "present": True},),
        ),
    )


def check(rows: Rows, by: Any) -> Iterator[Problem]:
    """Sessions that the account sees and that have begun, people expected there whom it sees, names as on the rolls, a
    reason for whoever was away."""
    listed = rows["attendance"]
    sessions = {session.code: session for session in _sessions(rows, by)}
    people = {code: _names(session, by) for code, session in sessions.items()}
    for row in listed:
        session = sessions.get(row["session"])
        if session is None:
            yield row.wrong("session", _("没有编号是“%(code)s”的场次。") % {"code": row["session"]})
            continue
        if session.state not in ("open", "held"):
            yield row.wrong("session", _("这一场还没有开始签到。"))
        name = people[session.code].get(row["number"])
        if name is None:
            yield row.wrong("number", _("“%(n)s”不是这一场的对象，或者不归您管。") % {"n": row["number"]})
        elif row["name"] and row["name"] != name:
            yield row.wrong("name", _("名册上这个编号的姓名不同，请核对编号。"))
        if not row["present"] and not row["reason"]:
            yield row.wrong("reason", _("没有到场的，请选缺席理由。"))


def _sessions(rows: Rows, by: Any) -> Any:
    codes = {row["session"] for row in rows["attendance"]}
    return Session.objects.visible_to(by).filter(code__in=codes).select_related("unit", "activity")


def _names(session: Session, by: Any) -> dict[str, str]:
    seen = Participation.objects.visible_to(by)
    expected = queries.expected(session).filter(pk__in=seen.values("pk"))
    return dict(expected.values_list("person__number", "person__name"))


def take_over(rows: Rows, by: Any) -> Counts:
    """All rows or none; who is entered already counts as unchanged."""
    written = 0
    listed = rows["attendance"]
    for session in _sessions(rows, by):
        mine = [row for row in listed if row["session"] == session.code]
        there = [row["number"] for row in mine if row["present"]]
        written += register(session, there, by=by) if there else 0
        away: dict[tuple[str, str], list[str]] = {}
        for row in mine:
            if not row["present"]:
                away.setdefault((row["reason"], row["note"]), []).append(row["number"])
        for (reason, note), numbers in away.items():
            written += excuse(session, numbers, by=by, reason=reason, note=note)
    return Counts(created=written, unchanged=len(listed) - written)
