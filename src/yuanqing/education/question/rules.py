"""Marking: what counts as right, for the four kinds of question; plain values only."""

from __future__ import annotations

from collections.abc import Sequence

SINGLE, MULTIPLE, TRUE_FALSE, ORDERING = "single", "multiple", "true_false", "ordering"


def fault(kind: str, options: Sequence[str], answer: Sequence[int]) -> tuple[str, str]:
    """(field, what is wrong as a word) of a question that cannot be asked; ("", "") of a sound one."""
    if len(set(options)) != len(options):
        return "options", "twice"
    if kind == TRUE_FALSE and len(options) != 2:
        return "options", "two"
    if not 2 <= len(options) <= 8:
        return "options", "number"
    if any(not 1 <= one <= len(options) for one in answer) or len(set(answer)) != len(answer):
        return "answer", "unknown"
    if kind in (SINGLE, TRUE_FALSE) and len(answer) != 1:
        return "answer", "one"
    if kind == MULTIPLE and not 2 <= len(answer) <= len(options):
        return "answer", "several"
    if kind == ORDERING and sorted(answer) != list(range(1, len(options) + 1)):
        return "answer", "order"
    return "", ""


def is_right(kind: str, answer: Sequence[int], given: Sequence[int]) -> bool:
    """All of it or nothing: the same option, the same set of options, or the same order."""
    if kind == ORDERING:
        return list(given) == list(answer)
    return set(given) == set(answer) and len(given) == len(answer)


def score(right: int, asked: int) -> int:
    """Points of a hundred, half up."""
    return (200 * right + asked) // (2 * asked) if asked else 0
