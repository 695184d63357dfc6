"""What has ended, whose content may go, and what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from yuanqing.cases.destruction.models import Destruction
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.lifecycle import LIFECYCLE as PETITION
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.sealing.models import SealedValue, SealingKey
from yuanqing.org.unit.models import Unit

ENDED_LEADS = ("closed", "passed_on", "sent_up", "merged")  # what was filed lives on in its case


def leads(rows: Any) -> Any:
    """Ended leads whose content is still there."""
    return rows.filter(state__in=ENDED_LEADS, key__values__destroyed_on__isnull=True).distinct()


def petitions(rows: Any) -> Any:
    """Ended petitions, without those of a lead that goes on or was filed."""
    kept = Q(leads__state="filed") | ~Q(leads__state__in=ENDED_LEADS) & Q(leads__isnull=False)
    ended = rows.filter(state__in=PETITION.final, content__destroyed_on__isnull=True)
    return ended.exclude(pk__in=Petition.objects.filter(kept).values("pk"))


def keys_of(destruction: Destruction) -> list[SealingKey]:
    """The key of the matter, and those of what the body said when it sat on it; also of sittings that were called off."""
    with as_system():  # whoever decides may have withdrawn from a sitting: it goes all the same
        return [destruction.key, *SealingKey.objects.filter(sittings__lead=destruction.matter).order_by("pk")]


def at_stake(destruction: Destruction) -> tuple[int, int]:
    """How many sealed contents would go, and how many of them the body said when it sat on the matter."""
    keys = keys_of(destruction)
    rows = SealedValue.objects.filter(key__in=keys, destroyed_on__isnull=True)
    return rows.count(), rows.exclude(key=destruction.key).count()


def ended_on(row: Any) -> date:
    found: date | None = row.ended_on if isinstance(row, Lead) else row.closed_on or row.concluded_on
    return found or row.received_on


def unit_of(row: Any) -> Unit:
    """Whose body handled it; petitions belong to the body of the root."""
    if isinstance(row, Lead):
        return row.unit
    found: Unit = Unit.objects.filter(parent__isnull=True).order_by("path")[0]
    return found


def before(years: int, today: date) -> date:
    month = Month.of(today).plus(-12 * years)
    return date(month.year, month.month, min(today.day, month.last_day.day))


def due(today: date) -> list[Any]:
    """Leads and petitions whose term is over and about which nothing is proposed; what was refused is asked for no more."""
    limit = before(Remedies().number("content_years"), today)
    known = set(Destruction.objects.values_list("matter", flat=True))
    found = [*leads(Lead.objects.filter(ended_on__lte=limit)).select_related("key", "unit")]
    found += petitions(
        Petition.objects.filter(Q(closed_on__lte=limit) | Q(closed_on__isnull=True, received_on__lte=limit))
    ).select_related("key")
    return [row for row in found if row.pk not in known]


def proposable(account: Any, number: str) -> Any:
    """The ended lead or petition of this number, among those that the account's key opens; None otherwise."""
    lead = leads(Lead.objects.visible_to(account).filter(number=number)).select_related("key", "unit").first()
    return lead or petitions(Petition.objects.visible_to(account).filter(number=number)).select_related("key").first()
