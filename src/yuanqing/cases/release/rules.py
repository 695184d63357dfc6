"""Shares that add up to a hundred, small cells that point at nobody, and the months of a span; plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yuanqing.kernel.almanac import Month

WHOLE = 1000  # tenths of a per cent
PARTS = {"year": (1, 12), "h1": (1, 6), "h2": (7, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}
HALVES = {"h1": ("q1", "q2"), "h2": ("q3", "q4")}


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


def is_settled(year: int, part: str, today: date) -> bool:
    """Whether the span is over and the month after it too, so that what is entered late changes it no more."""
    return Month(year, PARTS[part][1]).plus(1).last_day < today


def latest_settled(today: date, parts: Sequence[str] = tuple(PARTS)) -> tuple[int, str]:
    """The span that ended last of those that are settled; of several that ended together the longest."""
    spans = [(year, part) for year in (today.year - 2, today.year - 1, today.year) for part in parts]
    known = [(year, part) for year, part in spans if is_settled(year, part, today)]
    return max(known, key=lambda span: (span[0], PARTS[span[1]][1], -PARTS[span[1]][0]))


def told(quarters: Sequence[int], smallest: int) -> set[str]:
    """The parts of a year whose count may be told, from the counts of its four quarters.

    What is told together never yields a count between nothing and the smallest, whichever is subtracted from whichever: a sum
    is told where what is not told of it makes nothing, or enough. Whether a part is told hangs on its own quarters alone, so
    that nothing that was told is taken back when the year goes on.
    """
    counts, found, rest = iter(quarters), set[str](), 0
    for half, names in HALVES.items():
        small = 0
        for name in names:
            count = next(counts)
            if 0 < count < smallest:
                small += count
            else:
                found.add(name)
        if small == 0 or small >= smallest:
            found.add(half)
            small = 0
        rest += small
    if rest == 0 or rest >= smallest:
        found.add("year")
    return found
