"""Which clock runs when; plain values in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from hmac import new as hmac
from typing import Any
from uuid import UUID

from yuanqing.kernel.almanac import Calendar, after

SPOKEN = ("visit", "call")  # their minutes are read back
FROM_ABOVE = ("transfer", "inspection")
PAUSED = "clock.pause"  # the clock that runs while another stands still


def first_clock(channel: str, *, is_named: bool, goes_up: bool) -> str:
    """Code of the deadline that runs from receipt.

    检举控告工作规则 15 (up), 16 (what a higher body hands down), chapter 4 (named); anonymous ones are looked at
    within the same term as named ones, so that nothing is without a clock.
    """
    if goes_up:
        return "petition.up"
    if channel in FROM_ABOVE and not is_named:
        return "petition.down"
    return "petition.named_ack"


def due_on(deadline: Mapping[str, Any], start: date, calendar: Calendar) -> date:
    """The last day of a term from the pack, counted from the day after `start`."""
    return after(start, int(deadline["amount"]), deadline["unit"], calendar)


def extended(deadline: Mapping[str, Any], due: date, calendar: Calendar) -> date:
    """The new last day after one more extension (3+3+N: 检举控告工作规则 21)."""
    return after(due, int(deadline["extension"]), deadline["extension_unit"], calendar)


def escalation_is_due(due_on: date, last: date | None, today: date) -> bool:
    """On the day after the last day, and every seventh day after the last escalation."""
    return today > due_on and (last is None or last <= due_on or (today - last).days >= 7)


def mark(pepper: bytes, petition: UUID, account: UUID) -> str:
    """How a barred account stands in the record: nobody without the pepper reads from it who is meant."""
    return hmac(pepper, petition.bytes + account.bytes, sha256).hexdigest()


def marks(pepper: bytes, petition: UUID, accounts: Iterable[UUID]) -> list[str]:
    return sorted(mark(pepper, petition, account) for account in accounts)
