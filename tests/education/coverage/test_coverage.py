"""Coverage by unit and group against a count by hand, who is missing by name, and what changed afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from tests.education.activity.test_activity import an_activity
from tests.education.quiz.test_quiz import a_bank, a_quiz, answer
from tests.education.school import Reader, text
from tests.education.session.test_session import a_session

from yuanqing.education.coverage import queries, rules
from yuanqing.education.quiz import actions as quizzes
from yuanqing.education.session import actions as sessions
from yuanqing.education.session.models import Attendance


@pytest.fixture
def film(school, clock):
    """Everybody is invited; 东主任, the cashier and 工人乙 come."""
    found = an_activity(school)
    session = a_session(school, activity=found)
    clock("2026-11-10 09:00")
    sessions.begin(session, by=school.office)
    sessions.register(session, ["N002", "N004", "N006"], by=school.office)
    return found


def test_cells_agree_with_a_count_by_hand(school, film):
    focus, below = queries.focus_of(school.office, "")
    assert (focus.code, [unit.code for unit in below]) == ("0", ["01", "02"])
    found = queries.cells(queries.of_year(school.office, 2026), focus)
    assert {key: (cell.invited, cell.attended) for key, cell in found.items()} == {
        ("", "party_group_member"): (1, 0),  # 某书记
        ("01", "mid_level_leader"): (1, 1),  # 东主任
        ("01", "key_post"): (1, 1),  # 出纳
        ("01", "other"): (2, 1),  # 工人甲, 工人乙
        ("02", "mid_level_leader"): (1, 0),  # 西主任
    }
    assert queries.together(found) == queries.Cell(6, 3)
    assert queries.together(found, below="01") == queries.Cell(4, 3)
    assert queries.together(found, group="mid_level_leader") == queries.Cell(2, 1)
    assert queries.of_year(school.office, 2025).count() == 0


def test_a_corrected_attendance_is_counted_no_more(school, film):
    """6 were to come and 3 had signed; the cashier's line was a mistake, so it is 2, and one key post is missing."""
    wrong = Attendance.objects.get(person__name="出纳")
    sessions.correct(wrong, by=school.office, reason="名单抄错一行")
    focus, _below = queries.focus_of(school.office, "")
    found = queries.cells(queries.of_year(school.office, 2026), focus)
    assert queries.together(found) == queries.Cell(6, 2)
    assert found["01", "key_post"] == queries.Cell(1, 0)
    assert "出纳" in [row.person.name for row in queries.missing(school.office, 2026)]


def test_a_leader_sees_his_own_units_only(school, film):
    focus, below = queries.focus_of(school.east, "")
    assert (focus.code, [unit.code for unit in below]) == ("01", ["0101", "0102"])
    found = queries.cells(queries.of_year(school.east, 2026), focus)
    assert queries.together(found) == queries.Cell(4, 3)
    assert queries.focus_of(school.east, "02")[0].code == "01"
    assert [row.person.name for row in queries.missing(school.east, 2026)] == ["工人甲"]


def test_the_page_and_the_missing_by_name(school, film):
    office = Reader(school.office)
    shown = text(office.get(reverse("coverage:overview")))
    assert "还差谁" in shown
    assert "3 / 4" in shown  # the table says what the picture says
    listed = text(office.get(reverse("coverage:missing")))
    assert all(name in listed for name in ("某书记", "西主任", "工人甲"))
    assert "出纳" not in listed
    leaders = text(office.get(reverse("coverage:missing"), data={"group": "mid_level_leader", "unit": "02"}))
    assert ("西主任" in leaders, "工人甲" in leaders) == (True, False)
    assert office.get(reverse("coverage:missing"), data={"format": "xlsx", "late": "yes"}).status_code == 200
    assert "工人甲" not in text(Reader(school.west).get(reverse("coverage:missing")))
    assert Reader(school.worker).get(reverse("coverage:overview")).status_code == 409
    assert "还没有通知到人" in text(office.get(reverse("coverage:overview"), data={"year": "2024"}))
    numbers = office.client.get("/api/education/coverage/?unit=01").json()
    assert {"unit": "", "group": "mid_level_leader", "invited": 1, "attended": 1} in numbers


def test_results_before_and_after_stand_beside_the_activity(school, film):
    a_bank(school)
    before, after = a_quiz(school, "before", activity=film, tries=1), a_quiz(school, activity=film)
    for quiz, right in ((before, 2), (after, 5)):
        attempt = quizzes.begin(by=school.cashier, quiz=quiz)
        answer(attempt, school.cashier, right=right)
        quizzes.hand_in(attempt, by=school.cashier)
    (found,) = queries.outcomes(school.office, 2026, date(2026, 11, 10))
    assert (found.quiz.people, found.before_points, found.after_points) == (1, "40.0", "100.0")
    assert found.recurrence == rules.Recurrence(0, 0, 0)
    assert "100.0" in text(Reader(school.office).get(reverse("coverage:overview")))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (100, rules.Recurrence(0, 0, 0)),  # the month itself
        (102, rules.Recurrence(3, 1, 2)),
        (106, rules.Recurrence(10, 1, 6)),
        (120, rules.Recurrence(10, 1, 6)),  # no more than half a year
    ],
)
def test_recurrence_by_hand(now, expected):
    counted = {(99, "B1b"): 2, (98, "B2a"): 1, (94, "B1b"): 7, (100, "B1b"): 9, (101, "B1b"): 1, (101, "D3"): 5}
    assert rules.recurrence(counted, ["B1b", "B2a"], 100, now) == expected


def test_problems_elsewhere_say_nothing_about_an_activity():
    rows = [("/0/01/", 9, "B1b", 2), ("/0/01/0101/", 9, "B1b", 1), ("/0/02/", 9, "B1b", 5), ("/0/01/", 10, "D3", 4)]
    assert rules.below(rows, "/0/01/") == {(9, "B1b"): 3, (10, "D3"): 4}
    assert rules.below(rows, "/0/")[9, "B1b"] == 8
    assert rules.below(rows, "/0/03/") == {}


@pytest.mark.parametrize(
    ("missing", "invited", "level"),
    [(0, 0, "none"), (0, 10, "0"), (1, 100, "1"), (13, 100, "2"), (25, 100, "3"), (38, 100, "4"), (100, 100, "4")],
)
def test_depth_of_a_cell(missing, invited, level):
    assert rules.depth(missing, invited) == level
