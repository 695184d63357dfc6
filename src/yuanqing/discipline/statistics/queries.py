"""Problems beside the number of people, unit by unit: two statements, whatever the number of units."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from yuanqing.discipline.statistics.rules import Rate, rates
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.published import current
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit


def per_head(account: Any, units: Any, month: Month) -> list[tuple[Unit, Rate]]:
    """Each of the units by itself with the problems received over twelve months per hundred people, most first."""
    heads = _counted(Person.objects.filter(left_on__isnull=True, unit__in=units))
    rows = Violation.objects.visible_to(account).exclude(state="superseded").filter(unit__in=list(heads))
    known = _counted(rows.filter(received_on__range=(month.plus(-11).first_day, month.last_day)))
    pack: Any = current("weights")
    pairs = [(known.get(pk, 0), people) for pk, people in heads.items()]
    found = dict(zip(heads, rates(pairs, confidence=pack.entry("rank_confidence").value), strict=True))
    named = Unit.objects.only("code", "name", "path").in_bulk(list(found))
    return sorted(((named[pk], rate) for pk, rate in found.items()), key=lambda one: (-one[1].value, one[0].path))


def _counted(rows: Any) -> dict[Any, int]:
    return dict(rows.order_by().values("unit").annotate(n=Count("pk")).values_list("unit", "n"))
