"""Kinds and bars of the pack, and the periods that run for a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.rules import FOR_GOOD, Bar, Decision, Running, running
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.org.person.models import Person
from yuanqing.org.unit.queries import code_table


class Codes:
    """代码表: kinds of sanctions, what they bar and for how long, from the pack in force."""

    def __init__(self) -> None:
        self.pack = current("sanctions")
        self.kinds: dict[str, Entry] = {e.code: e for e in self.pack.table("sanction")}
        self.barred: dict[str, Entry] = {e.code: e for e in self.pack.table("barred")}
        self.bars = [_bar(entry) for entry in self.pack.table("bar")]

    def label(self, kind: str) -> str:
        return self.kinds[kind].label if kind in self.kinds else kind

    def value(self, kind: str, name: str) -> str:
        values: dict[str, str] = self.kinds[kind].data["values"]
        return values.get(name, "")

    def waits_for_restoration(self, row: Sanction) -> bool:
        return row.restored_on is None and any(b.sanction == row.kind and b.start == "restoration" for b in self.bars)

    @staticmethod
    def level(code: str) -> str:
        return code_table("level").get(code, code)


def _bar(entry: Any) -> Bar:
    said: dict[str, str] = entry.data["values"]
    start: Any = said.get("start", "decision")
    ceiling = int(said["ceiling"]) if "ceiling" in said else None
    return Bar(said["sanction"], said["bars"], entry.months, start, said.get("family", ""), ceiling)


def periods(rows: Iterable[Sanction], codes: Codes) -> list[Running]:
    """Everything that the decisions about one person bar, in the order of their dates."""
    decisions = [
        Decision(
            r.kind, r.decided_on, r.months, r.restored_on, is_revoked=r.state == "revoked" or r.revoked_on is not None
        )
        for r in rows
    ]
    return running(decisions, codes.bars)


def end_of(row: Sanction, found: Iterable[Running], codes: Codes) -> date | None:
    """The last day of a decision's own periods; None where there is none, or while it is not known."""
    if codes.waits_for_restoration(row):
        return None
    own = [p.ends_on for p in found if p.sanction == row.kind and p.starts_on in (row.decided_on, row.restored_on)]
    last = max(own, default=None)
    return None if last == FOR_GOOD else last


def about(person: Person, account: Any) -> list[Sanction]:
    return list(Sanction.objects.visible_to(account).filter(person=person).order_by("decided_on", "pk"))


def to_expire(today: date) -> list[Sanction]:
    return list(Sanction.objects.filter(state="in_force", ends_on__lt=today).order_by("ends_on", "pk"))


def counts(account: Any) -> dict[str, int]:
    today = timezone.localdate()
    rows: dict[str, int] = Sanction.objects.visible_to(account).aggregate(
        in_force=Count("pk", filter=Q(state="in_force")),
        restore=Count("pk", filter=Q(state="in_force", kind="party_probation", restored_on__isnull=True)),
        soon=Count("pk", filter=Q(state="in_force", ends_on__range=(today, date.fromordinal(today.toordinal() + 30)))),
    )
    return rows
