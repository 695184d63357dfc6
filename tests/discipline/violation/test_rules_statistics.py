"""The official statistics table: published months come out to the digit, and everything always adds up."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.discipline.violation.published import (
    LAST_LEVEL_SHARE,
    LAYOUT,
    LEVELS,
    MEASURES,
    RANGES_OF_A,
    RELEASES,
    Release,
    counts_matching,
    counts_of,
    range_of_whole,
)

from yuanqing.discipline.violation.rules import (
    Change,
    changes,
    decimal_text,
    discrepancies,
    half_up,
    largest_remainder_shares,
    percent_text,
    statistics_table,
    tenths_of,
)


@pytest.mark.parametrize("release", RELEASES, ids=lambda r: r.period)
def test_published_figures_come_out_of_matching_records(release: Release) -> None:
    counts = counts_of(release)
    rows = statistics_table(counts, counts, LAYOUT)
    problems, handled, sanctioned = rows[:3]
    assert [problems.total, handled.total, sanctioned.total] == [release.problems, release.people, release.sanctioned]
    for code, count in release.types.items():
        assert problems.cells[code] == count
    for code, count in release.people_types.items():
        assert handled.cells[code] == count
    if release.levels:
        assert tuple(problems.cells[level] for level in LEVELS) == release.levels
    if release.shares:
        assert tuple(problems.share(part, whole) for part, whole in LAYOUT.shares) == release.shares
    if release.period in LAST_LEVEL_SHARE:
        assert percent_text(problems.shares(LEVELS)[LEVELS[-1]]) == LAST_LEVEL_SHARE[release.period]
        assert percent_text(problems.share(LEVELS[-1])) == LAST_LEVEL_SHARE[release.period]
    assert discrepancies(rows, LAYOUT) == []


def test_may_2021_by_hand() -> None:
    """3800 + 4094 = 7894 problems, 5799 + 5517 = 11316 people."""
    release = next(r for r in RELEASES if r.period == "2021-05")
    problems, handled, _ = statistics_table(counts_of(release), {}, LAYOUT)[:3]
    assert (problems.cells["A"], problems.cells["B"], problems.cells["A2"]) == (3800, 4094, 3024)
    assert (handled.cells["A"], handled.cells["B"]) == (5799, 5517)
    assert percent_text(problems.share("A2", "A")) == "79.6%"  # 3024 / 3800 = 0.79579
    assert percent_text(problems.share("B1", "B")) == "33.9%"  # 1386 / 4094 = 0.33854


def test_public_dinners_are_two_thirds_of_dinners() -> None:
    """6322 of 9336 is 67.7 %, as published for January to November 2020."""
    release = next(r for r in RELEASES if r.period == "2020-01..11")
    assert percent_text(statistics_table(counts_of(release), {}, LAYOUT)[0].share("B2a", "B2")) == "67.7%"


@pytest.mark.parametrize("period", RANGES_OF_A)
def test_the_share_of_a2_leaves_a_narrow_range_for_a(period: str) -> None:
    release = next(r for r in RELEASES if r.period == period)
    low, high = RANGES_OF_A[period]
    found = range_of_whole(release.a2, release.shares[0])
    assert low <= found[0] <= low + 1
    assert high - 1 <= found[-1] <= high


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ([1487, 494, 70, 74], [700, 232, 33, 35]),  # 四种形态, whole country 2021, in thousands
        ([33650, 13315, 1430, 2649], [659, 261, 28, 52]),  # a province, first half of 2022
        ([37170, 17958, 4020, 3754], [591, 285, 64, 60]),  # a province, 2019
        ([92598, 46032, 5096, 6531], [616, 306, 34, 44]),  # a province, 2021: the last is 4.346 % and printed 4.4
        ([1, 1, 1], [334, 333, 333]),
        ([0, 0], [0, 0]),
        ([0, 5], [0, 1000]),
    ],
)
def test_shares_that_make_a_whole_sum_to_100(counts: list[int], published: list[int]) -> None:
    assert largest_remainder_shares(counts) == published


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20), st.integers(0, 3))
def test_largest_remainder(counts: list[int], places: int) -> None:
    shares = largest_remainder_shares(counts, places)
    unit, whole = 100 * 10**places, sum(counts)
    assert sum(shares) == (unit if whole else 0)
    for count, share in zip(counts, shares, strict=True):
        assert abs(share * whole - count * unit) < max(whole, 1)  # never a whole unit away from the exact share
        assert count or not share
    pairs = sorted(zip(counts, shares, strict=True))
    assert all(a[1] <= b[1] for a, b in pairwise(pairs) if a[0] < b[0])


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 8, "12.5%"), (1, 2000, "0.1%"), (999, 2000, "50.0%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (5, 5, "100.0%"), (3, 0, "—")],
)  # fmt: skip
def test_a_share_is_rounded_half_up_once(part: int, whole: int, text: str) -> None:
    assert percent_text(tenths_of(part, whole)) == text


@pytest.mark.parametrize(
    ("now", "base", "delta", "basis_points", "text"),
    [
        (45, 40, 5, 1250, "+12.5%"),
        (40, 45, -5, -1111, "-11.1%"),
        (40, 40, 0, 0, "0.0%"),
        (3, 0, 3, None, "—"),
        (0, 0, 0, None, "—"),
        (0, 7, -7, -10000, "-100.0%"),
        (3, 2, 1, 5000, "+50.0%"),
        (20001, 20000, 1, 1, "0.0%"),
    ],
)
def test_changes(now: int, base: int, delta: int, basis_points: int | None, text: str) -> None:
    change = Change(now, base)
    assert (change.delta, change.basis_points) == (delta, basis_points)
    assert change.text == text


def test_half_up_rounds_a_half_towards_more() -> None:
    assert [half_up(n, 2) for n in (-3, -1, 1, 3, 5)] == [-1, 0, 1, 2, 3]


def test_decimals() -> None:
    assert [decimal_text(n, 1) for n in (0, 5, -5, 1000)] == ["0.0", "0.5", "-0.5", "100.0"]
    assert decimal_text(-7, 0) == "-7"


def test_a_change_stands_beside_its_own_cell() -> None:
    now = statistics_table({("problems", "B1a", "county"): 3}, {}, LAYOUT)
    before = statistics_table({("problems", "B1a", "county"): 2, ("problems", "A1", "bureau"): 1}, {}, LAYOUT)
    first = changes(now, before)[0]
    assert (first["total"].delta, first["B1"].text, first["A"].delta, first["A2"].text) == (0, "+50.0%", -1, "—")


def test_the_columns_follow_the_official_order() -> None:
    assert LAYOUT.columns[:6] == ("total", *LEVELS, "A")
    assert LAYOUT.columns[11:] == (
        "B",
        "B1",
        "B1a",
        "B1b",
        "B2",
        "B2a",
        "B2b",
        "B3",
        "B4",
        "B5",
        "B5a",
        "B5b",
        "B5c",
        "B6",
    )
    assert [LAYOUT.depth(code) for code in ("A", "A2", "B5c")] == [0, 1, 2]


@pytest.mark.parametrize(("kind", "level"), [("B1", "county"), ("Z9", "county"), ("A1", "village")])
def test_what_has_no_column_of_its_own_is_refused(kind: str, level: str) -> None:
    """A count on a parent would leave its sub-columns short."""
    with pytest.raises(ValueError, match=re.escape(f"{kind} / {level}")):
        statistics_table({("problems", kind, level): 1}, {}, LAYOUT)


cells = st.dictionaries(
    st.tuples(st.sampled_from(LAYOUT.leaves), st.sampled_from(LEVELS)), st.tuples(*[st.integers(0, 500)] * 5), max_size=30
)  # fmt: skip


@given(cells)
def test_every_invariant_holds_on_random_records(random: dict[tuple[str, str], tuple[int, ...]]) -> None:
    month, year = {}, {}
    for (kind, level), (problems, sanctioned, spared, more, earlier) in random.items():
        numbers = {"problems": problems, "people_handled": sanctioned + spared, "people_sanctioned": sanctioned}
        for measure, number in numbers.items():
            month[measure, kind, level] = number
            year[measure, kind, level] = number + (more if measure == "people_sanctioned" else more + earlier)
    rows = statistics_table(month, year, LAYOUT)
    assert [(r.span, r.measure) for r in rows] == [(s, m) for s in ("month", "year") for m in MEASURES]
    assert discrepancies(rows, LAYOUT) == []
    for row in rows:
        assert row.total == sum(row.cells[level] for level in LEVELS) == row.cells["A"] + row.cells["B"]
        assert sum(row.shares(LEVELS).values()) == (1000 if row.total else 0)
        for code in ("A", "B", "B1", "B2", "B5"):
            assert row.cells[code] == sum(row.cells[child] for child in LAYOUT.children(code))


@given(cells.filter(bool), st.data())
def test_any_altered_cell_is_found(random: dict[tuple[str, str], tuple[int, ...]], data: Any) -> None:
    month = {("problems", *place): numbers[0] for place, numbers in random.items()}
    rows = statistics_table(month, month, LAYOUT)
    column = data.draw(st.sampled_from(LAYOUT.columns))
    altered = replace(rows[0], cells={**rows[0].cells, column: rows[0].cells[column] + 1})
    assert discrepancies([altered, *rows[1:]], LAYOUT)


def test_more_sanctioned_than_handled_is_found() -> None:
    counts = {("people_sanctioned", "A1", "county"): 2, ("people_handled", "A1", "county"): 1}
    assert any(
        "people_sanctioned" in sentence for sentence in discrepancies(statistics_table({}, counts, LAYOUT), LAYOUT)
    )


margin = st.lists(st.integers(0, 50), min_size=1, max_size=6)


@given(margin, margin)
def test_the_north_west_corner_keeps_both_margins(first: list[int], second: list[int]) -> None:
    second[0] += max(0, sum(first) - sum(second))
    first[0] += max(0, sum(second) - sum(first))
    types = {f"t{n}": count for n, count in enumerate(first)}
    levels = {f"l{n}": count for n, count in enumerate(second)}
    found = counts_matching(types, levels)
    assert all(sum(c for (t, _), c in found.items() if t == kind) == count for kind, count in types.items())
    assert all(sum(c for (_, w), c in found.items() if w == level) == count for level, count in levels.items())
