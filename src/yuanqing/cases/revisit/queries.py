"""When visits are due, and what waits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.almanac import after
from yuanqing.kernel.packs.calendar import calendar_in_force


def due_days(sanction: Sanction, today: date) -> list[date]:
    """The days on which the pack wants a visit after a sanction of this kind; what lies in the past is not made up for."""
    table, calendar = Remedies().table("visit_plan"), calendar_in_force()
    own = [e for e in table.values() if e.data["values"].get("sanction") == sanction.kind]
    general = [e for e in table.values() if not e.data["values"].get("sanction")]
    months = [int(n) for e in (own or general) for n in e.data["values"]["months"].split(",")]
    days = [after(sanction.decided_on, n, "months", calendar) for n in months]
    return [day for day in days if day >= today]


def waiting(account: Any) -> dict[str, int]:
    today = timezone.localdate()
    rows = Revisit.objects.visible_to(account).filter(state="planned").order_by()
    found: dict[str, int] = rows.aggregate(
        soon=Count("pk", filter=Q(due_on__range=(today, today + timedelta(days=30)))),
        late=Count("pk", filter=Q(due_on__lt=today)),
    )
    return found
