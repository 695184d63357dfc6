"""An act writes all or nothing, refuses in words, and is in the ledger."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from yuanqing.kernel import acts
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused, deeds, steps
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.records import OutsideAct
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Placement, Unit

pytestmark = pytest.mark.django_db
A_DAY = date(2025, 1, 1)


@pytest.fixture
def group() -> Unit:
    return units.found(by=SYSTEM, code="G", name="示范集团", began_on=date(2024, 1, 1))


@pytest.fixture
def stranger() -> Account:
    return accounts.open_account(by=SYSTEM, username="stranger", display_name="外人", password="a-long-passphrase")


def entries_of(record) -> list[str]:
    return [e.act for e in Entry.objects.filter(record_id=record.pk).order_by("seq")]


def test_each_record_an_act_touches_has_an_entry(group):
    placement = Placement.objects.get(unit=group)
    assert entries_of(group) == ["org.unit.found"]
    assert entries_of(placement) == ["org.unit.found"]
    units.rename(group, by=SYSTEM, name="示范总公司", on=A_DAY, reason="改制")
    assert entries_of(group) == ["org.unit.found", "org.unit.rename"]
    assert group.version == 2
    assert acts.history(group)[0].note == {"on": "2025-01-01", "reason": "改制"}


def test_a_record_is_not_written_outside_an_act(group):
    group.name = "别名"
    with pytest.raises(OutsideAct):
        group.save()
    with pytest.raises(OutsideAct):
        Unit.objects.update(name="别名")
    with pytest.raises(OutsideAct):
        Unit.objects.bulk_create([])
    with pytest.raises(OutsideAct):
        group.delete()
    with pytest.raises(OutsideAct):
        Unit.objects.all().delete()


def test_a_refused_act_changes_nothing(group, stranger):
    before = Entry.objects.count()
    with pytest.raises(Refused, match="没有这项权限"):
        units.rename(group, by=stranger, name="别名", on=A_DAY, reason="试")
    assert Unit.objects.get().name == "示范集团"
    assert Entry.objects.count() == before


def test_an_invalid_change_changes_nothing(group):
    with pytest.raises(ValidationError):
        units.rename(group, by=SYSTEM, name="", on=A_DAY, reason="试")
    assert Unit.objects.get().name == "示范集团"
    assert Placement.objects.count() == 1


def test_a_suspended_account_may_do_nothing(group, stranger):
    accounts.suspend(stranger, by=SYSTEM, reason="离职")
    assert acts.refusal("rename", group, by=stranger) == "请先登录。"


def test_who_comes_second_is_told_who_was_first(group):
    seen = group.version
    units.rename(group, by=SYSTEM, name="第一个名字", on=A_DAY, reason="甲")
    late = Unit.objects.get()
    with pytest.raises(Conflict, match=r"系统已于 .* 办理“更名”"):
        units.rename(late, by=SYSTEM, name="第二个名字", on=date(2025, 2, 1), reason="乙", expected_version=seen)
    assert Unit.objects.get().name == "第一个名字"


def test_a_constraint_speaks_in_its_own_sentence(group):
    with pytest.raises((Conflict, ValidationError)):
        units.found(by=SYSTEM, code="G", name="重名", began_on=date(2024, 1, 1))
    assert Unit.objects.count() == 1


@pytest.mark.parametrize("table", ["kernel_entry", "kernel_seal", "kernel_checkpoint", "kernel_shape"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"])
def test_the_application_cannot_change_the_ledger(group, table, statement):
    column = {"kernel_entry": "act", "kernel_seal": "mac", "kernel_checkpoint": "note", "kernel_shape": "model"}[table]
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda: units.found(by=SYSTEM, code="N", name="新设单位", began_on=A_DAY), True),
        (lambda: units.rename(Unit.objects.get(), by=SYSTEM, name="更名单位", on=A_DAY, reason="改制"), False),
    ],
    ids=["founded", "renamed"],
)
def test_a_hook_is_told_whether_what_was_written_is_new(group, monkeypatch, write, told):
    found = []
    monkeypatch.setitem(deeds._hooks, (Unit, "*"), [lambda touched: found.append(touched.are_new)])
    write()
    assert found == [told]


def test_a_condition_is_asked_only_where_the_lifecycle_has_the_step(group, stranger, monkeypatch):
    held = accounts.grant(by=SYSTEM, account=stranger, role="staff", unit=group, starts_on=A_DAY, reason="入职")
    monkeypatch.setitem(steps._conditions, (Grant, "revoke"), [lambda grant: "还有没交接的。"])
    monkeypatch.setitem(steps._conditions, (Grant, "confirm_grant"), [lambda grant: pytest.fail("asked")])
    assert acts.refusal("revoke", held, by=SYSTEM) == "还有没交接的。"
    assert acts.refusal("confirm_grant", held, by=SYSTEM) != ""
