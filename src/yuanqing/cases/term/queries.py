"""What the pack makes run, clocks, and whom a late term is brought before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.lead.queries import to_keep_out
from yuanqing.cases.petition.queries import to_bring_above
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.term import rules
from yuanqing.cases.term.models import MATTERS, Term
from yuanqing.kernel.almanac import moment_after
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.queries import allowing


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


def counts_hours(code: str) -> bool:
    return bool(current("deadlines").entry(code).data["unit"] == "hours")


def moment(code: str, start: datetime) -> datetime:
    """The last instant of a deadline of the pack that starts to run at this one."""
    deadline = current("deadlines").entry(code).data
    return moment_after(start, int(deadline["amount"]), deadline["unit"], calendar_in_force())


def latest(term: Term) -> date:
    """The last day to which it may be prolonged, counted from its beginning."""
    return rules.longest(current("deadlines").entry(term.clock).data, term.starts_on, calendar_in_force())


def name_of(matter: Any) -> str:
    return next(name for name, model in MATTERS.items() if isinstance(matter, model))


def overdue() -> list[Term]:
    """Those past their last day or their last minute that are to be brought before somebody now."""
    by_day = Term.objects.filter(state="running", due_at__isnull=True)
    return [*overdue_by_hours(), *to_bring_above(by_day, timezone.localdate(), "due_on", "pk")]


def overdue_by_hours() -> list[Term]:
    now, today = timezone.now(), timezone.localdate()
    late = Term.objects.filter(state="running", due_at__lt=now).order_by("due_at", "pk")

    def is_due(term: Term, due_at: datetime) -> bool:
        return rules.escalation_is_due(due_at, timezone.localdate(due_at), term.escalated_on, now, today)

    return [term for term in late if term.due_at and is_due(term, term.due_at)]


def above(term: Term) -> list[UUID]:
    """Accounts whose own grants let them see the matter and do or prolong the term; a statement a table, however many."""
    matter = term.matter
    view = f"cases.{name_of(matter) if matter else 'petition'}.view"
    all_of = (("cases.term.fulfil", "cases.term.prolong"), (view,), ("cases.term.view",))
    here = allowing([one for wanted in all_of for one in wanted], getattr(matter, "unit", None))
    able, seeing, knowing = ({g.account_id for g in here if g.allows(wanted)} for wanted in all_of)
    found = able & seeing & knowing
    if isinstance(matter, Sanction):
        return sorted(found - to_keep_out([matter.person]))
    if matter is not None:
        inside = Holder.objects.active().filter(pk__in=matter.key.recipients)
        found &= set(inside.values_list("account_id", flat=True))
    return sorted(found)


def is_late() -> Q:
    """Past the last day, or the last minute where hours count."""
    return Q(due_on__lt=timezone.localdate()) | Q(due_at__isnull=False, due_at__lt=timezone.now())


def waiting(account: Any) -> dict[str, int]:
    today, rows = timezone.localdate(), Term.objects.visible_to(account).filter(state="running").order_by()
    found: dict[str, int] = rows.aggregate(
        soon=Count("pk", filter=Q(due_on__range=(today, today + timedelta(days=7))) & ~is_late()),
        late=Count("pk", filter=is_late()),
    )
    return found
