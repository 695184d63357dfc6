"""The world's records of teaching: plans, activities with their sessions, lessons, quizzes and certificates, self-examinations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from tests.access.marks import PLACES, secret
from tests.education.courseware.package import package
from tests.education.lesson.test_lesson import an_mp4

from yuanqing.education.activity import actions as activities
from yuanqing.education.activity.models import Activity
from yuanqing.education.campaign import actions as campaigns
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.courseware import actions as coursewares
from yuanqing.education.courseware.models import Courseware
from yuanqing.education.examination import actions as examinations
from yuanqing.education.examination.models import Examination
from yuanqing.education.lesson import actions as lessons
from yuanqing.education.lesson.models import Lesson
from yuanqing.education.question import actions as questions
from yuanqing.education.question.actions import Asked
from yuanqing.education.question.models import Question
from yuanqing.education.quiz import actions as quizzes
from yuanqing.education.quiz.models import Attempt, Quiz
from yuanqing.education.session import actions as sessions
from yuanqing.education.session import queries as doors
from yuanqing.education.session.models import Attendance, Session
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.org.unit.models import Unit
from yuanqing.shell.file import actions as files

TODAY, DUE = date(2026, 11, 3), date(2026, 11, 20)
FIRST = "problem.drive"
FIVE = (FIRST, "problem.style", "problem.delivery", "problem.purpose", "problem.integrity")
TOLD = "三月的设备招标拖了两个月才开，主要是怕得罪人，不敢拍板。"
FOUND: dict[str, Any] = {"is_found": True, "evidence": TOLD, "cause": TOLD, "remedy": TOLD, "due_on": date(2026, 12, 1)}
NONE: dict[str, Any] = {"is_found": False, "evidence": TOLD}
EXAMINED = ("staff", "unit_leader", "superior_reviewer", "secretary", "discipline_officer")


@dataclass
class Courses:
    """relation → kind → key, as in the world."""

    at: dict[str, dict[str, Any]]
    mine: dict[str, dict[str, Any]]
    shared: dict[str, Any]
    actors: dict[str, Account]

    def build(self) -> None:
        for relation, code in PLACES.items():
            at, unit = self.at[relation], Unit.objects.get(code=code)
            at |= _examined(Account.objects.get(pk=at["account"]))
            self._plans(at, unit)
            self._sessions(at, unit)
            self._quizzes(at, unit)
            self._lessons(at, unit)
            self._coursewares(at, unit)
        self._for_the_actors()

    # Of each place, for its own person alone

    def _plans(self, at: dict[str, Any], unit: Unit) -> None:
        mark = secret(unit.code)
        draft = campaigns.draft(by=SYSTEM, unit=unit, year=2027, title=f"{mark}来年计划", aim=mark)
        plan = Campaign.objects.get(unit=unit, year=2026)
        given = [Rule(posts=(f"POST-{unit.code}",))]
        planned = _planned(plan, f"{mark}准备", given)
        announced = _planned(plan, f"{mark}课", given)
        activities.announce(announced, by=SYSTEM)
        at |= {
            "campaign": plan.pk,
            "campaign.draft": draft.pk,
            "activity": announced.pk,
            "activity.planned": planned.pk,
        }

    def _sessions(self, at: dict[str, Any], unit: Unit) -> None:
        activity = Activity.objects.get(pk=at["activity"])
        at["session"] = _scheduled(activity, unit, f"{secret(unit.code)}会议室").pk
        opened = _scheduled(activity, unit, f"{secret(unit.code)}礼堂")
        sessions.begin(opened, by=SYSTEM)
        held = _scheduled(activity, unit, f"{secret(unit.code)}讲堂")
        sessions.begin(held, by=SYSTEM)
        sessions.close(held, by=SYSTEM)
        if unit.code == PLACES["own"]:
            sessions.register(held, [at["person.number"]], by=SYSTEM)
            wrong = Attendance.objects.select_related("session", "unit").get(session=held)
            sessions.correct(wrong, by=SYSTEM, reason=f"{secret(unit.code)}没有来，名单抄错一行")
        at |= {"session.open": opened.pk, "session.open.number": at["person.number"]}

    def _quizzes(self, at: dict[str, Any], unit: Unit) -> None:
        activity, account = Activity.objects.get(pk=at["activity"]), Account.objects.get(pk=at["account"])
        mark = secret(unit.code)
        asked = Asked("single", f"{mark}题", ["能", "不能"], [2], "B1b")
        drafted = questions.write(by=SYSTEM, unit=unit, asked=asked)
        at["quiz.draft"] = _quiz(activity, "before", f"{mark}学前", 80).pk
        opened = _quiz(activity, "after", f"{mark}学后", 0)
        quizzes.offer(opened, by=SYSTEM)
        attempt = _marked(account, opened)
        at |= {
            "question": Question.objects.get(unit=unit, state="active").pk, "question.draft": drafted.pk, "quiz": opened.pk,
            "attempt": attempt.pk, "certificate": attempt.certificate.pk,
            "attempt.sitting": Attempt.objects.get(person=account.person_id, state="sitting").pk,
        }  # fmt: skip

    def _lessons(self, at: dict[str, Any], unit: Unit) -> None:
        activity, account = Activity.objects.get(pk=at["activity"]), Account.objects.get(pk=at["account"])
        published = _filmed(activity, f"{secret(unit.code)}片")
        lessons.publish(published, by=SYSTEM)
        lessons.open_window(published, by=account)
        at |= {"lesson": published.pk, "lesson.draft": _filmed(activity, f"{secret(unit.code)}样片").pk}

    def _coursewares(self, at: dict[str, Any], unit: Unit) -> None:
        activity, account = Activity.objects.get(pk=at["activity"]), Account.objects.get(pk=at["account"])
        published = _packaged(activity, f"{secret(unit.code)}课件")
        coursewares.publish(published, by=SYSTEM)
        coursewares.open_window(published, by=account)
        at |= {
            "courseware": published.pk, "run": published.runs.get().pk,
            "courseware.draft": _packaged(activity, f"{secret(unit.code)}草稿").pk,
        }  # fmt: skip

    # Held by the unit above, for everybody at the actors' unit

    def _for_the_actors(self) -> None:
        unit, plan = Unit.objects.get(code="0"), Campaign.objects.get(unit__code="0", year=2026)
        course, other = (_planned(plan, title, [Rule(units=("01", "02"))]) for title in ("共同课", "另一课"))
        activities.announce(course, by=SYSTEM)
        activities.announce(other, by=SYSTEM)
        coming, opened = _scheduled(course, unit, "一楼"), _scheduled(course, unit, "二楼")
        sessions.begin(opened, by=SYSTEM)
        self._not_for_them(course)
        lesson = _filmed(course, "共同片")
        lessons.publish(lesson, by=SYSTEM)
        courseware = _packaged(course, "共同课件")
        coursewares.publish(courseware, by=SYSTEM)
        asked = Asked("single", "礼品能不能收", ["能", "不能"], [2], "B1a")
        questions.activate(questions.write(by=SYSTEM, unit=unit, asked=asked), by=SYSTEM)
        terms = (course, "before", "学前", 80), (course, "after", "学后", 80), (other, "after", "结业", 0)
        offered = [_quiz(*words, clauses="B1a") for words in terms]
        for quiz in offered:
            quizzes.offer(quiz, by=SYSTEM)
        self._others_there(offered[0], lesson, opened)
        self.shared["session.code"] = doors.code_now(opened)
        for name, actor in self.actors.items():
            account = Account.objects.get(pk=actor.pk)
            if account.is_active:
                self.mine[name] |= {
                    "activity": course.pk, "session": coming.pk, "session.open": opened.pk, "lesson": lesson.pk,
                    "courseware": courseware.pk, "quiz": offered[0].pk, **_sat(account, *offered[1:]), **_own_examinations(name, account),
                }  # fmt: skip

    def _others_there(self, quiz: Quiz, lesson: Lesson, session: Session) -> None:
        """Somebody of the unit beside sits, watches and comes as well, which is nothing for the actors to read."""
        beside = self.at["sibling"]
        account = Account.objects.get(pk=beside["account"])
        beside["attempt.common"] = _marked(account, quiz).pk
        lessons.open_window(lesson, by=account)
        sessions.register(session, [beside["person.number"]], by=SYSTEM)

    def _not_for_them(self, course: Activity) -> None:
        """What hangs on the same activity and is the business of others alone."""
        _scheduled(course, Unit.objects.get(code="02"), f"{secret('02')}会议室")
        _filmed(course, f"{secret('0')}样片")


def _planned(plan: Campaign, title: str, audience: list[Rule]) -> Activity:
    words = {"kind": "activity.course", "title": title, "begins_on": TODAY, "due_on": DUE, "clauses": "B1b"}
    made: Activity = activities.plan(by=SYSTEM, campaign=plan, **words)
    activities.address(made, by=SYSTEM, audience=audience)
    return made


def _scheduled(activity: Activity, unit: Unit, place: str) -> Session:
    begins = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
    hours: dict[str, Any] = {"begins_at": begins, "ends_at": begins + timedelta(hours=3)}
    made: Session = sessions.schedule(by=SYSTEM, activity=activity, unit=unit, place=place, **hours)
    return made


def _quiz(activity: Activity, stage: str, title: str, pass_mark: int, clauses: str = "") -> Quiz:
    terms = {"length": 1, "pass_mark": pass_mark, "tries": 3, "minutes": 300, "clauses": clauses}
    made: Quiz = quizzes.prepare(by=SYSTEM, activity=activity, stage=stage, title=title, **terms)
    return made


def _filmed(activity: Activity, title: str) -> Lesson:
    made: Lesson = lessons.add(by=SYSTEM, activity=activity, title=title)
    film = files.take_in([an_mp4(600)], name="film.mp4", purpose="lesson.video")
    files.add(film, by=SYSTEM, about=made.pk, unit=made.unit)
    return made


def _packaged(activity: Activity, title: str) -> Courseware:
    made: Courseware = coursewares.add(by=SYSTEM, activity=activity, title=title)
    taken = files.take_in([package()], name="course.zip", purpose="courseware.package")
    files.add(taken, by=SYSTEM, about=made.pk, unit=made.unit)
    return made


def _marked(account: Account, quiz: Quiz) -> Attempt:
    """Handed in without an answer; from no points on it is passed."""
    attempt: Attempt = quizzes.begin(by=account, quiz=quiz)
    quizzes.hand_in(attempt, by=account)
    return attempt


def _sat(account: Account, under_way: Quiz, passed: Quiz) -> dict[str, Any]:
    attempt = _marked(account, passed)
    sitting = quizzes.begin(by=account, quiz=under_way)
    return {"attempt": attempt.pk, "attempt.sitting": sitting.pk, "certificate": attempt.certificate.pk}


def _answered(account: Account, year: int, **first: Any) -> Examination:
    made = Examination.objects.filter(person=account.person_id, year=year).first()
    made = made or examinations.begin(by=account, year=year)
    for code in FIVE:
        examinations.answer(made, by=account, code=code, **(first if first and code == FIRST else NONE))
    return made


def _examined(account: Account) -> dict[str, Any]:
    """One that waits for the superior, one of the year before whose remedy was reported, and one that nobody else may read."""
    waiting = _answered(account, timezone.localdate().year, **FOUND)
    examinations.submit(waiting, by=account)
    reported = _remedying(account, is_reported=True)
    return {
        "examination": waiting.pk, "examination.reported": reported.pk, "examination.remedying": reported.pk,
        "examination.draft": _answered(account, 2024, **FOUND).pk,
    }  # fmt: skip


def _remedying(account: Account, *, is_reported: bool) -> Examination:
    made = _answered(account, 2025, **FOUND)
    examinations.submit(made, by=account)
    examinations.comment(made, by=SYSTEM, opinion="认可，按期改，月底再看一次。")
    if is_reported:
        examinations.report(made, by=account, code=FIRST, text=TOLD)
    return made


def _own_examinations(name: str, account: Account) -> dict[str, Any]:
    """Of those whose rights tell something: on what is his own a superior is no superior."""
    if name not in EXAMINED:
        return {}
    waiting = _answered(account, 2024, **FOUND)
    examinations.submit(waiting, by=account)
    return {
        "examination.draft": _answered(account, 2026, **FOUND).pk, "examination": waiting.pk,
        "examination.remedying": _remedying(account, is_reported=False).pk,
    }  # fmt: skip
