"""Kinds of obligations as the packs declare them, and counts of who owes what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.packs.entries import ObligationKind
from yuanqing.kernel.packs.published import NotInForce, current, packs_in_force
from yuanqing.kernel.packs.schema import Pack
from yuanqing.org.account.rules import allows
from yuanqing.org.scope.rules import Right


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
    pack_name, _dot, code = name.partition(".")
    try:
        pack = current(pack_name, on)
    except NotInForce:
        raise KeyError(name) from None
    entry = pack.by_code.get(code)
    if pack.kind != "rules" or not isinstance(entry, ObligationKind):
        raise KeyError(name)
    return Kind(pack, entry)


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
    late = Q(fulfilled_at__isnull=True, excused_at__isnull=True, due_at__lt=now or timezone.now())
    return {
        "owed": Count("pk", filter=Q(excused_at__isnull=True)),
        "met": Count("pk", filter=met),
        "on_time": Count("pk", filter=met & Q(fulfilled_at__lte=F("due_at"))),
        "overdue": Count("pk", filter=late),
    }


def standing(rows: Any) -> Standing:
    return Standing(**rows.aggregate(**counts()))


def with_standing(rows: Any, now: Any = None) -> Any:
    """Rows with `standing`: owed, overdue, met, late (met, but after the due time) or lapsed."""
    return rows.annotate(
        standing=Case(
            When(excused_at__isnull=False, then=Value("excused")),
            When(lapsed_at__isnull=False, then=Value("lapsed")),
            When(fulfilled_at__isnull=True, due_at__lt=now or timezone.now(), then=Value("overdue")),
            When(fulfilled_at__isnull=True, then=Value("owed")),
            When(fulfilled_at__gt=F("due_at"), then=Value("late")),
            default=Value("met"),
        )
    )


STANDINGS = {
    "owed": _("待履行"),
    "overdue": _("逾期未履行"),
    "met": _("按时履行"),
    "late": _("逾期履行"),
    "lapsed": _("认定未履行"),
    "excused": _("不再要求"),
}


def _held(account: Any) -> Sequence[Right]:
    rights = getattr(account, "rights", None)
    return rights.held if rights else ()


def own(account: Any) -> Q:
    """What the account itself is to see to: its person's obligations, and those of the very units it acts for.

    A grant over a unit reaches everything below it, but what a lower unit owes is for the people of that unit.
    """
    from yuanqing.norms.obligation.actions import fulfilments

    condition = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
    kinds_of: dict[frozenset[str], list[str]] = {}  # units → kinds that the account sees to for just these
    for name, fulfilment in fulfilments.items():
        paths = frozenset(
            right.reach.path
            for right in _held(account)
            if right.reach.path and any(allows(right.role, c, right.purpose) for c in fulfilment.capabilities)
        )
        if paths:
            kinds_of.setdefault(paths, []).append(name)
    for paths, names in kinds_of.items():
        condition |= Q(kind__in=names, person__isnull=True, unit__path__in=paths)
    return condition
