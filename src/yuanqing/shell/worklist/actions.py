"""Reminding: on the days the pack names, the people it names, one digest each, in the inbox and by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from yuanqing.kernel.almanac import end_of, start_of
from yuanqing.kernel.packs.published import current
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account.models import Account, Grant
from yuanqing.shell.inbox.actions import deliver, mail
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.worklist.rules import Owed, body_of, holders, lines, title_of

KIND = "reminder"
CONTACT = "unit_contact"  # for what a person owes, the person stands in the contact's place


def remind(now: datetime | None = None) -> int:
    """Write today's digests and mail them; running again the same day adds nothing. Returns the digests written."""
    at = now or timezone.now()
    today = timezone.localtime(at).date()
    digests = _digests(at)
    written = deliver(
        Message(
            account_id=account,
            key=f"{KIND}:{today}",
            kind=KIND,
            title=title_of(found),
            body=body_of(found),
            link="/",
            sent_at=at,
        )
        for account, owed in sorted(digests.items(), key=lambda one: str(one[0]))
        if (found := lines(owed.values(), today))
    )
    mail(KIND)
    return written


def _digests(at: datetime) -> dict[UUID, dict[Any, Owed]]:
    """Account → the obligations it is to be reminded of today, each once."""
    today = timezone.localtime(at).date()
    granted = _granted(today)
    found: dict[UUID, dict[Any, Owed]] = {}
    for reminder in current("deadlines", today).of_kind("reminder"):
        day = today - timedelta(days=reminder.days)
        rows = Obligation.objects.owed().filter(due_at__gte=start_of(day), due_at__lte=end_of(day))
        for pk, owed, account in _owed(rows):
            for one in _recipients(reminder.roles, owed, account, granted):
                found.setdefault(one, {})[pk] = owed
    return found


def _owed(rows: Any) -> Iterable[tuple[UUID, Owed, UUID | None]]:
    """The obligations in the order of the tree, each with the account of the person who owes it."""
    chosen = rows.select_related("unit", "period", "clause", "person__account").order_by("unit__path", "pk")
    for one in chosen.iterator(chunk_size=5000):
        title = f"{one.title}（{one.period}）" if one.period else one.title
        due_on = timezone.localtime(one.due_at).date()
        account = getattr(one.person, "account", None)
        yield one.pk, Owed(title, one.unit.path, one.unit.name, one.person_id, due_on), account and account.pk


def _recipients(roles: Iterable[str], owed: Owed, account: UUID | None, granted: Any) -> set[UUID]:
    found: set[UUID] = set()
    for role in roles:
        if role == CONTACT and owed.person_id is not None:
            found |= {account} if account else set()
        else:
            found.update(holders(role, owed.unit_path, granted))
    return found


def _granted(today: Any) -> dict[str, dict[Any, list[UUID]]]:
    """Role → path of the unit granted (with its levels, where they end) → accounts, of the grants of the day; one query."""
    active = Grant.objects.on(today).filter(account__in=Account.objects.filter(is_active=True))
    found: dict[str, dict[Any, list[UUID]]] = {}
    for role, path, depth, account in active.values_list("role", "unit__path", "depth", "account_id"):
        key = (path or "") if depth is None else (path, depth)
        found.setdefault(role, {}).setdefault(key, []).append(account)
    return found
