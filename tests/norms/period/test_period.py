"""Windows are frozen when a month opens; extensions give one unit more time and never rewrite what has happened."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.almanac import SHANGHAI, DuePolicy, Month
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.published import current
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.period.actions import close_period, extend, open_period
from yuanqing.norms.period.models import Extension, Period
from yuanqing.norms.period.queries import due_at, effective_due, is_locked, period_of, year_of

FORM = "return_form"


def days(period: Period) -> list[str]:
    fields = (period.opens_at, period.due_at, period.grace_until, period.locks_at)
    return [timezone.localtime(one).strftime("%m-%d") for one in fields]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def with_policy(policy: DuePolicy, version: str, since: str) -> None:
    """A new edition of the speech in which the monthly report is due by another policy."""
    speech = current("speech")
    entries = []
    for entry in speech.entries:
        if entry.code == "monthly_report":
            entry = entry.model_copy(update={"due": entry.due.model_copy(update={"policy": policy})})
        entries.append(entry)
    changed = {"version": version, "effective_from": date.fromisoformat(since), "entries": tuple(entries)}
    publish(speech.model_copy(update=changed), by=SYSTEM)


@pytest.mark.parametrize(
    ("month", "policy", "expected"),
    [
        # 5 November 2026 is a Thursday: grace ends on Friday the 6th, lock three workdays later on Wednesday the 11th
        ("2026-10", DuePolicy.FIXED, ["11-01", "11-05", "11-06", "11-11"]),
        ("2026-10", DuePolicy.NEXT_WORKDAY, ["11-01", "11-05", "11-06", "11-11"]),
        # 5 October 2026 lies in the National Day holiday (1–7 October; the 10th, a Saturday, is worked)
        ("2026-09", DuePolicy.FIXED, ["10-01", "10-05", "10-08", "10-12"]),
        ("2026-09", DuePolicy.NEXT_WORKDAY, ["10-01", "10-08", "10-09", "10-13"]),
        ("2026-09", DuePolicy.PREVIOUS_WORKDAY, ["09-30", "09-30", "10-08", "10-12"]),
        # 5 September 2026 is a Saturday
        ("2026-08", DuePolicy.FIXED, ["09-01", "09-05", "09-07", "09-10"]),
        ("2026-08", DuePolicy.NEXT_WORKDAY, ["09-01", "09-07", "09-08", "09-11"]),
        ("2026-08", DuePolicy.PREVIOUS_WORKDAY, ["09-01", "09-04", "09-07", "09-10"]),
    ],
)
def test_windows_follow_rule_and_calendar(world, clock, month, policy, expected):
    clock("2026-11-01 09:00")
    if policy is not DuePolicy.FIXED:
        with_policy(policy, "9.0", "2026-06-01")
    period = open_period(by=SYSTEM, form=FORM, month=Month.parse(month))
    assert (period.policy, days(period)) == (policy, expected)
    assert period.form_edition.cite == "return_form@1.0"


def test_a_later_policy_never_changes_a_past_month(world, clock):
    clock("2026-10-01 09:00")
    past = open_period(by=SYSTEM, form=FORM, month=Month(2026, 9))
    before = days(past)
    with_policy(DuePolicy.NEXT_WORKDAY, "2.0", "2026-10-15")
    clock("2026-11-01 09:00")
    past.refresh_from_db()
    assert days(past) == before == ["10-01", "10-05", "10-08", "10-12"]
    due = next(d for d in year_of(FORM, 2026) if d.month == Month(2026, 9))
    assert "固定日期，不顺延" in due.reason
    unopened = next(d for d in year_of(FORM, 2027) if d.month == Month(2027, 5))  # 5 June 2027 is a Saturday
    assert "顺延到 2027-06-07" in unopened.reason


def test_a_month_opens_once_and_not_before_it_begins(world, clock):
    clock("2026-10-31 09:00")
    open_period(by=SYSTEM, form=FORM, month=Month(2026, 10))
    with pytest.raises((ValidationError, Conflict), match="已经开启"):
        open_period(by=SYSTEM, form=FORM, month=Month(2026, 10))
    with pytest.raises(ValidationError, match="还没有开始"):
        open_period(by=SYSTEM, form=FORM, month=Month(2026, 11))
    with pytest.raises(ValidationError, match="没有规定"):
        open_period(by=SYSTEM, form="no_such_form", month=Month(2026, 10))
    assert Period.objects.count() == 1
    assert period_of(FORM, Month(2026, 10)) is not None
    assert period_of(FORM, Month(2026, 11)) is None


@pytest.mark.parametrize("role", ["unit_contact", "unit_leader", "superior_reviewer", "secretary", "auditor", "staff"])
def test_only_the_office_opens_closes_and_extends(world, clock, role):
    clock("2026-11-06 09:00")
    period = open_period(by=SYSTEM, form=FORM, month=Month(2026, 10))
    account = world.account(role, "0")
    entries = Entry.objects.count()
    for attempt in (
        lambda: open_period(by=account, form=FORM, month=Month(2026, 9)),
        lambda: close_period(period, by=account),
        lambda: extend(
            by=account, period=period, unit=world.units["01"], until=instant("2026-11-09 23:59"), reason="停电"
        ),
    ):
        with pytest.raises(Refused):
            attempt()
    assert Entry.objects.count() == entries


def test_closing_waits_for_the_due_time_and_is_for_good(world, clock):
    clock("2026-11-05 09:00")
    period = open_period(by=SYSTEM, form=FORM, month=Month(2026, 10))
    with pytest.raises(ValidationError, match="还没有到截止时间"):
        close_period(period, by=SYSTEM)
    period.refresh_from_db()
    assert period.state == "open"
    now = clock("2026-11-12 09:00")
    close_period(period, by=SYSTEM)
    assert (period.state, period.closed_at, is_locked(period)) == ("closed", now, True)
    with pytest.raises(Conflict, match="已结账"):
        close_period(period, by=SYSTEM)


class TestExtension:
    @pytest.fixture
    def period(self, world, clock):
        clock("2026-11-04 09:00")
        return open_period(by=SYSTEM, form=FORM, month=Month(2026, 10))

    @pytest.mark.parametrize(
        ("now", "until", "sentence"),
        [
            ("2026-11-04 09:00", "2026-11-05 23:59", "必须晚于现在的截止时间"),
            ("2026-11-07 09:00", "2026-11-06 23:59", "必须在今后"),
            ("2026-11-04 09:00", "2026-11-12 00:00", "不能晚于锁定时间"),
        ],
    )
    def test_it_lies_ahead_and_before_the_lock(self, world, clock, period, now, until, sentence):
        clock(now)
        with pytest.raises(ValidationError, match=sentence):
            extend(by=SYSTEM, period=period, unit=world.units["01"], until=instant(until), reason="停电")
        assert not Extension.objects.exists()

    def test_it_needs_a_reason(self, world, period):
        with pytest.raises(ValidationError):
            extend(by=SYSTEM, period=period, unit=world.units["01"], until=instant("2026-11-09 23:59"), reason="")
        assert not Extension.objects.exists()

    def test_each_is_later_than_the_one_before(self, world, period):
        office = world.account("party_group_office", "0")
        unit = world.units["01"]
        first = extend(by=office, period=period, unit=unit, until=instant("2026-11-09 23:59"), reason="停电")
        assert (first.granted_by, due_at(period, unit)) == (office, first.until)
        with pytest.raises(ValidationError, match="2026-11-09 23:59"):
            extend(by=office, period=period, unit=unit, until=instant("2026-11-08 23:59"), reason="停电")
        assert due_at(period, world.units["02"]) == period.due_at

    def test_it_prolongs_what_the_unit_owes_and_nobody_else(self, world, period):
        until = instant("2026-11-09 23:59")
        extend(
            by=world.account("party_group_office", "0"),
            period=period,
            unit=world.units["01"],
            until=until,
            reason="停电",
        )
        owed = dict(Obligation.objects.filter(period=period).values_list("unit__code", "due_at"))
        assert owed.pop("01") == until
        assert set(owed.values()) == {period.due_at}
        rows = Obligation.objects.annotate(effective=effective_due()).filter(effective=F("due_at"))
        assert rows.count() == Obligation.objects.count()

    def test_not_outside_ones_scope_and_not_after_the_close(self, world, clock, period):
        eastern = world.account("party_group_office", "01")
        with pytest.raises(Refused, match="管辖范围"):
            extend(by=eastern, period=period, unit=world.units["02"], until=instant("2026-11-09 23:59"), reason="停电")
        clock("2026-11-10 09:00")
        close_period(period, by=SYSTEM)
        with pytest.raises(ValidationError, match="已经结账"):
            extend(by=SYSTEM, period=period, unit=world.units["01"], until=instant("2026-11-11 12:00"), reason="停电")
        assert not Extension.objects.exists()
