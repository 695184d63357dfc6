"""How far a scope reaches: worked out by hand on a small tree G over A (A1, A2) and B."""

from __future__ import annotations

import pytest

from yuanqing.org.scope.rules import Reach, Scope, above, as_scope

PATHS = ["G/", "G/A/", "G/A/A1/", "G/A/A1/X/", "G/A/A2/", "G/B/"]


@pytest.mark.parametrize(
    ("reaches", "denied", "covered"),
    [
        ([("", None)], [], PATHS),
        ([("G/A/", None)], [], ["G/A/", "G/A/A1/", "G/A/A1/X/", "G/A/A2/"]),
        ([("G/A/", 0)], [], ["G/A/"]),
        ([("G/A/", 1)], [], ["G/A/", "G/A/A1/", "G/A/A2/"]),
        ([("G/", 1)], [], ["G/", "G/A/", "G/B/"]),
        ([("G/", 0), ("G/A/A1/", None)], [], ["G/", "G/A/A1/", "G/A/A1/X/"]),
        ([("G/", None)], ["G/A/"], ["G/", "G/B/"]),
        ([("", None)], ["G/"], []),
        ([("G/A/A1/", None)], ["G/A/"], []),
        ([("G/A/", None)], ["G/A/A1/X/"], ["G/A/", "G/A/A1/", "G/A/A2/"]),
        ([], [], []),
    ],
)
def test_what_a_scope_covers(reaches, denied, covered):
    scope = Scope((Reach(*r) for r in reaches), denied)
    assert [path for path in PATHS if scope.covers(path)] == covered


@pytest.mark.parametrize(
    ("reaches", "tops"),
    [
        ([("G/", None), ("G/A/", None)], ["G/"]),
        ([("G/", 0), ("G/A/A1/", None)], ["G/", "G/A/A1/"]),
        ([("G/", 1), ("G/A/", None)], ["G/"]),
        ([("", None), ("G/A/", 2)], [""]),
        ([("G/B/", None), ("G/A/", 0)], ["G/A/", "G/B/"]),
    ],
)
def test_a_tree_is_drawn_from_where_the_scope_begins(reaches, tops):
    assert list(Scope(Reach(*r) for r in reaches)) == tops


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        (("G/", None), ("G/A/", None), True),
        (("G/", 1), ("G/A/", 0), True),
        (("G/", 1), ("G/A/", 1), False),
        (("G/", 2), ("G/A/", None), False),
        (("G/A/", None), ("G/", 0), False),
        (("G/A/", 0), ("G/A/", 0), True),
    ],
)
def test_one_reach_lies_within_another(outer, inner, holds):
    assert Reach(*outer).contains(Reach(*inner)) is holds


def test_plain_prefixes_are_whole_subtrees():
    assert as_scope(["G/A/"]).covers("G/A/A1/X/")
    assert not as_scope(["G/A/"]).is_everywhere
    assert as_scope([""]).is_everywhere
    assert [above(p) for p in ("G/A/A1/", "G/", "")] == ["G/A/", "", ""]
