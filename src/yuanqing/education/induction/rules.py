"""Drawing questions and marking answers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence


def drawn(codes: Sequence[str], count: int) -> list[str]:
    """So many of the codes, in an order nobody can foresee."""
    return secrets.SystemRandom().sample(list(codes), min(count, len(codes)))


def score(right: Mapping[str, str], questions: Sequence[str], answers: Mapping[str, str]) -> int:
    """Whole points out of 100; what was not drawn does not count, what was left out is wrong."""
    good = sum(answers.get(code) == right.get(code) for code in questions)
    return good * 100 // len(questions) if questions else 0
