"""Kinds of obligations as the packs declare them, and counts of who owes what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from yuanqing.kernel.packs.entries import ObligationKind
from yuanqing.kernel.packs.published import packs_in_force
from yuanqing.kernel.packs.schema import Pack


@dataclass(frozen=True)
class Kind:
    """事项种类: an obligation as a pack in force declares it; `name` is what rows carry, e.g. speech.monthly_report."""

    pack: Pack
    entry: ObligationKind

    @property
    def name(self) -> str:
        return f"{self.pack.name}.{self.entry.code}"

    @property
    def demand(self) -> int:
        """The demand of the speech (0–5) that the first clause cited belongs to; -1 when it cites another pack."""
        cited = self.entry.basis[0] if self.entry.basis else ""
        number = cited.removeprefix("speech.")[:1]
        return int(number) if cited.startswith("speech.") and number.isdigit() else -1


def kinds(on: date | None = None) -> dict[str, Kind]:
    """Every kind declared by the packs in force on a day (today), by name, in the order of the packs."""
    found = [
        Kind(pack, entry)
        for pack in packs_in_force(on).values()
        if pack.kind == "rules"
        for entry in pack.of_kind("obligation")
    ]
    return {kind.name: kind for kind in found}


def kind(name: str, on: date | None = None) -> Kind:
    """KeyError when no pack in force declares it."""
    return kinds(on)[name]


@dataclass(frozen=True)
class Standing:
    """How far: of so many owed, how many were met, how many of those in time, and how many are overdue now."""

    owed: int
    met: int
    on_time: int
    overdue: int


def counts(now: Any = None) -> dict[str, Count]:
    """Aggregates over obligations, for `.aggregate(**counts())` and `.values(…).annotate(**counts())`."""
    met = Q(fulfilled_at__isnull=False)
    late = Q(fulfilled_at__isnull=True, due_at__lt=now or timezone.now())
    return {
        "owed": Count("pk"),
        "met": Count("pk", filter=met),
        "on_time": Count("pk", filter=met & Q(fulfilled_at__lte=F("due_at"))),
        "overdue": Count("pk", filter=late),
    }


def standing(rows: Any) -> Standing:
    return Standing(**rows.aggregate(**counts()))
