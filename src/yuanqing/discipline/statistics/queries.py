"""Problems beside the number of people, unit by unit: two statements, whatever the number of units."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count

from yuanqing.discipline.statistics.rules import Rate, rates
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.published import current
from yuanqing.org.person.models import Person


class Place(NamedTuple):
    """A unit as far as a chart names it."""

    code: str
    name: str
    path: str


def per_head(account: Any, units: Any, month: Month) -> list[tuple[Place, Rate]]:
    """Each of the units by itself with the problems received over twelve months per hundred people, most first."""
    held = Person.objects.filter(left_on__isnull=True, unit__in=units).order_by()
    named = held.values_list("unit", "unit__code", "unit__name", "unit__path").annotate(n=Count("pk"))
    heads = {pk: (Place(code, name, path), people) for pk, code, name, path, people in named}
    rows = Violation.objects.visible_to(account).exclude(state="superseded").filter(unit__in=list(heads)).order_by()
    received = rows.filter(received_on__range=(month.plus(-11).first_day, month.last_day))
    known = dict(received.values_list("unit").annotate(n=Count("pk")))
    pack: Any = current("weights")
    pairs = [(known.get(pk, 0), people) for pk, (_place, people) in heads.items()]
    found = rates(pairs, confidence=pack.entry("rank_confidence").value)
    places = (place for place, _people in heads.values())
    return sorted(zip(places, found, strict=True), key=lambda one: (-one[1].value, one[0].path))
