"""People come, are put right, move on and leave."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions, queries
from yuanqing.org.person.models import Person
from yuanqing.org.post import actions as posts

MARCH, JUNE = date(2025, 3, 1), date(2025, 6, 1)


@pytest.fixture
def zhang(group):
    return actions.enrol(by=SYSTEM, number="P1", name="张三", unit=group.A1, is_party_member=True)


def test_a_person_is_found_by_name_number_and_sound(zhang):
    for text in ("张三", "P1", "zhangsan", "zs", "张 P1"):
        assert list(queries.matching(Person.objects.all(), text)) == [zhang], text
    assert not queries.matching(Person.objects.all(), "lisi").exists()


def test_a_number_is_given_once(zhang, group):
    with pytest.raises(ValidationError, match="人员编号"):
        actions.enrol(by=SYSTEM, number="P1", name="李四", unit=group.A1)
    assert Person.objects.count() == 1


def test_who_leaves_gives_up_posts_and_the_account(zhang, group):
    post = posts.create(by=SYSTEM, code="G1", name="出纳", unit=group.A1)
    held = posts.appoint(by=SYSTEM, post=post, person=zhang, starts_on=MARCH)
    account = accounts.open_account(by=SYSTEM, username="zhang", display_name="张三", person=zhang)
    actions.leave(zhang, by=SYSTEM, on=JUNE, reason="退休")
    held.refresh_from_db()
    assert (held.during.lower, held.during.upper) == (MARCH, JUNE)
    assert not Account.objects.get(pk=account.pk).is_active


def test_nobody_leaves_before_the_appointment_began(zhang, group):
    post = posts.create(by=SYSTEM, code="G1", name="出纳", unit=group.A1)
    posts.appoint(by=SYSTEM, post=post, person=zhang, starts_on=JUNE)
    with pytest.raises(ValidationError, match="必须晚于这一天"):
        actions.leave(zhang, by=SYSTEM, on=MARCH, reason="退休")
    assert Person.objects.get().left_on is None


def test_a_transfer_needs_the_right_at_both_ends(zhang, group, account_of):
    by = account_of("system_administrator", "A")
    with pytest.raises(Refused, match="管辖范围"):
        actions.transfer(zhang, by=by, unit=group.B1, on=MARCH, reason="调动")
    actions.transfer(Person.objects.get(), by=by, unit=group.A2, on=MARCH, reason="调动")
    assert Person.objects.get().unit == group.A2


def test_who_has_left_is_not_transferred(zhang, group):
    actions.leave(zhang, by=SYSTEM, on=MARCH, reason="退休")
    with pytest.raises(ValidationError, match="已于 2025-03-01 离开"):
        actions.transfer(zhang, by=SYSTEM, unit=group.A2, on=JUNE, reason="调动")


@pytest.mark.parametrize(("unit", "sees"), [("A1", True), ("A", True), ("G", True), ("A2", False), ("B", False)])
def test_people_are_seen_from_their_unit_and_above(zhang, account_of, unit, sees):
    assert Person.objects.visible_to(account_of("unit_leader", unit)).filter(pk=zhang.pk).exists() is sees


def test_everybody_sees_himself(zhang, account_of):
    account = account_of("staff", "B")
    Account.objects.filter(pk=account.pk)
    mine = accounts.open_account(by=SYSTEM, username="zhang", display_name="张三", person=zhang)
    assert list(Person.objects.visible_to(Account.objects.get(pk=mine.pk))) == [zhang]


def test_who_sees_everybody_and_is_somebody_sees_more_than_himself(zhang, group):
    other = actions.enrol(by=SYSTEM, number="P2", name="李四", unit=group.B)
    made = accounts.open_account(by=SYSTEM, username="zhang", display_name="张三", person=zhang)
    accounts.grant(by=SYSTEM, account=made, role="auditor", starts_on=MARCH, reason="审计")
    assert set(Person.objects.visible_to(Account.objects.get(pk=made.pk))) == {zhang, other}
