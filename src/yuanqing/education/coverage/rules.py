"""How often taught clauses were broken before and after, and how deep a cell is coloured; plain values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Recurrence:
    """再发: problems under the clauses taught, in so many months before and after."""

    before: int
    after: int
    months: int  # months after that have passed, and as many before


def recurrence(
    counted: Mapping[tuple[int, str], int], codes: Sequence[str], taught: int, now: int, most: int = 6
) -> Recurrence:
    """`counted`: (month, clause) → problems, months numbered on; the month of teaching itself belongs to neither side."""
    months = max(0, min(most, now - taught))
    sums = [
        sum(counted.get((taught + way * n, code), 0) for n in range(1, months + 1) for code in codes) for way in (-1, 1)
    ]
    return Recurrence(sums[0], sums[1], months)


def below(rows: Iterable[tuple[str, int, str, int]], path: str) -> dict[tuple[int, str], int]:
    """(month, clause) → problems of the units at and below a path, from (path, month, clause, problems)."""
    found: dict[tuple[int, str], int] = {}
    for where, month, clause, count in rows:
        if where.startswith(path):
            found[month, clause] = found.get((month, clause), 0) + count
    return found


def depth(missing: int, invited: int) -> str:
    """Colour of a cell: pale where nobody is missing, deepest where half or more are; "none" where nobody is invited."""
    if not invited:
        return "none"
    if not missing:
        return "0"
    return str(min(4, 1 + 8 * missing // invited))
