"""Rates that point at nobody; plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """比率: a part of a whole in basis points; None where the whole, the part or the rest is too small to be shown."""

    part: int
    whole: int
    smallest: int

    @property
    def shown(self) -> int | None:
        """Basis points, half up."""
        if self.whole < self.smallest or 0 < self.part < self.smallest or 0 < self.whole - self.part < self.smallest:
            return None
        return (self.part * 20_000 + self.whole) // (2 * self.whole)


def per_hundred(count: int, heads: int) -> int | None:
    """Reports per hundred people, in hundredths, half up; None without people."""
    return (count * 20_000 + heads) // (2 * heads) if heads > 0 else None


def median(days: Sequence[int]) -> int | None:
    """The middle of the days in halves (of two middles their mean): 2 × the median; None for none."""
    if not days:
        return None
    ordered, middle = sorted(days), len(days) // 2
    return 2 * ordered[middle] if len(ordered) % 2 else ordered[middle - 1] + ordered[middle]


def ninth_decile(days: Sequence[int]) -> int | None:
    """The smallest number of days within which nine of ten were done; None for none."""
    ordered = sorted(days)
    return ordered[-(-9 * len(ordered) // 10) - 1] if ordered else None
