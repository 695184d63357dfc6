"""Sort keys, and what a list of units means for the tree."""

from dataclasses import replace
from datetime import date

from yuanqing.org.unit.rules import Node, plan, sort_key, spelling

TODAY, ON, LONG_AGO = date(2026, 6, 1), date(2026, 1, 1), date(2024, 1, 1)


def known(**parents: str) -> dict[str, Node]:
    """known(A="", B="A"): code → parent, all since 2024."""
    found: dict[str, Node] = {}
    for code, parent in parents.items():
        path = f"{found[parent].path if parent else ''}{code}/"
        found[code] = Node(
            code, code, parent, LONG_AGO, path=path, placed_on=LONG_AGO, rooted_on=LONG_AGO, id=code.lower()
        )
    return found


def test_names_sort_as_a_chinese_reader_expects():
    assert sorted(["张三", "李四", "王五", "阿一"], key=sort_key) == ["阿一", "李四", "王五", "张三"]


def test_a_name_is_found_by_its_whole_sound_and_by_its_initials():
    assert spelling(sort_key("张三")) == "zhangsan zs"


def test_rows_in_any_order():
    found = plan({}, [{"code": "A1", "name": "a", "parent_code": "A"}, {"code": "A", "name": "b"}], on=ON, today=TODAY)
    assert not found.faults
    assert {n.code: n.path for n in found.created} == {"A1": "A/A1/", "A": "A/"}


def test_an_unchanged_list_changes_nothing():
    found = plan(known(A="", B="A"), [{"code": "B", "name": "B", "parent_code": "A"}], on=ON, today=TODAY)
    assert (found.created, found.changed, found.replaced, found.unchanged) == ([], [], [], 1)


def test_a_column_that_is_absent_stays_and_a_blank_one_is_emptied():
    tree = {"A": replace(known(A="")["A"], peer_group="甲组", short_name="甲")}
    found = plan(tree, [{"code": "A", "peer_group": ""}], on=ON, today=TODAY)
    assert (found.changed[0].peer_group, found.changed[0].short_name) == ("", "甲")


def test_a_short_name_needs_no_new_placement():
    found = plan(known(A=""), [{"code": "A", "short_name": "甲"}], on=ON, today=TODAY)
    assert (len(found.changed), found.replaced) == (1, [])


def test_units_outside_the_list_follow_the_ones_above_them():
    found = plan(known(A="", B="", A1="A", A2="A1"), [{"code": "A1", "parent_code": "B"}], on=ON, today=TODAY)
    assert [(n.code, n.path) for n in found.carried] == [("A2", "B/A1/A2/")]
    assert {n.code for n in found.replaced} == {"A1", "A2"}


def test_every_member_of_a_circle_is_named():
    rows = [{"code": c, "name": c, "parent_code": p} for c, p in (("X", "Y"), ("Y", "Z"), ("Z", "X"), ("W", "X"))]
    found = plan({}, rows, on=ON, today=TODAY)
    assert {(f.index, f.kind) for f in found.faults} == {(0, "cycle"), (1, "cycle"), (2, "cycle")}


def test_a_circle_through_a_known_unit_is_found():
    found = plan(known(A="", B="A", C="B"), [{"code": "A", "parent_code": "C"}], on=ON, today=TODAY)
    assert [(f.index, f.kind) for f in found.faults] == [(0, "cycle")]


def test_a_tree_of_a_thousand_levels_needs_no_recursion():
    rows = [{"code": f"n{i}", "name": "x", "parent_code": f"n{i - 1}" if i else ""} for i in range(1000)]
    found = plan({}, rows[::-1], on=ON, today=TODAY)
    assert {f.kind for f in found.faults} == {"too_deep"}


def test_two_units_may_change_places():
    found = plan(
        known(A="", B="A", C="B"),
        [{"code": "C", "parent_code": "A"}, {"code": "B", "parent_code": "C"}],
        on=ON,
        today=TODAY,
    )
    assert not found.faults
    assert {n.code: n.path for n in found.changed} == {"C": "A/C/", "B": "A/C/B/"}
