"""A unit's name and place change from a day on, and what was before stays."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.unit import actions, queries
from yuanqing.org.unit.models import Placement, Unit

MARCH, JUNE = date(2025, 3, 1), date(2025, 6, 1)


def names_on(day: date) -> dict[str, str]:
    return {place.code: place.name for place in queries.tree_on(day)}


def paths_on(day: date) -> dict[str, str]:
    return {place.code: place.path for place in queries.tree_on(day)}


def test_a_renamed_unit_has_the_old_name_before_the_day_and_the_new_one_from_it(group):
    actions.rename(group.A, by=SYSTEM, name="第一工程公司", on=MARCH, reason="改制")
    assert names_on(MARCH - timedelta(days=1))["A"] == "第一公司"
    assert names_on(MARCH)["A"] == "第一工程公司"
    assert group.A.name == "第一工程公司"


def test_units_below_follow_a_moved_unit_from_the_day_on(group):
    actions.move(group.A, by=SYSTEM, parent=group.B, on=MARCH, reason="划转")
    assert paths_on(date(2025, 2, 28))["A1"] == "G/A/A1/"
    assert paths_on(MARCH)["A1"] == "G/B/A/A1/"
    assert group.A1.path == "G/B/A/A1/"
    assert group.B1.path == "G/B/B1/"


def test_as_then_and_as_now_say_where_they_differ(group):
    actions.move(group.A1, by=SYSTEM, parent=group.B, on=MARCH, reason="划转")
    actions.rename(group.A2, by=SYSTEM, name="新乙项目部", on=MARCH, reason="更名")
    then = {p.code: p for p in queries.tree_on(date(2025, 1, 1))}
    assert (then["A1"].is_moved, then["A1"].is_renamed) == (True, False)
    assert (then["A2"].is_moved, then["A2"].is_renamed) == (False, True)
    assert (then["B1"].is_moved, then["B1"].is_renamed) == (False, False)


def test_an_ended_unit_is_in_the_tree_until_the_day_before(group):
    actions.end(group.A1, by=SYSTEM, on=MARCH, reason="合并")
    assert "A1" in names_on(MARCH - timedelta(days=1))
    assert "A1" not in names_on(MARCH)


def test_an_ended_unit_keeps_its_place_below_a_parent_that_moves_later(group):
    actions.end(group.A1, by=SYSTEM, on=MARCH, reason="合并")
    actions.move(group.A, by=SYSTEM, parent=group.B, on=JUNE, reason="划转")
    assert group.A1.path == "G/B/A/A1/"
    assert paths_on(date(2025, 2, 1))["A1"] == "G/A/A1/"


def test_a_change_on_the_day_of_the_last_change_puts_it_right(group):
    actions.rename(group.A, by=SYSTEM, name="第一工程公司", on=MARCH, reason="改制")
    actions.rename(group.A, by=SYSTEM, name="第一建设公司", on=MARCH, reason="更正")
    assert names_on(MARCH)["A"] == "第一建设公司"
    assert Placement.objects.filter(unit=group.A).count() == 2


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda g: actions.rename(g.A, by=SYSTEM, name="新", on=TOMORROW, reason="试"), "不能晚于今天"),
        (lambda g: actions.rename(g.A, by=SYSTEM, name="新", on=date(2023, 1, 1), reason="试"), "不能早于上一次变动"),
        (lambda g: actions.move(g.A, by=SYSTEM, parent=g.A1, on=MARCH, reason="试"), "它自己或它的下级"),
        (lambda g: actions.end(g.A, by=SYSTEM, on=MARCH, reason="试"), "还有下级单位"),
        (
            lambda g: actions.found(by=SYSTEM, code="N", name="新", parent=g.A, began_on=date(2023, 5, 1)),
            "不能早于这一天",
        ),
        (lambda g: actions.found(by=SYSTEM, code="N/1", name="新", parent=g.A, began_on=MARCH), "只能用字母"),
        (lambda g: actions.found(by=SYSTEM, code="A", name="新", parent=g.B, began_on=MARCH), "已存在|已经存在"),
        (lambda g: actions.classify(g.A, by=SYSTEM, kind="x" * 50, peer_group="", on=MARCH, reason="试"), "40"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(group, change, sentence):
    before = (list(Unit.objects.values()), list(Placement.objects.values()), Entry.objects.count())
    with pytest.raises(ValidationError, match=sentence):
        change(group)
    assert (list(Unit.objects.values()), list(Placement.objects.values()), Entry.objects.count()) == before


def test_a_unit_does_not_move_before_a_unit_below_it_changed(group):
    actions.rename(group.A1, by=SYSTEM, name="甲一项目部", on=JUNE, reason="更名")
    with pytest.raises(ValidationError, match="2025-06-01"):
        actions.move(group.A, by=SYSTEM, parent=group.B, on=MARCH, reason="划转")


def test_a_unit_does_not_move_below_one_that_came_later(group):
    late = actions.found(by=SYSTEM, code="C", name="第三公司", parent=group.G, began_on=JUNE)
    with pytest.raises(ValidationError, match="2025-06-01"):
        actions.move(group.A1, by=SYSTEM, parent=late, on=MARCH, reason="划转")


def test_a_parent_does_not_end_before_its_last_child(group):
    actions.end(group.B1, by=SYSTEM, on=JUNE, reason="合并")
    with pytest.raises(ValidationError, match="2025-06-01"):
        actions.end(group.B, by=SYSTEM, on=MARCH, reason="合并")
    actions.end(group.B, by=SYSTEM, on=JUNE, reason="合并")
    assert group.B.ended_on == JUNE


def test_nothing_is_founded_below_an_ended_unit(group):
    actions.end(group.A1, by=SYSTEM, on=MARCH, reason="合并")
    with pytest.raises(ValidationError, match="已经撤销"):
        actions.found(by=SYSTEM, code="N", name="新", parent=group.A1, began_on=JUNE)


def test_an_administrator_of_a_branch_changes_the_branch_and_nothing_beside_it(group, account_of):
    by = account_of("system_administrator", "A")
    actions.rename(group.A1, by=by, name="甲一项目部", on=MARCH, reason="更名")
    with pytest.raises(Refused, match="管辖范围"):
        actions.rename(group.B1, by=by, name="丙一项目部", on=MARCH, reason="更名")
    with pytest.raises(Refused, match="管辖范围"):
        actions.move(group.A1, by=by, parent=group.B, on=JUNE, reason="划转")
    with pytest.raises(Refused, match="全部单位"):
        actions.found(by=by, code="N", name="新", began_on=MARCH)


def test_a_reader_changes_nothing(group, account_of):
    with pytest.raises(Refused, match="没有这项权限"):
        actions.rename(group.A, by=account_of("unit_leader", "A"), name="别名", on=MARCH, reason="试")


def test_who_opened_an_older_version_is_told(group):
    unit = group.A
    actions.set_reporting(group.A, by=SYSTEM, is_reporting=False)
    with pytest.raises(Conflict, match="改变月报范围"):
        actions.rename(unit, by=SYSTEM, name="新", on=MARCH, reason="试", expected_version=1)


def test_the_running_placement_is_the_unit_of_today(group):
    actions.move(group.A, by=SYSTEM, parent=group.B, on=MARCH, reason="划转")
    actions.rename(group.A1, by=SYSTEM, name="甲一项目部", on=JUNE, reason="更名")
    for placed in Placement.objects.filter(during__endswith__isnull=True).select_related("unit"):
        unit = placed.unit
        assert (placed.name, placed.path, placed.parent_id) == (unit.name, unit.path, unit.parent_id)
