"""Taking a checked workbook over: one act, whatever the number of rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yuanqing.discipline.violation.actions import record_many
from yuanqing.discipline.violation_import.queries import known_people, known_units, matter_of, people_by_line
from yuanqing.org.person.models import Person
from yuanqing.shell.importing.sheet import Counts, Rows


def take_over(rows: Rows, by: Any) -> Counts:
    """Every matter of the workbook, or none."""
    units, persons = known_units(rows), known_people(rows, _visible(by))
    for row in rows["people"]:
        if row["number"] and row["number"] not in persons:
            sentence = _("人员编号“%(number)s”不在您能看到的名册上。") % {"number": row["number"]}
            raise ValidationError(str(row.wrong("number", sentence)))
    people = people_by_line(rows, persons)
    matters = [matter_of(row, people[row["line"]], units[row["unit"]]) for row in rows["matters"]]
    return Counts(created=len(record_many(matters, by=by)))


def _visible(by: Any) -> Any:
    return Person.objects.all() if by.pk is None else Person.objects.visible_to(by)
