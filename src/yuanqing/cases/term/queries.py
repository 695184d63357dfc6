"""What the pack makes run, clocks, and whom a late term is brought before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.petition.queries import clock, to_bring_above
from yuanqing.cases.term import rules
from yuanqing.cases.term.models import MATTERS, Term
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.norms.period.queries import calendar_in_force
from yuanqing.org.account.models import Account


def events() -> list[Entry]:
    return list(current("terms").table("event"))


def applies_soe() -> bool:
    """Whether this body decides about managers of state-owned enterprises under the rules on them."""
    return bool(int(current("terms").entry("applies_soe").value))


def by_hand(of: str = "") -> dict[str, Entry]:
    """What may be begun by hand, of one kind of matter."""
    table = current("terms").table("by_hand")
    return {e.code: e for e in table if not of or value(e, "of") == of}


def value(entry: Entry, name: str) -> str:
    values: dict[str, str] = entry.data["values"]
    return values.get(name, "")


def label(kind: str) -> str:
    known = current("terms").by_code
    return known[kind].label if kind in known else kind


def due(code: str, start: date) -> date:
    return clock(code, start)


def latest(term: Term) -> date:
    """The last day to which it may be prolonged, counted from its beginning."""
    return rules.longest(current("deadlines").entry(term.clock).data, term.starts_on, calendar_in_force())


def name_of(matter: Any) -> str:
    return next(name for name, model in MATTERS.items() if isinstance(matter, model))


def overdue(today: date) -> list[Term]:
    """Those past their last day that are to be brought before somebody now."""
    return to_bring_above(Term.objects.filter(state="running"), today, "due_on", "pk")


def above(term: Term) -> list[UUID]:
    """Accounts that see the term and may do or prolong it."""
    accounts: Iterable[Account] = Account.objects.filter(is_active=True)
    able = [one for one in accounts if one.can("cases.term.fulfil") or one.can("cases.term.prolong")]
    return [one.pk for one in able if Term.objects.visible_to(one).filter(pk=term.pk).exists()]


def waiting(account: Any) -> dict[str, int]:
    today, rows = timezone.localdate(), Term.objects.visible_to(account).filter(state="running").order_by()
    found: dict[str, int] = rows.aggregate(
        soon=Count("pk", filter=Q(due_on__range=(today, today + timedelta(days=7)))),
        late=Count("pk", filter=Q(due_on__lt=today)),
    )
    return found
