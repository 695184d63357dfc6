"""How dates, numbers and links are written."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from yuanqing.kernel.almanac import SHANGHAI, Month
from yuanqing.shell import words as written
from yuanqing.shell.templatetags import yuanqing as tags


def test_tables_and_documents_write_dates_differently():
    assert written.day(date(2026, 11, 5)) == "2026-11-05"
    assert written.long_day(date(2026, 11, 5)) == "2026年11月5日"
    assert written.day(None) == written.long_day(None) == ""


def test_an_instant_is_shown_in_the_organisations_time():
    instant = datetime(2026, 11, 4, 17, 30, tzinfo=UTC)
    assert written.moment(instant) == "2026-11-05 01:30"
    assert written.day(instant) == "2026-11-05"


@pytest.mark.parametrize(("days", "text"), [(0, "今天"), (3, "还有 3 天"), (-2, "2 天前")])
def test_relative_days(days, text):
    assert written.relative(timezone.localdate() + timedelta(days=days)) == text


@pytest.mark.parametrize(("days", "state"), [(-1, "overdue"), (0, "soon"), (3, "soon"), (4, "open")])
def test_red_is_for_overdue_and_amber_for_three_days(days, state):
    assert written.clock(timezone.localdate() + timedelta(days=days))["state"] == state


MINUTES = [  # now, due, what the deadline is called, state, what is left: by hand
    ("10:00", "2026-11-05 10:32", "2026-11-05 10:32", "soon", "还有 32 分钟"),
    ("10:00", "2026-11-05 10:00", "2026-11-05 10:00", "soon", "还有 0 分钟"),
    ("10:00", "2026-11-05 09:59", "2026-11-05 09:59", "overdue", "已逾期"),
    ("10:00", "2026-11-06 09:59", "2026-11-06 09:59", "soon", "还有 23 小时"),
    ("10:00", "2026-11-06 10:00", "2026-11-06 10:00", "soon", "还有 1 天"),
    ("10:00", "2026-11-04 23:58", "2026-11-04 23:58", "overdue", "逾期 1 天"),
    ("10:00", "2026-11-05 23:59", "2026-11-05", "soon", "今天"),  # what ends with its day is told by the day
]


@pytest.mark.parametrize(("now", "due", "called", "state", "left"), MINUTES)
def test_what_ends_within_a_day_is_told_to_the_minute(now, due, called, state, left):
    at = datetime.fromisoformat(f"2026-11-05 {now}").replace(tzinfo=SHANGHAI)
    ends = datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)
    with patch.object(timezone, "now", return_value=at):
        assert (written.deadline(ends), written.clock(ends)) == (called, {"state": state, "text": left})
        assert called in tags.markup.clock(ends)


def test_integers_are_grouped_with_thin_spaces():
    assert written.integer(1234567) == "1\u202f234\u202f567"
    assert written.integer(-1234) == "−1\u202f234"
    assert written.integer(None) == ""
    assert written.integer(0) == "0"


@pytest.mark.parametrize(
    ("basis_points", "digits", "text"),
    [
        (1234, 1, "12.3%"),
        (1235, 1, "12.4%"),
        (1234, 2, "12.34%"),
        (10_000, 0, "100%"),
        (-250, 1, "−2.5%"),
        (-4, 1, "0.0%"),
        (None, 1, ""),
    ],
)
def test_basis_points_become_percent(basis_points, digits, text):
    assert written.percent(basis_points, digits) == text


def test_changes_carry_their_sign():
    assert [written.delta(n) for n in (3, -3, 0, None)] == ["+3", "−3", "持平", ""]


def test_a_month_is_named_from_whatever_names_it():
    assert {written.month_label(m) for m in (Month(2026, 10), date(2026, 10, 9), "2026-10")} == {"2026年10月"}


def test_a_link_needs_an_address_that_is_open_to_the_reader_and_escapes_the_name():
    class Reader:
        def __init__(self, *opened):
            self.opened = opened

        def can(self, capability, unit):
            return (capability, str(unit)) in self.opened

    class Unit:
        def __str__(self):
            return "<甲>公司"

        def get_absolute_url(self):
            return "/org/unit/1/"

    def shown_to(reader):
        return tags.unit_link({"request": SimpleNamespace(user=reader)}, Unit())

    assert shown_to(Reader()) == "<甲>公司"  # the template escapes it
    assert (
        shown_to(Reader(("org.unit.view", "<甲>公司")))
        == '<a class="ref ref-unit" href="/org/unit/1/">&lt;甲&gt;公司</a>'
    )
    assert tags.person_link("某人") == "某人"
    assert tags.clause_link(None) == ""


def test_the_query_string_changes_one_thing_and_keeps_the_rest():
    request = RequestFactory().get("/?state=late&page=3&col=a&col=b")
    assert tags.query({"request": request}, page=4) == "?state=late&col=a&col=b&page=4"
    assert tags.query({"request": request}, page=None, state="") == "?col=a&col=b"


def test_english_dates_follow_english_habits():
    with translation.override("en"):
        assert "2026" in written.long_day(date(2026, 11, 5))
