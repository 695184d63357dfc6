"""What can be drawn, who can read it again, and what a blind reader is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q

from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.policies import is_barred
from yuanqing.cases.lead.queries import Codes, Opened, able, opened
from yuanqing.cases.rereading.models import Rereading
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking

READS = "cases.rereading.give"
SHOWN = ("content", "study", "letter", "reply", "talk", "reply_check", "situation", "check_report", "easing_reason")


def undrawn(account: Any) -> list[Easing]:
    """Granted easings of leads the account can open that were not drawn yet."""
    rows = Easing.objects.visible_to(account).filter(state="granted", rereading__isnull=True)
    return list(rows.select_related("lead__key", "lead__unit", "lead__petition").order_by("decided_on", "pk"))


def how_many(number: int) -> int:
    """The pack's share, rounded up: of any easings at least one is read again."""
    return -(-number * Codes().number("reread_share") // 10_000)


def readers_for(easing: Easing) -> list[Holder]:
    """Who may read it again: with the role, nobody who proposed, handled, distributed or decided, nobody barred."""
    lead = easing.lead
    hands = {lead.handler_id, lead.assigned_by_id, lead.proposed_by_id, lead.decided_by_id}
    hands |= {easing.asked_by_id, easing.decided_by_id}
    found = able([READS], lead.unit)
    return [h for h in found if h.account_id not in hands and h.account_id and not is_barred(lead, h.account_id)]


def shown(lead: Lead, key: Unlocking) -> list[Opened]:
    """The papers without those that tell the decision."""
    return [one for one in opened(lead, key) if one.paper.kind in SHOWN]


def results(account: Any) -> dict[str, int]:
    rows: dict[str, int] = Rereading.objects.visible_to(account).aggregate(
        drawn=Count("pk"),
        given=Count("pk", filter=Q(state="given")),
        agrees=Count("pk", filter=Q(opinion="agrees")),
        stricter=Count("pk", filter=Q(opinion="stricter")),
    )
    return rows


def late(account: Any, today: date) -> int:
    return Rereading.objects.filter(reader=account.pk, state="drawn", due_on__lt=today).count()
