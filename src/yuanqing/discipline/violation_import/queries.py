"""Rows of the workbook put together to matters, and everything that is wrong with them, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.discipline.violation.actions import Dealt, Matter, Someone, faults
from yuanqing.discipline.violation.queries import Codes
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.shell.importing.sheet import Problem, Row, Rows

OF_PEOPLE = {"people": "level", "measure": "measure", "decided_on": "decided_on", "waiver": "waiver"}


@dataclass
class Group:
    """Rows of the people sheet that mean one person."""

    first: Row
    dealt: Dealt


def check(rows: Rows) -> Iterator[Problem]:
    codes, units, persons = Codes.now(), known_units(rows), known_people(rows)
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


def known_units(rows: Rows) -> dict[str, Unit]:
    codes = {row["unit"] for row in rows["matters"]}
    return {unit.code: unit for unit in Unit.objects.active().filter(code__in=codes)}


def known_people(rows: Rows, among: Any = None) -> dict[str, Person]:
    """Those of the rolls, or of these people, whose numbers the file names."""
    numbers = {row["number"] for row in rows["people"] if row["number"]}
    people = Person.objects.all() if among is None else among
    return {person.number: person for person in people.filter(number__in=numbers)}


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
