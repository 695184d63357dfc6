"""What an account lends, what is lent to it, and to whom a grant may be lent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yuanqing.org.account import queries as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.delegation.models import Delegation
from yuanqing.org.scope.rules import line

LONGEST = 90  # days, where the pack in force does not say


def longest() -> int:
    """For how many days one may be stood in for: a parameter of the roles pack."""
    return accounts.parameter("longest_delegation", LONGEST)


def lendable(account: Any) -> list[Grant]:
    """The account's own grants of today that it may let somebody act with."""
    rows = Grant.objects.on(timezone.localdate()).filter(account=account.pk).select_related("unit")
    return [grant for grant in rows.order_by("role", "starts_on") if not rules.is_administrator(grant.role)]


def possible_delegates(account: Any) -> Any:
    """Active accounts of one's own unit, of those above it and of those below it."""
    rows = Account.objects.filter(is_active=True).exclude(pk=account.pk).order_by("username")
    person = account.person
    if person is None:
        return rows
    near = Q(person__unit__path__in=list(line(person.unit.path))) | Q(person__unit__path__startswith=person.unit.path)
    return rows.filter(near)


def overlapping(grant: Grant, starts_on: date, ends_on: date) -> Delegation | None:
    """A delegation of the same grant at the same time."""
    rows = Delegation.objects.filter(grant=grant, state="in_force", starts_on__lte=ends_on, ends_on__gte=starts_on)
    found: Delegation | None = rows.select_related("delegate").first()
    return found
