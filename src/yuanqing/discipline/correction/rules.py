"""Whether somebody's corrections lower findings more often than chance: exact arithmetic on counts, a question and no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

WHOLE = 10_000


@dataclass(frozen=True)
class Count:
    """更正数: how many corrections one account made, and how many of them lowered the finding."""

    made: int
    lowered: int


@dataclass(frozen=True)
class Reading:
    """判读: share with its interval in basis points, how likely chance alone gives as many, and whether to ask."""

    share: int
    low: int
    high: int
    chance: int
    is_question: bool


def chance_of(one: Count, everybody: Count) -> int:
    """Basis points, rounded up: that at least so many of his corrections lower when all lowerings fall at random.

    The hypergeometric tail (Fisher's exact test, one-sided), in whole numbers.
    """
    if not one.made:
        return WHOLE
    most = min(one.made, everybody.lowered)
    ways = sum(
        comb(everybody.lowered, k) * comb(everybody.made - everybody.lowered, one.made - k)
        for k in range(one.lowered, most + 1)
    )
    return -(-ways * WHOLE // comb(everybody.made, one.made))


def interval(one: Count, confidence: int) -> tuple[int, int]:
    """Jeffreys' interval of the share, in basis points; the whole range when nothing was corrected."""
    from scipy.special import betaincinv

    if not one.made:
        return 0, WHOLE
    a, b, tail = one.lowered + 0.5, one.made - one.lowered + 0.5, (WHOLE - confidence) / (2 * WHOLE)
    low = 0 if one.lowered == 0 else int(betaincinv(a, b, tail) * WHOLE + 0.5)
    high = WHOLE if one.lowered == one.made else int(betaincinv(a, b, 1 - tail) * WHOLE + 0.5)
    return low, high


def read(counts: Sequence[Count], *, confidence: int, threshold: int, minimum: int) -> list[Reading]:
    """One reading per account; the chance is multiplied by their number, because looking at many finds somebody."""
    everybody = Count(sum(c.made for c in counts), sum(c.lowered for c in counts))
    readings = []
    for one in counts:
        chance = min(WHOLE, chance_of(one, everybody) * len(counts))
        share = (one.lowered * WHOLE * 2 + one.made) // (2 * one.made) if one.made else 0
        asks = one.made >= minimum and chance <= threshold
        readings.append(Reading(share, *interval(one, confidence), chance, asks))
    return readings
