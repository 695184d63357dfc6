"""The workbook of a register: its sheets, what is wrong with them cell by cell, and what they become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.violation.actions import Dealt, Matter, Someone, faults, record_many
from yuanqing.discipline.violation.queries import Codes
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.shell.importing.sheet import Column, Counts, Problem, Row, Rows, Sheet


def sheets() -> tuple[Sheet, Sheet]:
    """With the choices of the packs in force today."""
    codes = Codes.now()
    return matters(codes), people(codes)


def _choices(entries: Any) -> Sequence[tuple[str, Any]]:
    return [(code, getattr(entry, "label", entry)) for code, entry in entries.items()]


def matters(codes: Codes) -> Sheet:
    return Sheet(
        name=gettext_lazy("问题"),
        key="matters",
        unique=("line",),
        help=gettext_lazy("一行一件。填了查处日期的按已查处导入，没有填的按在办导入；去向由去向表决定。"),
        columns=(
            Column(
                "line",
                gettext_lazy("序号"),
                kind="code",
                required=True,
                max_length=20,
                help=gettext_lazy("本文件内的编号，人员表用它对应。"),
            ),
            Column("unit", gettext_lazy("单位代码"), kind="code", required=True, max_length=40),
            Column(
                "type",
                gettext_lazy("问题类型"),
                kind="choice",
                required=True,
                choices=_choices(codes.types),
                help=gettext_lazy("选到最下一级，如 B1a、D3。"),
            ),
            Column("received_on", gettext_lazy("受理日期"), kind="date", required=True),
            Column("source", gettext_lazy("来源"), kind="choice", required=True, choices=_choices(codes.sources)),
            Column(
                "severity", gettext_lazy("严重程度"), kind="choice", required=True, choices=_choices(codes.severities)
            ),
            Column("facts", gettext_lazy("主要事实"), required=True, max_length=2000),
            Column("concluded_on", gettext_lazy("查处日期"), kind="date"),
            Column("outcome", gettext_lazy("查处情况"), max_length=2000),
            Column("transferred_to", gettext_lazy("移送机关"), max_length=200),
            Column("transferred_on", gettext_lazy("移送日期"), kind="date"),
            Column("transfer_receipt", gettext_lazy("回执编号"), max_length=100),
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
        name=gettext_lazy("人员"),
        key="people",
        help=gettext_lazy("一行一人；一个人有几项措施的，写几行。在名册上的填人员编号，其他的填姓名。"),
        columns=(
            Column(
                "line",
                gettext_lazy("序号"),
                kind="code",
                required=True,
                max_length=20,
                help=gettext_lazy("问题表里的序号。"),
            ),
            Column("number", gettext_lazy("人员编号"), kind="code", max_length=40),
            Column("name", gettext_lazy("姓名"), max_length=60),
            Column(
                "level",
                gettext_lazy("级别"),
                kind="choice",
                choices=_choices(codes.levels),
                help=gettext_lazy("在名册上的可以不填。"),
            ),
            Column("is_party_member", gettext_lazy("中共党员"), kind="bool"),
            Column("measure", gettext_lazy("处理措施"), kind="choice", choices=_choices(codes.measures)),
            Column("decided_on", gettext_lazy("决定日期"), kind="date"),
            Column("document", gettext_lazy("文号"), max_length=100),
            Column("waiver", gettext_lazy("不予处理的理由"), max_length=300),
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


OF_PEOPLE = {"people": "level", "measure": "measure", "decided_on": "decided_on", "waiver": "waiver"}


@dataclass
class Group:
    """Rows of the people sheet that mean one person."""

    first: Row
    dealt: Dealt


def check(rows: Rows, by: Any) -> Iterator[Problem]:
    codes, units, persons = Codes.now(), known_units(rows, by), known_people(rows, by)
    lines = {row["line"] for row in rows["matters"]}
    for row in rows["people"]:
        yield from _person_problems(row, lines, persons, codes)
    by_line = people_by_line(rows, persons)
    for row in rows["matters"]:
        if row["unit"] not in units:
            yield row.wrong("unit", _("单位代码“%(code)s”不存在，或者已经撤销。") % {"code": row["unit"]})
        elif not by_line.get(row["line"]):
            yield row.wrong("line", _("人员表里没有序号“%(line)s”的人。") % {"line": row["line"]})
        else:
            yield from _matter_problems(row, by_line[row["line"]], units[row["unit"]], codes)


def _person_problems(row: Row, lines: set[str], persons: dict[str, Person], codes: Codes) -> Iterator[Problem]:
    if row["line"] not in lines:
        yield row.wrong("line", _("问题表里没有序号“%(line)s”。") % {"line": row["line"]})
    if row["number"] and row["number"] not in persons:
        yield row.wrong(
            "number", _("人员编号“%(number)s”不在名册上。不在名册的人请只填姓名。") % {"number": row["number"]}
        )
    elif not row["number"] and not row["name"]:
        yield row.wrong("name", _("请填人员编号或者姓名；不清楚的写“待查”。"))
    known = persons[row["number"]].level if row["number"] in persons else ""
    if not row["level"] and known not in codes.levels:
        yield row.wrong("level", _("请填级别。"))
    if bool(row["measure"]) != bool(row["decided_on"]):
        where = "decided_on" if row["measure"] else "measure"
        yield row.wrong(where, _("处理措施和决定日期要一起填。"))


def _matter_problems(row: Row, groups: list[Group], unit: Unit, codes: Codes) -> Iterator[Problem]:
    if any(group.dealt.someone.level not in codes.levels for group in groups):
        return  # already said at the person
    whole = matter_of(row, groups, unit)
    for field, sentence in faults(codes, whole).items():
        if field not in OF_PEOPLE:
            yield row.wrong(field, sentence)
        elif field == "people":
            yield row.wrong("line", sentence)
    for group in groups:
        for field, sentence in faults(codes, replace(whole, people=(group.dealt,))).items():
            if field in OF_PEOPLE and field != "people":
                yield group.first.wrong(OF_PEOPLE[field], sentence)


def known_units(rows: Rows, by: Any) -> dict[str, Unit]:
    codes = {row["unit"] for row in rows["matters"]}
    return {unit.code: unit for unit in Unit.objects.visible_to(by).active().filter(code__in=codes)}


def known_people(rows: Rows, by: Any) -> dict[str, Person]:
    """Those of the rolls that the account sees whose numbers the file names."""
    numbers = {row["number"] for row in rows["people"] if row["number"]}
    return {person.number: person for person in Person.objects.visible_to(by).filter(number__in=numbers)}


def people_by_line(rows: Rows, persons: dict[str, Person]) -> dict[str, list[Group]]:
    """Line → its people; several rows of one person are put together."""
    found: dict[str, dict[tuple[str, str], Group]] = {}
    for row in rows["people"]:
        group = found.setdefault(row["line"], {})
        key = (row["number"], "" if row["number"] else row["name"])
        measure: tuple[tuple[str, date, str], ...] = ()
        if row["measure"] and row["decided_on"]:
            measure = ((row["measure"], row["decided_on"], row["document"]),)
        if key in group:
            known = group[key].dealt
            group[key].dealt = replace(
                known, measures=(*known.measures, *measure), waiver=known.waiver or row["waiver"]
            )
        else:
            group[key] = Group(row, Dealt(someone_of(row, persons), measure, row["waiver"]))
    return {line: list(group.values()) for line, group in found.items()}


def someone_of(row: Row, persons: dict[str, Person]) -> Someone:
    person = persons.get(row["number"])
    is_member = bool(row["is_party_member"]) or bool(person and person.is_party_member)
    return Someone(row["level"] or (person.level if person else ""), person, "" if person else row["name"], is_member)


def matter_of(row: Row, groups: list[Group], unit: Unit) -> Matter:
    return Matter(
        unit=unit,
        type=row["type"],
        received_on=row["received_on"],
        source=row["source"],
        facts=row["facts"],
        severity=row["severity"],
        people=tuple(group.dealt for group in groups),
        concluded_on=row["concluded_on"],
        outcome=row["outcome"],
        transferred_to=row["transferred_to"],
        transfer_receipt=row["transfer_receipt"],
        transferred_on=row["transferred_on"],
    )


def take_over(rows: Rows, by: Any) -> Counts:
    """Every matter of the workbook, or none."""
    units, persons = known_units(rows, by), known_people(rows, by)
    people = people_by_line(rows, persons)
    matters = [matter_of(row, people[row["line"]], units[row["unit"]]) for row in rows["matters"]]
    return Counts(created=len(record_many(matters, by=by)))
