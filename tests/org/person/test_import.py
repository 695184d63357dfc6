"""A list of people enrols and amends them by number."""

import pytest
from django.core.exceptions import ValidationError

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.person import actions
from yuanqing.org.person.models import Person
from yuanqing.org.unit.actions import Counts

ROW = {"number": "P1", "name": "张三", "unit_code": "A1", "level": "county", "is_party_member": True}


def test_people_are_enrolled_once_and_then_amended(group):
    assert actions.import_people([ROW], by=SYSTEM) == Counts(1, 0, 0)
    assert actions.import_people([ROW], by=SYSTEM) == Counts(0, 0, 1)
    assert actions.import_people([{"number": "P1", "name": "张三丰"}], by=SYSTEM) == Counts(0, 1, 0)
    person = Person.objects.get()
    assert (person.name, person.level, person.unit.code, person.version) == ("张三丰", "county", "A1", 2)
    assert person.spelling == "zhangsanfeng zsf"
    assert Entry.objects.filter(record_id=person.pk).count() == 2


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({**ROW, "unit_code": "X"}, "单位代码“X”不存在"),
        ({**ROW, "name": ""}, "没有姓名"),
        ({"number": "P1", "name": "张三"}, "没有单位代码"),
        ({**ROW, "email": "nowhere"}, "不是一个电子邮箱地址"),
        ({**ROW, "name": "名" * 61}, "最多 60 个字"),
        ({**ROW, "number": "P0"}, "与第 1 行重复"),
    ],
)
def test_one_fault_and_nobody_is_enrolled(group, row, sentence):
    with pytest.raises(ValidationError, match=sentence):
        actions.import_people([{**ROW, "number": "P0"}, row], by=SYSTEM)
    assert not Person.objects.exists()


def test_who_has_left_does_not_come_back_by_import(group):
    actions.import_people([ROW], by=SYSTEM)
    actions.leave(Person.objects.get(), by=SYSTEM, on=group.A1.began_on, reason="退休")
    with pytest.raises(ValidationError, match="离开，不能再导入"):
        actions.import_people([ROW], by=SYSTEM)


def test_a_branch_administrator_takes_nobody_from_another_branch(group, account_of):
    actions.import_people([{**ROW, "unit_code": "B1"}], by=SYSTEM)
    by = account_of("system_administrator", "A")
    for row in (ROW, {"number": "P1", "name": "改名"}, {**ROW, "number": "P2", "unit_code": "B1"}):
        with pytest.raises(ValidationError, match="管辖范围"):
            actions.import_people([row], by=by)
    assert Person.objects.get().unit.code == "B1"
