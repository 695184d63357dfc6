"""Shares that add up to a hundred, small cells that point at nobody, and the months of a span; plain values."""

from __future__ import annotations

from collections.abc import Sequence

from yuanqing.kernel.almanac import Month

WHOLE = 1000  # tenths of a per cent
PARTS = {"year": (1, 12), "h1": (1, 6), "h2": (7, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}


def shares(counts: Sequence[int]) -> list[int]:
    """Tenths of a per cent that add up to 100.0, by largest remainder; the earlier wins a tie. Zeros when all are zero.

    Published lines are rounded like this: four of them are among the tests.
    """
    total = sum(counts)
    if total <= 0:
        return [0] * len(counts)
    found = [count * WHOLE // total for count in counts]
    by_rest = sorted(range(len(counts)), key=lambda n: (-(counts[n] * WHOLE % total), n))
    for n in by_rest[: WHOLE - sum(found)]:
        found[n] += 1
    return found


def hidden(cells: Sequence[int], smallest: int) -> set[int]:
    """Which cells of a breakdown are not shown: those below the smallest, and one more when a single one would follow
    from the total. What is zero points at nobody."""
    small = {n for n, count in enumerate(cells) if 0 < count < smallest}
    if len(small) == 1:
        others = [n for n, count in enumerate(cells) if count and n not in small]
        small |= {min(others, key=lambda n: (cells[n], n))} if others else set()
    return small


def months_of(year: int, part: str) -> list[Month]:
    """The months of a part of a year; ValueError for an unknown part or year."""
    if part not in PARTS:
        raise ValueError(part)
    first, last = PARTS[part]
    return [Month(year, month) for month in range(first, last + 1)]
