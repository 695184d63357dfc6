"""Sums, lists, lines of the desk and shortcuts of education hold only what their reader may see, also without the second wall.

The group 0 has 01 in the east, with 0101 and 0102, and 02 in the west; each of them has one matter, so that whoever reaches the
east alone counts one, and the group counts two.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.education.activity.test_activity import an_activity
from tests.education.column.test_column import an_article
from tests.education.courseware.test_courseware import a_courseware
from tests.education.examination.test_examination import CODES, FOUND
from tests.education.notice.test_actions import a_notice, receipt_of
from tests.education.quiz.test_quiz import a_bank, a_quiz, answer
from tests.education.school import Reader, School, text
from tests.education.session.test_session import a_session
from tests.education.writing.test_actions import submitted
from tests.education.writing.texts import copied, honest

from yuanqing.education.column import pages as column
from yuanqing.education.column import queries as articles
from yuanqing.education.courseware import actions as coursewares
from yuanqing.education.coverage.queries import outcomes
from yuanqing.education.examination import actions as examinations
from yuanqing.education.examination import pages as examination
from yuanqing.education.induction import actions as inductions
from yuanqing.education.induction import pages as induction
from yuanqing.education.induction.models import Induction
from yuanqing.education.notice import actions as notices
from yuanqing.education.quiz import actions as quizzes
from yuanqing.education.session import actions as sessions
from yuanqing.education.session import queries as presence
from yuanqing.education.session.models import Attendance, Correction
from yuanqing.education.writing import pages as writing
from yuanqing.education.writing.models import Match
from yuanqing.education.writing.policies import may_read_other
from yuanqing.kernel.acts import SYSTEM, refusal
from yuanqing.kernel.database.scope import SYSTEM as EVERYTHING
from yuanqing.norms.obligation.actions import open_due
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.org.recusal import actions as recusals
from yuanqing.shell import middleware

KEEP = {"ground": "interest", "reason": "利害关系"}


@pytest.fixture(autouse=True)
def first_wall_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database would hide anyway does not hide that nobody asked."""
    monkeypatch.setattr(middleware, "scope_of", lambda account: EVERYTHING)


def fresh(account: Any) -> Account:
    return Account.objects.get(pk=account.pk)


def keep_out(account: Any, subject: Any) -> Account:
    recusals.declare(by=account, subject=subject, **KEEP)
    return fresh(account)


def shown_to(account: Any, name: str, pk: Any) -> Any:
    return Reader(account).get(reverse(name, args=[pk]))


# Activities, sessions, quizzes, courses: who took part


def test_those_invited_are_named_to_who_is_above_them(school):
    film = an_activity(school)
    named = lambda who: [  # noqa: E731
        name for name in ("出纳", "西主任") if name in text(shown_to(who, "activity:participations", film.pk))
    ]
    assert (named(school.office), named(school.contact)) == (["出纳", "西主任"], ["出纳"])


@pytest.fixture
def sat(school: School) -> Any:
    """The cashier in the east and the leader of the west sat both quizzes, before and after."""
    a_bank(school)
    before = a_quiz(school, "before", tries=1)
    after = a_quiz(school, activity=before.activity)
    for who, right in ((school.cashier, 5), (school.west, 4)):
        for quiz in (before, after):
            attempt = quizzes.begin(by=who, quiz=quiz)
            answer(attempt, who, right=right if quiz == after else 2)
            quizzes.hand_in(attempt, by=who)
    return after


@pytest.mark.parametrize(("who", "people", "before", "after"), [("office", 2, 4000, 9000), ("east", 1, 4000, 10000)])
def test_results_of_a_quiz_are_those_of_ones_units(school, sat, who, people, before, after):
    account = getattr(school, who)
    shown = shown_to(account, "quiz:detail", sat.pk).context
    assert (shown["summary"]["people"], shown["summary"]["passed"]) == (people, people)
    assert (shown["effect"].people, shown["effect"].before, shown["effect"].after) == (people, before, after)
    items = shown_to(account, "quiz:items", sat.pk).context["items"]
    assert sum(one.asked for _question, one in items) == 5 * people
    (found,) = outcomes(account, 2026, date(2026, 11, 20))
    assert (found.quiz.people, found.quiz.after) == (people, after)


def test_what_a_course_says_of_people_is_told_to_who_is_above_them(school):
    made = a_courseware(school)
    for who in (school.cashier, school.west):
        coursewares.open_window(made, by=who)
    listed = lambda who: [  # noqa: E731
        name for name in ("出纳", "西主任") if name in text(shown_to(who, "courseware:runs", made.pk))
    ]
    assert (listed(school.office), listed(school.east)) == (["出纳", "西主任"], ["出纳"])
    numbers = lambda who: [  # noqa: E731
        row["person"] for row in Reader(who).get(f"/api/education/courseware/{made.pk}/runs/").json()["items"]
    ]
    assert (numbers(school.office), numbers(school.east)) == (["N004", "N003"], ["N004"])


def test_attendance_is_corrected_and_corrections_read_within_reach(school, clock):
    made = a_session(school)
    clock("2026-11-10 08:50")
    sessions.begin(made, by=school.office)
    sessions.register(made, ["N003", "N004"], by=school.office)
    entered = lambda who, number: presence.attended_by(made, who, number) is not None  # noqa: E731
    assert (entered(school.office, "N003"), entered(school.office, "N004")) == (True, True)
    assert (entered(school.contact, "N003"), entered(school.contact, "N004")) == (False, True)
    for one in Attendance.objects.all():
        sessions.correct(one, by=school.office, reason="名单抄错一行")
    for account, names in ((school.office, {"出纳", "西主任"}), (school.contact, {"出纳"}), (school.worker, set())):
        rows = Correction.objects.visible_to(account)
        assert {one.attendance.person.name for one in rows} == names
        assert {one.attendance.person.name for one in presence.corrections_of(made, account)} == names


