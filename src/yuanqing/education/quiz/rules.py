"""Drawing, marking, and what the answers say about the questions; plain values only."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SYSTEM_CHANCE = random.SystemRandom()


def drawn(ids: Sequence[str], length: int, chance: random.Random = SYSTEM_CHANCE) -> list[str]:
    """So many of them (all, when there are fewer), in an order of their own."""
    return chance.sample(list(ids), min(length, len(ids)))


def shuffled(count: int, chance: random.Random = SYSTEM_CHANCE) -> list[int]:
    """The options 1…count in the order in which they are shown."""
    order = list(range(1, count + 1))
    chance.shuffle(order)
    return order


def as_authored(order: Sequence[int], shown: Sequence[int]) -> list[int]:
    """Numbers of options as shown → as the author wrote them; ValueError for one that was not shown."""
    if any(not 1 <= one <= len(order) for one in shown) or len(set(shown)) != len(shown):
        raise ValueError(shown)
    return [order[one - 1] for one in shown]


def ranked(ranks: Sequence[str]) -> list[int]:
    """Ordering: the rank typed beside each option → the options in that order; ValueError when a rank is used twice."""
    numbers = [int(one) for one in ranks if one]
    if len(numbers) != len(ranks) or sorted(numbers) != list(range(1, len(ranks) + 1)):
        raise ValueError(ranks)
    return [numbers.index(place) + 1 for place in range(1, len(ranks) + 1)]


@dataclass(frozen=True)
class ItemStatistics:
    """试题分析: how often a question was asked, how often answered right, and whether those who know more get it right."""

    question: str
    asked: int
    right: int
    upper: int  # right among the better half, in basis points
    lower: int

    @property
    def share(self) -> int:
        return self.right * 10_000 // self.asked if self.asked else 0

    @property
    def discrimination(self) -> int:
        """Upper half less lower half, in basis points; a question that this is not above zero for asks for the wrong thing."""
        return self.upper - self.lower


def item_statistics(attempts: Sequence[tuple[int, Mapping[str, bool]]]) -> list[ItemStatistics]:
    """(score, question → right) of marked attempts → one line a question; attempts in the middle count to neither half."""
    ordered = sorted(attempts, key=lambda one: -one[0])
    half = len(ordered) // 2
    halves = (ordered[:half], ordered[len(ordered) - half :])
    questions = dict.fromkeys(question for _score, results in ordered for question in results)
    return [_line(question, ordered, halves) for question in questions]


def _line(question: str, whole: Sequence[Any], halves: Sequence[Sequence[Any]]) -> ItemStatistics:
    asked, right = _count(question, whole)
    shares = [10_000 * r // a if a else 0 for a, r in (_count(question, part) for part in halves)]
    return ItemStatistics(question, asked, right, shares[0], shares[1])


def _count(question: str, attempts: Sequence[Any]) -> tuple[int, int]:
    answers = [results[question] for _score, results in attempts if question in results]
    return len(answers), sum(answers)


@dataclass(frozen=True)
class Effect:
    """教育效果: the same people before and after, in points of a hundred."""

    people: int
    before: int  # mean, in hundredths of a point
    after: int
    better: int  # people with more points after than before


def effect(pairs: Sequence[tuple[int, int]]) -> Effect:
    """(before, after) of everybody who sat both."""
    count = len(pairs)
    if not count:
        return Effect(0, 0, 0, 0)
    before, after = (sum(pair[n] for pair in pairs) * 100 // count for n in (0, 1))
    return Effect(count, before, after, sum(b < a for b, a in pairs))
