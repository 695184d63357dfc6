"""Which rows a printed list names when there are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STATES = ("refined", "enforced", "problem", "not_started")  # of a clause of the ten disciplines, as the form offers


def cut(rows: Sequence[Mapping[str, Any]], limit: int) -> tuple[list[Mapping[str, Any]], int]:
    """The rows that a printed list names, and how many it leaves to the workbook: whole upper levels, as many as fit."""
    if len(rows) <= limit:
        return list(rows), 0
    depths = [str(row["path"]).count("/") for row in rows]
    deepest = 0
    for depth in sorted(set(depths)):
        if sum(d <= depth for d in depths) > limit:
            break
        deepest = depth
    kept = [row for row, depth in zip(rows, depths, strict=True) if depth <= deepest] or list(rows[:limit])
    return kept, len(rows) - len(kept)