# Notices and inductions


def test_signatures_are_counted_and_named_within_reach(school):
    """Six people have it; the four of the east are the contact's."""
    notice = a_notice(school)
    notices.issue(notice, by=school.office)
    for account, people, west in ((school.office, 6, True), (school.contact, 4, False)):
        assert shown_to(account, "notice:detail", notice.pk).context["counts"]["delivered"] == people
        assert ("西主任" in text(shown_to(account, "notice:receipts", notice.pk))) is west


def test_paper_is_entered_for_people_of_the_own_units(school):
    notice = a_notice(school)
    notices.issue(notice, by=school.office)
    closed = lambda name, who: refusal("sign_on_paper", receipt_of(notice, name), by=who)  # noqa: E731
    assert closed("工人乙", school.contact) == ""
    assert "管辖" in closed("西主任", school.contact)
    assert "权限" in closed("工人乙", school.worker)


def test_nobody_is_given_to_study_what_one_does_not_see_oneself(school):
    notice = a_notice(school, [Rule(units=("02",))])
    notices.issue(notice, by=school.office)
    below = Reader(school.account("party_group_office", "01", name="office-01"))
    below.get("/")
    send = lambda pk: below.client.post(  # noqa: E731
        "/api/education/induction/",
        json.dumps({"person": "N005", "post": school.posts["出纳"].code, "notice": str(pk)}),
        content_type="application/json", headers={"X-CSRFToken": below.client.cookies["csrftoken"].value},
    )  # fmt: skip
    hidden, absent = send(notice.pk), send(school.units["0"].pk)
    assert (hidden.status_code, absent.status_code, hidden.content) == (404, 404, absent.content)
    assert not Induction.objects.exists()


# The desk counts what the lists behind it show


def waiting_for(page: Any, who: Any) -> int:
    return int(page.waiting(who)[0].count)


def test_exceptions_to_agree_to_are_those_of_ones_units(school):
    for name, worker in (("出纳", school.worker), ("西主任", school.cashier)):
        made = inductions.prepare(by=school.office, person=worker.person, post=school.posts[name])
        inductions.ask_exception(made, by=school.office, reason="岗位不能空")
    east = school.account("discipline_officer", "01", name="east-officer")
    assert (waiting_for(induction, school.secretary), waiting_for(induction, east)) == (2, 1)


def test_examinations_to_comment_on_are_those_of_ones_units(school):
    for who in (school.east, school.west):
        made = examinations.begin(by=who, year=2026)
        for code in CODES:
            examinations.answer(made, by=who, code=code, **FOUND)
        examinations.submit(made, by=who)
    above, east = school.account("superior_reviewer", "0"), school.account("superior_reviewer", "01")
    assert (waiting_for(examination, above), waiting_for(examination, east)) == (2, 1)


def test_writings_to_review_are_those_of_ones_units(school):
    for n, who in enumerate((school.east, school.west)):
        submitted(who, honest(n))
    above, east = school.account("superior_reviewer", "0"), school.account("superior_reviewer", "01")
    assert (waiting_for(writing, above), waiting_for(writing, east)) == (2, 1)


def test_articles_to_edit_are_those_of_ones_units(school):
    an_article(school)
    an_article(school, by=school.contact_of("02"), code="02", title="西部一篇")
    above, east = school.account("discipline_officer", "0"), school.account("discipline_officer", "01")
    assert (waiting_for(column, above), waiting_for(column, east)) == (2, 1)


# The column and writings


def test_what_one_keeps_out_of_is_not_counted_as_sent_in(school):
    article = an_article(school)
    an_article(school, title="第二篇")
    editor = school.account("discipline_officer", "0")
    sent = lambda who: [row["sent"] for row in articles.adoption(who, 2026)]  # noqa: E731
    assert (sent(editor), sent(keep_out(editor, article))) == ([2], [1])


def test_an_article_is_begun_for_the_unit_of_an_obligation_that_one_sees(school):
    open_due(timezone.localdate(), by=SYSTEM)
    owed = {one.unit.code: one for one in Obligation.objects.filter(kind="speech.column_contribution")}
    begun = lambda code: Reader(school.contact).get(  # noqa: E731
        reverse("column:draft"), data={"obligation": str(owed[code].pk)}
    )
    assert "东部一部" in text(begun("0101"))
    assert "西部公司" not in text(begun("02"))


def test_the_author_of_the_same_words_is_told_to_who_may_read_the_other_text(school):
    submitted(school.west, honest(10))
    submitted(school.east, copied(honest(11), honest(10), 0.3, 1))
    match = Match.objects.get()
    reads = lambda who: may_read_other(match, by=who)  # noqa: E731
    assert reads(school.account("superior_reviewer", "0"))
    assert not reads(school.account("superior_reviewer", "01"))
    assert not reads(school.east)


def test_what_one_owes_in_a_unit_that_one_keeps_out_of_is_not_begun(school):
    open_due(timezone.localdate(), by=SYSTEM)
    owed = Obligation.objects.get(kind="speech.mid_level_reflection", person=school.east.person)
    wanted = lambda who: [  # noqa: E731
        one.pk for one, _outline in Reader(who).get(reverse("writing:mine")).context["wanted"]
    ]
    begin = lambda who: Reader(who).get(reverse("writing:start"), data={"obligation": str(owed.pk)})  # noqa: E731
    assert (owed.pk in wanted(school.east), begin(school.east).status_code) == (True, 200)
    apart = keep_out(school.east, school.units["01"])
    assert owed.pk not in wanted(apart)
    assert begin(apart).url == reverse("writing:mine")  # as an obligation that does not exist
