"""Choice tables, what waits, and whether the same came back."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from yuanqing.cases.redress.lifecycle import ENDED
from yuanqing.cases.redress.models import Redress
from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation.queries import Codes as Register
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current


class Remedies:
    """代码表: what the remedies pack offers for choice."""

    def __init__(self) -> None:
        self.pack = current("remedies")

    def table(self, name: str) -> dict[str, Entry]:
        return {e.code: e for e in self.pack.table(name)}

    def label(self, table: str, code: str) -> str:
        found = self.table(table)
        return found[code].label if code in found else code

    def choices(self, table: str) -> list[tuple[str, str]]:
        return [(e.code, e.label) for e in self.table(table).values()]

    def value(self, table: str, code: str, name: str) -> str:
        found: dict[str, str] = self.table(table)[code].data["values"]
        return found.get(name, "")

    def number(self, code: str) -> int:
        return int(self.pack.entry(code).value)


def clauses() -> dict[str, str]:
    """Problem types of the register of violations, with their labels."""
    codes = Register.now()
    return {code: codes.type_label(code) for code in codes.types}


def came_back(row: Any = None) -> Any:
    """Violations of the same unit and type that came in after it was issued, while it is watched."""
    one: Any = row or OuterRef
    after = one.issued_on if row else OuterRef("issued_on")
    until = one.watched_until if row else OuterRef("watched_until")
    unit, type_ = (one.unit_id, one.type) if row else (OuterRef("unit"), OuterRef("type"))
    rows: Any = Violation.objects.standing().filter(unit=unit, type=type_)
    return rows.filter(received_on__gt=after, received_on__lte=until)


def with_recurrence(rows: Any) -> Any:
    return rows.annotate(has_come_back=Exists(came_back()))


def waiting(account: Any) -> dict[str, int]:
    """What the account's units owe, what is to be re-visited, lessons to be checked; one statement."""
    rows = Redress.objects.visible_to(account).order_by()
    found: dict[str, int] = rows.aggregate(
        verify=Count("pk", filter=Q(state="answered")),
        teach=Count("pk", filter=Q(state="issued", kind="lesson") & ~Q(issued_by=account.pk)),
        late=Count("pk", filter=~Q(state__in=ENDED) & Q(due_on__lt=timezone.localdate())),
    )
    return found
