"""A list of units founds and changes them, all or nothing, and a second time changes nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.effort import effort

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.ledger.verify import verify
from yuanqing.org.unit import queries
from yuanqing.org.unit.actions import Counts, import_units, move
from yuanqing.org.unit.models import Placement, Unit

ON, LATER = date(2025, 3, 1), date(2025, 6, 1)
ROWS = [
    {"code": "R1", "name": "下级", "parent_code": "R"},
    {"code": "R", "name": "上级", "parent_code": "", "began_on": date(2024, 1, 1)},
]


@pytest.fixture
def tree(db):
    import_units(ROWS, by=SYSTEM, on=ON)


def test_a_parent_may_stand_below_its_child(tree):
    assert list(Unit.objects.values_list("code", "path", "began_on")) == [
        ("R", "R/", date(2024, 1, 1)),
        ("R1", "R/R1/", ON),
    ]


def test_the_same_list_again_changes_nothing(tree):
    before = (list(Unit.objects.values()), list(Placement.objects.values()), Entry.objects.count())
    assert import_units(ROWS, by=SYSTEM, on=LATER) == Counts(0, 0, 2)
    assert (list(Unit.objects.values()), list(Placement.objects.values()), Entry.objects.count()) == before


def test_a_changed_name_and_parent_begin_on_the_day(tree):
    import_units([{"code": "S", "name": "另一上级", "parent_code": "R"}], by=SYSTEM, on=ON)
    counts = import_units([{"code": "R1", "name": "改名", "parent_code": "S"}], by=SYSTEM, on=LATER)
    assert counts == Counts(0, 1, 0)
    then = {p.code: (p.name, p.path) for p in queries.tree_on(LATER - timedelta(days=1))}
    now = {p.code: (p.name, p.path) for p in queries.tree_on(LATER)}
    assert then["R1"] == ("下级", "R/R1/")
    assert now["R1"] == ("改名", "R/S/R1/")


def test_units_outside_the_list_are_left_alone_but_follow(tree):
    import_units([{"code": "R11", "name": "孙", "parent_code": "R1"}], by=SYSTEM, on=ON)
    import_units([{"code": "S", "name": "另一上级", "parent_code": "R"}], by=SYSTEM, on=ON)
    import_units([{"code": "R1", "parent_code": "S"}], by=SYSTEM, on=LATER)
    assert Unit.objects.get(code="R11").path == "R/S/R1/R11/"
    assert {p.code: p.path for p in queries.tree_on(ON)}["R11"] == "R/R1/R11/"


def test_each_row_written_has_its_entry(tree):
    for record in [*Unit.objects.all(), *Placement.objects.all()]:
        assert Entry.objects.filter(record_id=record.pk, act="org.unit.import_units").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_ledger_bears_out_every_row_after_imports_and_moves():
    import_units(many(300), by=SYSTEM, on=ON)
    import_units([{"code": "000001", "parent_code": "000002", "name": "改名"}], by=SYSTEM, on=LATER)
    move(Unit.objects.get(code="000003"), by=SYSTEM, parent=Unit.objects.get(code="000001"), on=LATER, reason="划转")
    assert Unit.objects.get(code="000049").path == "000000/000002/000001/000003/000049/"
    assert not verify().problems


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"code": "X", "name": "x", "parent_code": "nowhere"}], "第 1 行：上级单位代码“nowhere”不存在"),
        ([{"code": "X", "name": "x", "parent_code": "X"}], "第 1 行：单位不能是自己的上级"),
        ([{"code": "X", "name": ""}], "第 1 行：没有单位名称"),
        ([{"code": "X", "name": "x"}, {"code": "X", "name": "y"}], "第 2 行：单位代码“X”与第 1 行重复"),
        ([{"code": "X", "name": "x", "parent_code": "Y"}, {"code": "Y", "name": "y", "parent_code": "X"}], "循环"),
        ([{"code": "R", "parent_code": "R1"}], "循环"),
        ([{"code": "X/Y", "name": "x"}], "只能用字母"),
        ([{"code": "X", "name": "名" * 201}], "最多 200 个字，现有 201 个"),
        ([{"code": "X", "name": "x", "began_on": TOMORROW}], "还没有到"),
        ([{"code": "X", "name": "x", "parent_code": "R1", "began_on": date(2024, 6, 1)}], "从 2025-03-01 起才设在"),
        ([{"code": "R", "began_on": date(2020, 1, 1)}], "设立日期是 2024-01-01"),
    ],
)
def test_one_fault_and_nothing_is_written(tree, rows, sentence):
    before = (Unit.objects.count(), Placement.objects.count(), Entry.objects.count())
    good = {"code": "OK", "name": "好的", "parent_code": "R"}
    with pytest.raises(ValidationError, match=sentence):
        import_units([*rows, good], by=SYSTEM, on=LATER)
    assert (Unit.objects.count(), Placement.objects.count(), Entry.objects.count()) == before


def test_a_change_does_not_begin_before_the_last_one(tree):
    import_units([{"code": "R1", "name": "改名"}], by=SYSTEM, on=LATER)
    with pytest.raises(ValidationError, match="单位“R1”在 2025-06-01 已有变动"):
        import_units([{"code": "R1", "name": "再改名"}], by=SYSTEM, on=ON)


def test_a_branch_administrator_imports_into_the_branch_only(group, account_of):
    by = account_of("system_administrator", "A")
    assert import_units([{"code": "A3", "name": "新项目部", "parent_code": "A"}], by=by, on=ON).created == 1
    for row in (
        {"code": "B3", "name": "新项目部", "parent_code": "B"},
        {"code": "B1", "name": "改名"},
        {"code": "A1", "parent_code": "B"},
        {"code": "Z", "name": "新的最上级"},
    ):
        with pytest.raises(ValidationError, match="不在您的管辖范围之内"):
            import_units([row], by=by, on=LATER)
    with pytest.raises(Refused):
        import_units([], by=account_of("unit_leader", "A"), on=ON)


def many(count: int) -> list[dict[str, str]]:
    """A tree of sixteen children each, leaves first."""
    codes = [f"{i:06d}" for i in range(count)]
    rows = [
        {"code": c, "name": f"单位{c}", "parent_code": codes[(i - 1) // 16] if i else ""} for i, c in enumerate(codes)
    ]
    return rows[::-1]


@pytest.mark.django_db(transaction=True)  # in a database without the dead rows of a thousand tests
def test_five_thousand_units_in_a_few_seconds():
    with effort() as spent:
        assert import_units(many(5000), by=SYSTEM, on=ON) == Counts(5000, 0, 0)
    assert spent.seconds < 15, spent


def test_statements_do_not_grow_with_the_rows(db):
    import_units(many(3)[-1:], by=SYSTEM, on=ON)
    numbers = []
    for count in (20, 200):
        with CaptureQueriesContext(connection) as seen:
            import_units(many(count), by=SYSTEM, on=ON)
        numbers.append(len(seen))
    assert abs(numbers[1] - numbers[0]) <= 2
