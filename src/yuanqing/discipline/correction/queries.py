"""Corrections that a reader may see, and who made how many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from yuanqing.discipline.correction import rules
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.packs.published import current


def corrections(account: Any) -> Any:
    """Later entries that replaced one, within the reader's scope."""
    rows = Violation.objects.visible_to(account).filter(corrects__isnull=False)
    return rows.select_related("unit", "clause", "corrects", "amended_by")


@dataclass(frozen=True)
class Handler:
    """更正办理人: an account with what it corrected and how that reads beside the others."""

    pk: Any
    name: str
    count: rules.Count
    reading: rules.Reading

    @property
    def href(self) -> str:
        return f"{reverse('correction:list')}?by={self.pk}&lowered=yes"

    @property
    def others_href(self) -> str:
        return f"{reverse('correction:list')}?by={self.pk}"


def handlers(rows: Any) -> list[Handler]:
    """Whoever made corrections, the most frequent lowering first; one statement."""
    found = (
        rows.filter(amended_by__isnull=False)
        .order_by()
        .values("amended_by", "amended_by__display_name")
        .annotate(made=Count("pk"), lowered=Count("pk", filter=~Q(lowering="")))
    )
    lines = list(found)
    counts = [rules.Count(line["made"], line["lowered"]) for line in lines]
    readings = rules.read(counts, **thresholds())
    named = [
        Handler(line["amended_by"], line["amended_by__display_name"], count, reading)
        for line, count, reading in zip(lines, counts, readings, strict=True)
    ]
    return sorted(named, key=lambda one: (-one.reading.share, -one.count.made, one.name))


def thresholds() -> dict[str, int]:
    """From the weights pack: how sure an interval is, and when a question is asked."""
    pack: Any = current("weights")
    names = {"confidence": "rank_confidence", "threshold": "lowering_chance", "minimum": "lowering_minimum"}
    return {name: pack.entry(code).value for name, code in names.items()}
