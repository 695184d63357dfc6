"""Does somebody lower more often than chance: hand-computed tails, and what is asked only when it may be."""

from __future__ import annotations

from math import comb

import pytest

from yuanqing.discipline.correction.rules import Count, chance_of, interval, read

WORDS = {"confidence": 9000, "threshold": 500, "minimum": 5}
TAILS = [
    # (corrections, of them lowering) of one, of everybody → basis points, rounded up
    ((2, 2), (4, 2), 1667),  # both of the two lowerings among his two of four: 1/6
    ((2, 1), (4, 2), 8334),  # at least one of them: 5/6
    ((2, 0), (4, 2), 10_000),
    ((0, 0), (4, 2), 10_000),
    ((10, 8), (30, 10), None),
]


@pytest.mark.parametrize(("one", "everybody", "expected"), TAILS)
def test_the_tail_is_exact(one, everybody, expected):
    found = chance_of(Count(*one), Count(*everybody))
    if expected is None:
        ways = sum(comb(10, k) * comb(20, 10 - k) for k in (8, 9, 10))
        expected = -(-ways * 10_000 // comb(30, 10))
    assert found == expected


def test_a_question_is_asked_of_who_lowers_far_more_often():
    often, seldom, rare = read([Count(24, 18), Count(12, 2), Count(14, 3)], **WORDS)
    assert often.is_question
    assert (often.share, seldom.share) == (7500, 1667)
    assert not seldom.is_question
    assert not rare.is_question
    assert often.low > 4600 > seldom.high or often.low > seldom.share


def test_few_corrections_ask_nothing():
    few, others = read([Count(4, 4), Count(40, 2)], **WORDS)
    assert few.chance < 500
    assert not few.is_question
    assert not others.is_question


def test_one_account_alone_is_compared_with_nobody():
    (alone,) = read([Count(20, 20)], **WORDS)
    assert (alone.chance, alone.is_question) == (10_000, False)


def test_looking_at_many_makes_each_less_surprising():
    two = read([Count(10, 6), Count(30, 6)], **WORDS)[0]
    four = read([Count(10, 6), Count(10, 2), Count(10, 2), Count(10, 2)], **WORDS)[0]
    assert four.chance == min(10_000, 2 * two.chance)


def test_the_interval_holds_the_share_and_is_whole_without_corrections():
    low, high = interval(Count(10, 5), 9000)
    assert low < 5000 < high
    assert (low, high) == (10_000 - high, 10_000 - low)
    assert interval(Count(0, 0), 9000) == (0, 10_000)
    assert interval(Count(10, 0), 9000)[0] == 0
    assert interval(Count(10, 10), 9000)[1] == 10_000
