"""Looking people up, and their rows in the shape of the import."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import plain

KEPT = ("number", "name", "level", "email", "is_party_member", "unit_id", "left_on")
BLANK: dict[str, Any] = {
    "number": "",
    "name": "",
    "level": "",
    "email": "",
    "is_party_member": False,
    "unit_id": None,
    "left_on": None,
}


def known_people(numbers: Collection[str]) -> dict[str, dict[str, Any]]:
    """What is on the rolls under these numbers."""
    rows = Person.objects.filter(number__in=numbers).order_by().values(*KEPT)
    return {row["number"]: row for row in rows}


def unit_ids(codes: Collection[str]) -> dict[str, Any]:
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))


def unit_paths(codes: Collection[str]) -> dict[str, tuple[str, date | None]]:
    """Path and last day of each unit."""
    rows = Unit.objects.filter(code__in=codes).values_list("code", "path", "ended_on")
    return {code: (path, day) for code, path, day in rows}


def paths_of_people(known: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Number → path of the unit where the person is now."""
    paths = dict(Unit.objects.filter(pk__in={p["unit_id"] for p in known.values()}).values_list("pk", "path"))
    return {number: paths[p["unit_id"]] for number, p in known.items()}


def find_person(people: QuerySet[Any], text: str) -> Person | None:
    """The person that a number or a name means; None when there is none or several."""
    text = plain(text).split("　")[0].split(" ")[0]
    exact: Person | None = people.filter(number=text).first() if text else None
    if exact is not None or not text:
        return exact
    named = list(people.filter(name=text, left_on__isnull=True)[:2])
    return named[0] if len(named) == 1 else None


def matching(people: QuerySet[Any], text: str) -> QuerySet[Any]:
    """People whose name, number or sound contains every word."""
    for word in plain(text).split()[:8]:
        people = people.filter(Q(name__icontains=word) | Q(number__istartswith=word) | Q(spelling__icontains=word))
    return people


def people_on(units: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Who held a post of these units on a day: the dated answer; `Person.unit` only knows the unit of today."""
    return Person.objects.filter(appointments__post__unit__in=units, appointments__during__contains=day).distinct()


def export_rows(people: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Those still here, in the shape of the import."""
    wanted = ("number", "name", "level", "is_party_member", "email")
    rows = people.filter(left_on__isnull=True).order_by("number").values(*wanted, "unit__code")
    return ({**row, "unit_code": row.pop("unit__code")} for row in rows.iterator(chunk_size=5000))
