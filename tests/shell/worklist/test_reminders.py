"""Three days and one day before, on the day, the day after: the contact, then the leader, then the superior."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail as outbox

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month, end_of
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.published import current
from yuanqing.norms.obligation.actions import fulfils, open_due
from yuanqing.norms.period.actions import extend, open_period
from yuanqing.org.account.actions import end_grant, suspend
from yuanqing.org.person.models import Person
from yuanqing.org.unit.actions import rename
from yuanqing.org.unit.models import Unit
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.worklist.actions import remind
from yuanqing.shell.worklist.rules import Line, body_of, holders, prefixes, title_of
from yuanqing.shell.worklist.tasks import remind_now


@pytest.fixture
def period(world, clock):
    clock("2026-11-01 09:00")
    return open_period(by=SYSTEM, form="return_form", month=Month(2026, 10))  # due on 5 November


@pytest.fixture
def people(world):
    return {
        "contact": world.account("unit_contact", "01", name="contact", email="contact@example.org"),
        "leader": world.account("unit_leader", "01", name="leader", email="leader@example.org"),
        "reviewer": world.account("superior_reviewer", "0", name="reviewer"),
        "secretary": world.account("secretary", "0", name="secretary"),
    }


def reminded():
    return sorted(Message.objects.filter(kind="reminder").values_list("account__username", flat=True))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-01", []),
        ("2026-11-02", ["contact"]),
        ("2026-11-03", []),
        ("2026-11-04", ["contact"]),
        ("2026-11-05", ["contact", "leader"]),
        ("2026-11-06", ["contact", "leader", "reviewer"]),
        ("2026-11-07", []),
    ],
)
def test_who_is_reminded_on_which_day(period, people, clock, day, expected):
    remind(clock(f"{day} 09:00"))
    assert reminded() == expected


def test_one_digest_each_day_however_often_it_runs(period, people, clock):
    now = clock("2026-11-05 08:05")
    assert (remind(now), remind(now), remind(clock("2026-11-05 17:05"))) == (2, 0, 0)
    assert sorted(letter.to for letter in outbox.outbox) == [["contact@example.org"], ["leader@example.org"]]
    assert remind(clock("2026-11-06 08:05")) == 3


def test_what_is_met_or_not_yet_due_is_not_pressed(world, period, people, clock, registries):
    fulfils("speech.monthly_report", Unit, "rename", unit="id", period=None)
    rename(world.units["0101"], by=SYSTEM, name="东部新一部", on=date(2026, 11, 1), reason="改制")
    office = world.account("party_group_office", "0")
    extend(by=office, period=period, unit=world.units["01"], until=end_of(date(2026, 11, 9)), reason="停电")
    remind(clock("2026-11-06 09:00"))
    body = Message.objects.get(account=people["reviewer"]).body
    assert "东部公司" not in body  # its extension runs until the 9th
    assert "东部新一部" not in body  # has met it
    assert "西部公司" in body
    assert "东部二部" in body


def test_a_unit_without_its_own_contact_falls_to_the_next_above(world, period, clock):
    world.account("unit_contact", "0", name="group")
    east = world.account("unit_contact", "01", name="east")
    remind(clock("2026-11-02 09:00"))
    assert reminded() == ["east", "group"]
    assert "东部公司、东部一部、东部二部" in Message.objects.get(account=east).body


def test_ended_grants_and_suspended_accounts_are_left_alone(world, period, people, clock):
    suspend(people["leader"], by=SYSTEM, reason="离职")
    end_grant(people["contact"].grants.get(), by=SYSTEM, on=date(2026, 11, 4), reason="轮岗")
    remind(clock("2026-11-05 09:00"))
    assert reminded() == []


def test_people_are_reminded_of_their_own_and_named_nowhere(world, clock, registries, people):
    clock("2026-01-05 09:00")
    fulfils("speech.party_group_summary", Person, "leave", person="id", period=None)
    wang = world.person("01", "王小明", rank="party_group_member")
    own = world.account("staff", "01", name="wang", person=wang)
    open_due(date(2026, 1, 5), by=SYSTEM)
    remind(clock("2026-12-12 09:00"))  # three days before 15 December
    assert reminded() == ["wang"]
    remind(clock("2026-12-16 09:00"))
    assert reminded() == ["leader", "reviewer", "wang", "wang"]
    for message in Message.objects.all():
        assert "王小明" not in message.title + message.body
    assert own.messages.count() == 2


def test_the_command_takes_a_moment(period, people, clock):
    assert remind_now(now="2026-11-05T09:00") == "2 digests"


def test_the_offsets_are_data(period, people, clock):
    deadlines = current("deadlines")
    entries = tuple(
        e.model_copy(update={"days": -2}) if e.kind == "reminder" and e.days == -1 else e for e in deadlines.entries
    )
    changed = {"version": "2.0", "effective_from": date(2026, 10, 1), "entries": entries}
    publish(deadlines.model_copy(update=changed), by=SYSTEM)
    remind(clock("2026-11-04 09:00"))
    assert reminded() == []
    remind(clock("2026-11-03 09:00"))
    assert reminded() == ["contact"]


def test_statements_do_not_grow_with_the_units(period, people, clock, django_assert_max_num_queries):
    now = clock("2026-11-06 09:00")
    with django_assert_max_num_queries(35):
        remind(now)


GRANTED = {
    "unit_contact": {"0/": ["group"], "0/01/": ["east"]},
    "superior_reviewer": {"0/": ["group"], "0/01/": ["east"], "": ["all"]},
}


@pytest.mark.parametrize(
    ("role", "path", "expected"),
    [
        ("unit_contact", "0/01/0101/", ["east"]),
        ("unit_contact", "0/01/", ["east"]),
        ("unit_contact", "0/02/", ["group"]),
        ("unit_contact", "9/", []),
        ("unit_leader", "0/01/", []),
        ("superior_reviewer", "0/01/0101/", ["east"]),
        ("superior_reviewer", "0/01/", ["group"]),  # never of one's own unit
        ("superior_reviewer", "0/", ["all"]),
    ],
)
def test_the_nearest_holder_of_the_role(role, path, expected):
    assert list(holders(role, path, GRANTED)) == expected


def test_a_path_and_those_above_it():
    assert list(prefixes("0/01/0101/")) == ["0/01/0101/", "0/01/", "0/", ""]


def test_the_digest_speaks_plainly():
    soon = Line("报送月报（2026年10月）", date(2026, 11, 5), 3, tuple("甲乙丙丁戊己"), 6)
    late = Line("年度计划", date(2026, 3, 31), -1, ("甲",), 1)
    assert title_of([soon]) == "提醒：6 件快要到期"
    assert title_of([late]) == "提醒：1 件已经逾期"
    assert title_of([late, soon]) == "提醒：1 件已经逾期，6 件快要到期"
    assert body_of([late, soon]).splitlines() == [
        "年度计划：甲，2026年3月31日到期（已逾期 1 天）",
        "报送月报（2026年10月）：甲、乙、丙、丁、戊等 6 家单位，2026年11月5日到期（还有 3 天）",
    ]
