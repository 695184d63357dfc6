"""Ranks among peers: nobody is placed below another unless the figures tell them apart."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from yuanqing.discipline.review.rules import UNRANKED, ranked


def one_group(met: list[int], due: list[int], minimum: int = 5) -> list[tuple[int | None, int | None]]:
    return [(r.rank, r.rank_high) for r in ranked(["g"] * len(met), met, due, minimum=minimum)]


def test_a_small_unit_that_looks_worst_is_not() -> None:
    """One of two in time is 50 %, the lowest share of all; but 60 of 100 is certainly poor and one of two is not."""
    met, due = [95, 96, 94, 97, 60, 1], [100, 100, 100, 100, 100, 2]
    ranks = ranked(["county"] * 6, met, due)
    large, small = ranks[4], ranks[5]
    assert large.rank == 5  # certainly behind the four good ones
    assert small.rank == 1  # nobody is certainly better
    assert small.estimate is not None
    assert large.estimate is not None
    assert small.estimate > large.estimate
    assert small.rank_high == 6


def test_one_late_return_of_a_new_unit_does_not_make_it_last() -> None:
    met, due = [48, 47, 48, 46, 48, 0], [48, 48, 48, 48, 48, 1]
    assert ranked(["county"] * 6, met, due)[5].rank == 1


def test_a_unit_that_is_always_late_is_last() -> None:
    met, due = [48, 47, 48, 46, 48, 2], [48, 48, 48, 48, 48, 48]
    assert one_group(met, due)[5] == (6, 6)
    assert all(high == 5 for _rank, high in one_group(met, due)[:5])


def test_equal_units_share_the_first_place() -> None:
    assert one_group([12] * 6, [12] * 6) == [(1, 6)] * 6


def test_groups_are_ranked_by_themselves_and_small_ones_not_at_all() -> None:
    groups = ["a"] * 5 + ["b"] * 4
    ranks = ranked(groups, [9, 9, 9, 9, 9, 1, 9, 9, 9], [10] * 9)
    assert {r.rank for r in ranks[:5]} == {1}
    assert ranks[5:] == [UNRANKED] * 4


def test_units_that_owed_nothing_have_no_rank() -> None:
    ranks = ranked(["a"] * 6, [9, 9, 9, 9, 9, 0], [10, 10, 10, 10, 10, 0])
    assert ranks[5] == UNRANKED
    assert ranks[0].rank_high == 5


def test_an_empty_list_has_no_ranks() -> None:
    assert ranked([], [], []) == []


units = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from("ab")), max_size=40)


@settings(deadline=None)
@given(units)
def test_ranks_are_sound(rows: list[tuple[int, int, str]]) -> None:
    met, due, groups = [min(a, b) for a, b, _ in rows], [max(a, b) for a, b, _ in rows], [g for _, _, g in rows]
    ranks = ranked(groups, met, due)
    assert ranks == ranked(groups, met, due)
    shuffled = list(np.random.default_rng(7).permutation(len(rows)))
    again = ranked([groups[n] for n in shuffled], [met[n] for n in shuffled], [due[n] for n in shuffled])
    assert again == [ranks[n] for n in shuffled]  # the order of the rows means nothing
    for rank in ranks:
        if rank.rank is not None and rank.rank_high is not None and rank.low is not None and rank.high is not None:
            assert 1 <= rank.rank <= rank.rank_high <= len(rows)
            assert 0 <= rank.low <= (rank.estimate or 0) <= rank.high <= 10_000 or rank.low <= rank.high
    for group in set(groups):
        placed = [r.rank for r, g in zip(ranks, groups, strict=True) if g == group and r.rank]
        assert not placed or min(placed) == 1


def test_noise_alone_makes_nobody_last() -> None:
    """Four hundred units that all keep 95 % of their terms, small and large: chance tells none of them apart for sure."""
    random = np.random.default_rng(20261031)
    due = random.integers(1, 60, 400)
    met = random.binomial(due, 0.95)
    ranks = ranked(["g"] * 400, met.tolist(), due.tolist())
    assert sum(r.rank != 1 for r in ranks) <= 4
    assert all(r.rank_high is not None and r.rank_high >= 390 for r in ranks)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Nine in ten: shares drawn from a beta distribution lie within their intervals in 90 % of units, within three points."""
    random = np.random.default_rng(1)
    truth = random.beta(18, 2, 3000)
    due = random.integers(2, 60, 3000)
    ranks = ranked(["g"] * 3000, random.binomial(due, truth).tolist(), due.tolist())
    inside = sum(
        r.low is not None and r.high is not None and r.low <= share * 10_000 <= r.high
        for r, share in zip(ranks, truth, strict=True)
    )
    assert 0.87 <= inside / 3000 <= 0.93
