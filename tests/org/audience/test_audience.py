"""Who an audience means: each condition alone, together, and several rules at once, against a count by hand."""

from __future__ import annotations

from datetime import date

import pytest
from tests.education.school import School

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.audience.queries import describe, members, preview
from yuanqing.org.audience.rules import Rule, read, written
from yuanqing.org.person.actions import leave
from yuanqing.org.post.actions import end_appointment

TODAY = date(2026, 11, 2)


@pytest.fixture
def school(db):
    return School()


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([Rule()], "某书记 东主任 出纳 工人甲 工人乙 西主任"),
        ([Rule(ranks=("mid_level_leader",))], "东主任 西主任"),
        ([Rule(key_posts_only=True)], "出纳"),
        ([Rule(party_members_only=True)], "某书记 东主任 出纳 西主任"),
        ([Rule(units=("01",))], "东主任 出纳 工人甲 工人乙"),
        ([Rule(units=("0101", "02"))], "出纳 工人甲 西主任"),
        ([Rule(units=("01",), ranks=("mid_level_leader",))], "东主任"),
        ([Rule(units=("01",), party_members_only=True)], "东主任 出纳"),
        ([Rule(ranks=("party_group_member",)), Rule(key_posts_only=True)], "某书记 出纳"),
        ([Rule(unit_kinds=("department",))], ""),
        ([Rule(posts=("GN002",))], "东主任"),
    ],
)
def test_who_is_meant(school, rules, names):
    assert [one.name for one in members(rules, TODAY)] == names.split()


def test_each_person_is_meant_once_and_told_why(school):
    found = members([Rule(ranks=("mid_level_leader",)), Rule()], TODAY)
    assert len(found) == 6
    assert {one.name: one.why for one in found}["东主任"] == "中层领导"
    assert {one.name: one.why for one in found}["工人甲"] == "全体人员"


def test_who_left_the_post_or_the_organisation_is_not_meant(school):
    held = school.people["东主任"].appointments.get()
    end_appointment(held, by=SYSTEM, on=date(2026, 10, 1), reason="调离")
    leave(school.people["工人甲"], by=SYSTEM, on=date(2026, 10, 1), reason="离职")
    assert [one.name for one in members([Rule(ranks=("mid_level_leader",))], TODAY)] == ["西主任"]
    assert "工人甲" not in [one.name for one in members([Rule()], TODAY)]


def test_the_preview_counts_by_rule_and_unit_and_outside_ones_scope(school):
    found = preview(
        [Rule(units=("01",)), Rule(ranks=("mid_level_leader",))], TODAY, by=school.east, capability="org.unit.view"
    )
    assert (found.total, found.outside) == (5, 1)
    assert [count for _label, count in found.rules] == [4, 1]
    assert found.units == [("东部公司", 1), ("东部一部", 2), ("东部二部", 1), ("西部公司", 1)]


@pytest.mark.parametrize(
    "data", [[], {}, [{"rank": ["x"]}], [{"ranks": "x"}], [{"ranks": [1]}], [{"key_posts_only": 1}], [{}] * 21, ["x"]]
)
def test_what_is_no_rule_is_refused_in_words(data):
    with pytest.raises(ValueError, match="规则"):
        read(data)


def test_rules_are_written_and_read_back():
    rules = (Rule(ranks=("a",), party_members_only=True), Rule())
    assert read(written(rules)) == rules


def test_a_rule_in_words(school):
    assert (
        describe(Rule(("mid_level_leader",), units=("01",), key_posts_only=True))
        == "东部公司（含下级） · 中层领导 · 重点岗位人员"
    )
