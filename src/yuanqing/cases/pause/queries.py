"""Grounds of the pack, pauses that end today, and what waits for somebody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.pause import rules
from yuanqing.cases.pause.models import Pause
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current


def grounds(clock: str = "") -> dict[str, Entry]:
    """The grounds of the pack, for one clock those on which it may stand still."""
    table = {e.code: e for e in current("pauses").table("pause_ground")}
    return {code: e for code, e in table.items() if not clock or rules.may_stop(_values(e).get("clocks", ""), clock)}


def _values(entry: Entry) -> dict[str, str]:
    values: dict[str, str] = entry.data["values"]
    return values


def longest(ground: str) -> int:
    """Days for which a pause with an end may last at most on this ground."""
    return int(_values(grounds()[ground]).get("longest", "0"))


def question(start: date) -> date:
    """When a pause without an end is questioned."""
    return start + timedelta(days=int(current("pauses").entry("pause_question").value))


def ground_label(code: str) -> str:
    table = grounds()
    return table[code].label if code in table else code


def moved(pause: Pause, resumed_on: date) -> date:
    """The last day of the paused clock when it goes on from this day."""
    assert pause.begins_on is not None
    known = current("deadlines").by_code
    unit = known[pause.clock].data["unit"] if pause.clock in known else "days"
    return rules.moved(pause.due_on, pause.begins_on, resumed_on, unit, calendar_in_force())


def ending(today: date) -> Any:
    """Running pauses whose day of resumption has come."""
    return Pause.objects.filter(state="running", until__lte=today).select_related("petition", "lead", "case")


def waiting(account: Any) -> dict[str, int]:
    """What waits for a decision and what is questioned, among the matters the account opens."""
    rows, today = Pause.objects.visible_to(account).order_by(), timezone.localdate()
    found: dict[str, int] = rows.aggregate(
        asked=Count("pk", filter=Q(state="asked") & ~Q(asked_by=account.pk)),
        questioned=Count("pk", filter=Q(state="running", until__isnull=True, question_on__lte=today)),
    )
    return found
