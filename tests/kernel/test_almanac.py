"""Months, working days, due days and windows, against dates checked by hand in the State Council's notices."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from yuanqing.kernel.almanac import (
    SHANGHAI,
    Calendar,
    DuePolicy,
    DueRule,
    Month,
    Window,
    add_months,
    after,
    due_date,
    end_of,
    moment_after,
    months_between,
    start_of,
)
from yuanqing.norms.packs import shipped, shipped_calendar

CALENDAR = shipped_calendar()
YEARS = range(2015, 2027)


def fifths() -> list[date]:
    return [date(year, month, 5) for year in YEARS for month in range(1, 13)]


class TestMonth:
    def test_reads_and_writes_iso(self) -> None:
        assert Month.parse("2026-10") == Month(2026, 10)
        assert str(Month(2026, 3)) == "2026-03"

    @pytest.mark.parametrize("text", ["2026", "2026-1", "2026/10", "2026-10-01", "２０２６-10", "", "十月"])
    def test_refuses_other_writing_with_an_example(self, text: str) -> None:
        with pytest.raises(ValueError, match="2026-10"):
            Month.parse(text)

    @pytest.mark.parametrize("text", ["2026-00", "2026-13", "0000-01"])
    def test_refuses_months_that_do_not_exist(self, text: str) -> None:
        with pytest.raises(ValueError, match="月份不存在"):
            Month.parse(text)

    def test_has_first_and_last_day(self) -> None:
        assert Month(2024, 2).first_day == date(2024, 2, 1)
        assert Month(2024, 2).last_day == date(2024, 2, 29)
        assert Month(2100, 2).last_day == date(2100, 2, 28)
        assert Month(9999, 12).last_day == date(9999, 12, 31)

    def test_steps_over_new_year(self) -> None:
        assert Month(2026, 12).next() == Month(2027, 1)
        assert Month(2026, 1).previous() == Month(2025, 12)
        assert Month(2026, 10).year_ago() == Month(2025, 10)
        assert Month(2026, 10).plus(15) == Month(2028, 1)
        assert Month(2026, 10).plus(-10) == Month(2025, 12)

    def test_is_labelled_as_people_say_it(self) -> None:
        with translation.override("zh-hans"):
            assert Month(2026, 10).label == "2026年10月"

    def test_orders_and_hashes(self) -> None:
        assert Month(2025, 12) < Month(2026, 1) < Month(2026, 2)
        assert len({Month(2026, 1), Month.of(date(2026, 1, 31))}) == 1

    def test_lists_both_ends(self) -> None:
        assert [str(month) for month in months_between(Month(2026, 11), Month(2027, 1))] == [
            "2026-11",
            "2026-12",
            "2027-01",
        ]
        assert list(months_between(Month(2026, 2), Month(2026, 1))) == []

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
    def test_plus_is_undone_by_minus(self, day: date, months: int) -> None:
        month = Month.of(day)
        assert month.plus(months).plus(-months) == month
        assert Month.parse(str(month)) == month


class TestWorkdays:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 2, 14), True),  # Saturday worked for Spring Festival 2026
            (date(2026, 2, 15), False),
            (date(2026, 2, 23), False),
            (date(2026, 2, 24), True),
            (date(2026, 2, 28), True),  # Saturday worked
            (date(2026, 3, 1), False),  # ordinary Sunday
            (date(2026, 9, 20), True),  # Sunday worked for the National Day
            (date(2026, 10, 1), False),
            (date(2026, 10, 7), False),
            (date(2026, 10, 8), True),
            (date(2026, 10, 10), True),  # Saturday worked
            (date(2026, 10, 11), False),
            (date(2025, 1, 26), True),  # Sunday worked for Spring Festival 2025
            (date(2025, 2, 4), False),
            (date(2025, 2, 5), True),
            (date(2025, 10, 8), False),  # the longest October: 1 to 8
            (date(2025, 10, 9), True),
            (date(2020, 1, 31), False),  # Spring Festival 2020 was prolonged
            (date(2015, 9, 3), False),  # the single commemoration day
            (date(2015, 9, 6), True),
        ],
    )
    def test_holidays_and_make_up_days(self, day: date, works: bool) -> None:
        assert CALENDAR.is_workday(day) is works

    def test_next_and_previous(self) -> None:
        assert CALENDAR.next_workday(date(2026, 10, 5)) == date(2026, 10, 8)
        assert CALENDAR.previous_workday(date(2026, 10, 5)) == date(2026, 9, 30)
        assert CALENDAR.next_workday(date(2026, 11, 5)) == CALENDAR.previous_workday(date(2026, 11, 5))

    def test_a_term_in_workdays_passes_over_the_festival_and_counts_the_make_up_day(self) -> None:
        # Fri 13 Feb, then Sat 14 (worked), 24, 25, 26
        assert CALENDAR.add_workdays(date(2026, 2, 13), 4) == date(2026, 2, 26)
        assert CALENDAR.add_workdays(date(2026, 2, 26), -4) == date(2026, 2, 13)
        assert CALENDAR.add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)
        assert CALENDAR.workdays_between(date(2026, 2, 13), date(2026, 2, 26)) == 4

    def test_outside_the_known_years_only_weekends_are_free_and_it_says_so(self) -> None:
        new_year = date(2027, 1, 1)
        assert CALENDAR.is_workday(new_year)
        assert CALENDAR.is_provisional(new_year)
        assert not CALENDAR.is_provisional(date(2026, 12, 31))
        assert CALENDAR.covers == frozenset(range(2004, 2027))

    @given(st.dates(date(2004, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
    def test_counting_back_inverts_counting_forward(self, day: date, amount: int) -> None:
        end = CALENDAR.add_workdays(day, amount)
        assert CALENDAR.is_workday(end)
        assert CALENDAR.workdays_between(day, end) == amount


class TestTheFifth:
    def test_61_of_144_fifths_are_no_working_days(self) -> None:
        assert len(fifths()) == 144
        assert sum(not CALENDAR.is_workday(day) for day in fifths()) == 61

    def test_in_18_months_there_is_no_working_day_from_the_first_to_the_fifth(self) -> None:
        without = [
            str(Month.of(fifth))
            for fifth in fifths()
            if not any(CALENDAR.is_workday(fifth.replace(day=day)) for day in range(1, 6))
        ]
        assert len(without) == 18
        assert [month for month in without if not month.endswith("-10")] == [
            "2020-05",
            "2021-05",
            "2022-02",
            "2024-05",
            "2025-05",
            "2026-05",
        ]

    @pytest.mark.parametrize(
        ("month", "policy", "expected"),
        [
            (Month(2026, 9), DuePolicy.FIXED, date(2026, 10, 5)),
            (Month(2026, 9), DuePolicy.NEXT_WORKDAY, date(2026, 10, 8)),
            (Month(2026, 9), DuePolicy.PREVIOUS_WORKDAY, date(2026, 9, 30)),
            (Month(2026, 6), DuePolicy.NEXT_WORKDAY, date(2026, 7, 6)),  # 5 July 2026 is a Sunday
            (Month(2026, 6), DuePolicy.PREVIOUS_WORKDAY, date(2026, 7, 3)),
            (Month(2026, 10), DuePolicy.NEXT_WORKDAY, date(2026, 11, 5)),  # a Thursday stays
            (Month(2025, 12), DuePolicy.NEXT_WORKDAY, date(2026, 1, 5)),
        ],
    )
    def test_policies(self, month: Month, policy: DuePolicy, expected: date) -> None:
        assert due_date(month, policy=policy, calendar=CALENDAR) == expected


class TestTerms:
    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2026, 3, 31), 1, date(2026, 4, 30)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2026, 12, 15), 3, date(2027, 3, 15)),
        ],
    )
    def test_months_are_clipped_at_their_end(self, start: date, months: int, end: date) -> None:
        assert add_months(start, months) == end

    def test_units_differ(self) -> None:
        start = date(2026, 9, 28)
        assert after(start, 15, "days", CALENDAR) == date(2026, 10, 13)
        # 29, 30 Sep; 8, 9, 10 (Sat, worked), 12–16, 19–23 Oct
        assert after(start, 15, "workdays", CALENDAR) == date(2026, 10, 23)
        assert after(date(2024, 2, 29), 1, "years", CALENDAR) == date(2025, 2, 28)
        assert after(start, 25, "hours", CALENDAR) == date(2026, 9, 30)

    def test_hours_run_from_the_instant_and_days_to_the_end_of_the_day(self) -> None:
        start = datetime(2026, 3, 6, 9, 30, tzinfo=SHANGHAI)
        assert moment_after(start, 24, "hours", CALENDAR) == datetime(2026, 3, 7, 9, 30, tzinfo=SHANGHAI)
        assert moment_after(start, 5, "workdays", CALENDAR) == end_of(date(2026, 3, 13))


class TestWindow:
    RULE = DueRule(day=5, grace=1, lock=3)

    def test_ends_are_the_last_microsecond_of_the_day_in_shanghai(self) -> None:
        window = self.RULE.window(Month(2026, 9), CALENDAR)
        assert window.opens_at == datetime(2026, 10, 1, tzinfo=SHANGHAI)
        assert window.due_at.isoformat() == "2026-10-05T23:59:59.999999+08:00"
        assert window.grace_until == end_of(date(2026, 10, 8))
        assert window.locks_at == end_of(date(2026, 10, 12))  # 9, 10 (worked) and 12 October
        assert not window.is_provisional
        assert self.RULE.window(Month(2026, 12), CALENDAR).is_provisional

    def test_states_follow_each_other_at_the_microsecond(self) -> None:
        window = self.RULE.window(Month(2026, 9), CALENDAR)
        tick = timedelta(microseconds=1)
        steps = [(window.opens_at, "early", "open")]
        steps += [(window.due_at + tick, "open", "grace"), (window.grace_until + tick, "grace", "late")]
        steps += [(window.locks_at + tick, "late", "locked")]
        for instant, before, from_then in steps:
            assert (window.state(instant - tick), window.state(instant)) == (before, from_then)
        assert window.due_at + tick == start_of(date(2026, 10, 6))

    def test_days_late_are_counted_in_shanghai(self) -> None:
        window = self.RULE.window(Month(2026, 10), CALENDAR)
        assert window.days_late(window.due_at) == 0
        assert window.days_late(datetime(2026, 11, 6, 0, 0, tzinfo=SHANGHAI)) == 1
        utc = datetime.fromisoformat("2026-11-06T16:00:00+00:00")  # midnight of the 7th in Shanghai
        assert window.days_late(utc) == 2

    def test_a_due_day_moved_before_the_opening_opens_on_that_day(self) -> None:
        window = DueRule(day=5, policy=DuePolicy.PREVIOUS_WORKDAY).window(Month(2026, 9), CALENDAR)
        assert window.opens_at == start_of(date(2026, 9, 30))
        assert window.opens_at < window.due_at

    def test_windows_out_of_order_are_refused(self) -> None:
        day = start_of(date(2026, 1, 1))
        with pytest.raises(ValueError, match="次序"):
            Window(day, day, day, day - timedelta(days=1))

    def test_a_yearly_rule_names_its_month(self) -> None:
        rule = DueRule(day=31, month=1, offset=1, policy=DuePolicy.PREVIOUS_WORKDAY)
        assert rule.due_on(Month(2025, 6), CALENDAR) == date(2026, 1, 30)  # 31 January 2026 is a Saturday
        assert DueRule(day=31, month=2, offset=0).due_on(Month(2026, 6), Calendar()) == date(2026, 2, 28)

    @given(st.integers(0, 400), st.sampled_from(list(DuePolicy)), st.integers(0, 20), st.integers(0, 20))
    def test_ends_never_overtake_each_other(self, months: int, policy: DuePolicy, grace: int, lock: int) -> None:
        rule = DueRule(day=5, policy=policy, grace=grace, lock=lock, lock_unit="days")
        window = rule.window(Month(2004, 1).plus(months), CALENDAR)
        assert window.opens_at < window.due_at <= window.grace_until <= window.locks_at


def test_the_speech_is_due_on_the_fifth_whatever_day_it_is() -> None:
    rule = shipped("speech").entry("monthly_report").due
    assert rule.policy is DuePolicy.FIXED
    for month in months_between(Month(2015, 1), Month(2026, 12)):
        assert rule.due_on(month, CALENDAR) == month.next().first_day.replace(day=5)


def test_every_policy_is_named_in_chinese() -> None:
    assert {policy.label for policy in DuePolicy} == {"固定日期", "顺延到下一工作日", "提前到上一工作日"}
