"""The score card: what costs points, what never does, and the same integers for one unit and for all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanqing.discipline.review.rules import (
    FIELDS,
    ITEMS,
    Evidence,
    Weights,
    card,
    cards,
    compared,
    points_text,
    sentence_of,
    total_of,
)

WEIGHTS = Weights(
    points={"timeliness": 3000, "completeness": 2000, "corrections": 1500, "agreement": 2000, "obligations": 1500},
    parameters={
        "late_per_day": 500, "grace_deduction": 0, "missing_score": 0, "free_returns": 1, "deduction_per_return": 500,
        "nothing_to_compare": 10000, "nothing_due": 10000,
    },
    bands=(("excellent", 9000), ("good", 8000), ("poor", 0)),
)  # fmt: skip
PERFECT = Evidence(expected=20, filled=20, comparable=8, due=3, met=3)


def points(evidence: Evidence, weights: Weights = WEIGHTS) -> dict[str, int]:
    return {line.item: line.points for line in card(evidence, weights)}


def test_a_perfect_month_is_a_hundred_points() -> None:
    lines = card(PERFECT, WEIGHTS)
    assert [line.item for line in lines] == list(ITEMS)
    assert total_of(lines) == 10_000
    assert points_text(total_of(lines)) == "100.00"


@pytest.mark.parametrize(
    ("changed", "item", "expected"),
    [
        # 30 points for being in time, 5 lost for each day after the grace, none within it
        ({"days_late": 1}, "timeliness", 3000),
        ({"days_late": 3, "days_after_grace": 1}, "timeliness", 2500),
        ({"days_late": 7, "days_after_grace": 5}, "timeliness", 500),
        ({"days_late": 9, "days_after_grace": 7}, "timeliness", 0),
        # 20 points for what is filled in: 13 of 15 is 1733.33
        ({"expected": 15, "filled": 13}, "completeness", 1733),
        ({"expected": 3, "filled": 2}, "completeness", 1333),
        ({"expected": 16, "filled": 1}, "completeness", 125),
        ({"expected": 0, "filled": 0}, "completeness", 2000),
        # 15 points, the first return for correction is free
        ({"returned": 1}, "corrections", 1500),
        ({"returned": 2}, "corrections", 1000),
        ({"returned": 4}, "corrections", 0),
        ({"returned": 5}, "corrections", 0),
        # 20 points for agreement with the records
        ({"comparable": 8, "disagreeing": 1, "gap": 40}, "agreement", 1750),
        ({"comparable": 7, "disagreeing": 2, "gap": 2}, "agreement", 1429),  # 1428.57
        ({"comparable": 2, "disagreeing": 2, "gap": 2}, "agreement", 0),
        ({"comparable": 0}, "agreement", 2000),
        # 15 points for other obligations that fell due
        ({"due": 8, "met": 3}, "obligations", 563),  # 562.5, half up
        ({"due": 0, "met": 0}, "obligations", 1500),
    ],
)
def test_each_item_by_hand(changed: dict[str, int], item: str, expected: int) -> None:
    found = points(replace(PERFECT, **changed))
    assert found.pop(item) == expected
    whole = {name: WEIGHTS.points[name] for name in ITEMS if name != item}
    assert found == whole


def test_a_missing_return_keeps_only_the_obligations_that_were_met() -> None:
    assert points(replace(PERFECT, is_missing=True, due=2, met=1)) == {
        "timeliness": 0, "completeness": 0, "corrections": 0, "agreement": 0, "obligations": 750,
    }  # fmt: skip


def test_the_pack_may_grant_something_for_a_missing_return_and_take_something_within_the_grace() -> None:
    weights = replace(WEIGHTS, parameters={**WEIGHTS.parameters, "missing_score": 1000, "grace_deduction": 250})
    assert points(replace(PERFECT, is_missing=True), weights)["timeliness"] == 300
    assert points(replace(PERFECT, days_late=2), weights)["timeliness"] == 2750
    assert points(replace(PERFECT, days_late=3, days_after_grace=1), weights)["timeliness"] == 2500


@pytest.mark.parametrize(("total", "band"), [(10_000, "excellent"), (9000, "excellent"), (8999, "good"), (0, "poor")])
def test_bands(total: int, band: str) -> None:
    assert WEIGHTS.band(total) == band


@pytest.mark.parametrize(
    ("changed", "item", "sentence"),
    [
        ({}, "timeliness", "按期报送。"),
        ({"days_late": 2}, "timeliness", "在宽限期内报送，晚于截止2天。"),
        ({"days_late": 5, "days_after_grace": 2}, "timeliness", "晚于截止5天报送，宽限期后2天。"),
        ({"is_missing": True}, "agreement", "到锁定时仍未报送。"),
        ({"filled": 19}, "completeness", "应填20项，已填19项。"),
        ({"returned": 2}, "corrections", "退回修改2次。"),
        ({}, "agreement", "可比的8格全部与记录一致。"),
        ({"disagreeing": 1, "gap": 3}, "agreement", "可比的8格中1格与记录不一致，相差合计3。"),
        ({"comparable": 0}, "agreement", "填报和记录均为零，没有可比的格。"),
        ({"met": 1}, "obligations", "到期3项，按期履行1项。"),
        ({"due": 0, "met": 0}, "obligations", "本月没有到期的应履行事项。"),
        ({"is_missing": True}, "obligations", "到期3项，按期履行3项。"),
    ],
)
def test_every_line_opens_to_its_evidence(changed: dict[str, Any], item: str, sentence: str) -> None:
    line = next(one for one in card(replace(PERFECT, **changed), WEIGHTS) if one.item == item)
    assert line.sentence == sentence == sentence_of(item, line.facts)


def test_comparing_a_return_with_the_records() -> None:
    reported = {"a": 3, "b": 1, "c": 5, "e": 9}
    recorded = {"a": 3, "b": 4, "c": 7}
    cells = ("a", "b", "c", "d")  # d is 0 on both sides, e is no prefilled cell
    assert compared(reported, recorded, cells) == (3, 2, 5)
    assert compared(reported, recorded, cells, accepted=["b"]) == (3, 1, 2)


small = st.integers(0, 40)
evidences = st.builds(
    Evidence, is_missing=st.booleans(), days_late=small, days_after_grace=small, expected=small, filled=small, returned=small,
    comparable=small, disagreeing=small, gap=small, due=small, met=small,
).map(
    lambda e: replace(
        e, filled=min(e.filled, e.expected), disagreeing=min(e.disagreeing, e.comparable), met=min(e.met, e.due)
    )
)  # fmt: skip
weightings = st.builds(
    lambda points, params: Weights(dict(zip(ITEMS, points, strict=True)), dict(zip(WEIGHTS.parameters, params, strict=True))),
    st.lists(st.integers(0, 10_000), min_size=5, max_size=5),
    st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 10_000), small, st.integers(0, 3000),
              st.integers(0, 10_000), st.integers(0, 10_000)),
)  # fmt: skip


@given(st.lists(evidences, min_size=1, max_size=20), weightings)
def test_the_columns_give_the_same_integers_as_the_cards(rows: list[Evidence], weights: Weights) -> None:
    columns = cards({name: np.array([getattr(row, name) for row in rows]) for name in FIELDS}, weights)
    for n, row in enumerate(rows):
        lines = card(row, weights)
        assert {line.item: line.points for line in lines} == {item: columns[item][n] for item in ITEMS}
        assert total_of(lines) == columns["total"][n]


@given(evidences)
def test_points_stay_between_nothing_and_the_maximum(evidence: Evidence) -> None:
    assert all(0 <= line.points <= line.maximum for line in card(evidence, WEIGHTS))


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 500)),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50)),
    evidences,
)
def test_the_number_of_violations_never_moves_the_score(
    recorded: dict[str, int], factors: dict[str, int], evidence: Evidence
) -> None:
    """With the return in agreement, ten times the violations, or none at all, is the same card."""

    def scored(counts: dict[str, int]) -> dict[str, int]:
        comparable, disagreeing, gap = compared(counts, counts, "abcdefgh")
        return points(replace(evidence, comparable=comparable, disagreeing=disagreeing, gap=gap))

    more = {code: count * factors.get(code, 10) for code, count in recorded.items()}
    assert scored(recorded) == scored(more) == scored({})


def test_no_evidence_counts_violations() -> None:
    """A new field must be argued for here: none may say how much a unit reported."""
    assert set(FIELDS) == {
        "is_missing", "days_late", "days_after_grace", "expected", "filled", "returned", "comparable", "disagreeing", "gap", "due", "met",
    }  # fmt: skip


@given(evidences, st.integers(1, 1000))
def test_the_size_of_a_gap_is_shown_and_not_scored(evidence: Evidence, gap: int) -> None:
    assert points(evidence) == points(replace(evidence, gap=gap))


def test_the_shipped_weights_make_a_card() -> None:
    from yuanqing.norms.packs import shipped

    weights = Weights.of(shipped("weights").entries)
    assert total_of(card(PERFECT, weights)) == 10_000
    assert weights.band(10_000) == "excellent"
