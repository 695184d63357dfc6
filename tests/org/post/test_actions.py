"""Posts, appointments and jurisdictions."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.person import actions as people
from yuanqing.org.post import actions, queries
from yuanqing.org.post.models import Appointment, Post

MARCH, JUNE, SEPTEMBER = date(2025, 3, 1), date(2025, 6, 1), date(2025, 9, 1)


@pytest.fixture
def zhang(group):
    return people.enrol(by=SYSTEM, number="P1", name="张三", unit=group.A)


@pytest.fixture
def li(group):
    return people.enrol(by=SYSTEM, number="P2", name="李四", unit=group.A)


@pytest.fixture
def cashier(group):
    return actions.create(by=SYSTEM, code="G1", name="出纳", unit=group.A1, is_key=True)


def test_who_held_a_post_on_a_day(cashier, zhang, li):
    held = actions.appoint(by=SYSTEM, post=cashier, person=zhang, starts_on=MARCH)
    actions.end_appointment(held, by=SYSTEM, on=JUNE, reason="轮岗")
    actions.appoint(by=SYSTEM, post=cashier, person=li, starts_on=JUNE)
    on = lambda day: [a.person.name for a in queries.holders_on(cashier, day)]  # noqa: E731
    assert on(date(2025, 2, 28)) == []
    assert on(date(2025, 5, 31)) == ["张三"]
    assert on(JUNE) == ["李四"]


def test_the_same_person_is_not_appointed_twice_at_a_time(cashier, zhang):
    actions.appoint(by=SYSTEM, post=cashier, person=zhang, starts_on=MARCH)
    before = Entry.objects.count()
    with pytest.raises(ValidationError, match="张三已从 2025-03-01 起担任这个岗位"):
        actions.appoint(by=SYSTEM, post=cashier, person=zhang, starts_on=JUNE)
    assert (Appointment.objects.count(), Entry.objects.count()) == (1, before)


def test_the_database_refuses_overlapping_appointments_too(cashier, zhang):
    actions.appoint(by=SYSTEM, post=cashier, person=zhang, starts_on=MARCH)
    statement = """INSERT INTO org_appointment (id, version, person_id, post_id, during, document)
                   SELECT gen_random_uuid(), 1, person_id, post_id, '[2025-05-01,2025-06-01)', '' FROM org_appointment"""
    with pytest.raises(IntegrityError, match="person_holds_a_post_once"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_post_that_is_held_does_not_end(cashier, zhang):
    held = actions.appoint(by=SYSTEM, post=cashier, person=zhang, starts_on=MARCH)
    with pytest.raises(ValidationError, match="张三还在这个岗位上"):
        actions.end(cashier, by=SYSTEM, on=JUNE, reason="撤岗")
    actions.end_appointment(held, by=SYSTEM, on=SEPTEMBER, reason="免职")
    with pytest.raises(ValidationError, match="2025-09-01 之前还有人任职"):
        actions.end(cashier, by=SYSTEM, on=JUNE, reason="撤岗")
    actions.end(cashier, by=SYSTEM, on=SEPTEMBER, reason="撤岗")
    assert Post.objects.get().ended_on == SEPTEMBER


def test_nobody_is_appointed_to_an_ended_post_or_after_leaving(cashier, zhang, li):
    people.leave(zhang, by=SYSTEM, on=MARCH, reason="退休")
    with pytest.raises(ValidationError, match="已于 2025-03-01 离开"):
        actions.appoint(by=SYSTEM, post=cashier, person=zhang, starts_on=JUNE)
    actions.end(cashier, by=SYSTEM, on=MARCH, reason="撤岗")
    with pytest.raises(ValidationError, match="已于 2025-03-01 撤销"):
        actions.appoint(by=SYSTEM, post=cashier, person=li, starts_on=JUNE)


def test_the_reason_of_a_key_post_is_in_the_ledger(cashier):
    actions.mark_key(cashier, by=SYSTEM, is_key=False, reason="不再管钱")
    assert "不再管钱" in Entry.objects.filter(record_id=cashier.pk).latest("seq").note


def test_whole_months_of_tenure():
    assert queries.months_between(date(2024, 1, 31), date(2024, 2, 29)) == 0
    assert queries.months_between(date(2024, 1, 31), date(2024, 3, 31)) == 2
    assert queries.months_between(date(2021, 5, 2), date(2026, 5, 1)) == 59


def test_the_nearest_rule_above_a_unit_says_who_manages(group):
    actions.set_jurisdiction(by=SYSTEM, unit=group.G, rank="mid_level_leader", manager=group.G, starts_on=MARCH)
    actions.set_jurisdiction(by=SYSTEM, unit=group.A, rank="mid_level_leader", manager=group.A, starts_on=JUNE)
    manager = lambda unit, day: getattr(queries.manager_of(unit, "mid_level_leader", day), "code", None)  # noqa: E731
    assert manager(group.A1, MARCH) == "G"
    assert manager(group.A1, JUNE) == "A"
    assert manager(group.B1, JUNE) == "G"
    assert manager(group.B1, date(2025, 2, 28)) is None
    assert queries.manager_of(group.A1, "staff_member", JUNE) is None


def test_a_new_manager_ends_the_time_of_the_old_one(group):
    first = actions.set_jurisdiction(by=SYSTEM, unit=group.A, rank="r", manager=group.G, starts_on=MARCH)
    actions.set_jurisdiction(by=SYSTEM, unit=group.A, rank="r", manager=group.A, starts_on=JUNE)
    first.refresh_from_db()
    assert first.ends_on == date(2025, 5, 31)
    with pytest.raises(ValidationError, match="必须晚于"):
        actions.set_jurisdiction(by=SYSTEM, unit=group.A, rank="r", manager=group.G, starts_on=JUNE)


def test_posts_of_a_sibling_branch_are_out_of_reach(group, account_of, zhang):
    by = account_of("system_administrator", "A")
    post = actions.create(by=by, code="G1", name="出纳", unit=group.A1)
    with pytest.raises(Refused, match="管辖范围"):
        actions.create(by=by, code="G2", name="出纳", unit=group.B1)
    reader = account_of("unit_leader", "B")
    assert not Post.objects.visible_to(reader).filter(pk=post.pk).exists()
    with pytest.raises(Refused, match="没有这项权限"):
        actions.appoint(by=reader, post=post, person=zhang, starts_on=MARCH)
