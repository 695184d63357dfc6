"""An online course of the demo year: a film watched by those with an account, shown to the others, and a quiz after it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, at, moment
from yuanqing.demo.film import film
from yuanqing.demo.meetings import Meetings
from yuanqing.demo.stories import LATE_THREE
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.lesson import actions as lessons
from yuanqing.education.lesson.models import Lesson
from yuanqing.education.session import actions as sessions
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.shell.file.actions import add, take_in

SECONDS = 10  # of a card
CARDS = (
    ("越线", "一张卡、一顿饭、一辆车，怎样连成一条线。"),
    ("第一幕  一张卡", "桌上多了一张购物卡。他想：才五百块。"),
    ("第二幕  一顿饭", "卡的主人请吃饭。他想：人家给过面子。"),
    ("第三幕  一辆车", "车送到楼下，说是借用。他想：都是朋友。"),
    ("第四幕  一个签字", "朋友拿来一张单子。他签了。"),
    ("这条线上，今天有没有你的名字", "退回去，讲清楚，就还在线的这一边。"),
)


class Courses:
    """Puts the course for holders of key posts on the agenda."""

    def __init__(self, meetings: Meetings, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.meetings, self.cast, self.agenda = meetings, cast, agenda
        self.office = cast.by_name["office"]
        self.chance = random.Random(seed + 19)  # noqa: S311 a made-up world, no secret

    def plan(self, begins: date) -> None:
        self.agenda.put(moment(begins, 8), lambda: self._open(begins))

    def _open(self, begins: date) -> None:
        plan = Campaign.objects.get(unit=self.meetings.root, year=begins.year)
        words = ("activity.course", "重点岗位廉洁风险课", begins, 40, [Rule(key_posts_only=True)], "B1b、D6")
        course: Activity = self.meetings.activity(plan, *words)
        lesson: Lesson = lessons.add(by=self.office, activity=course, title="越线")
        taken = take_in([film(CARDS, SECONDS)], name="越线.mp4", purpose="lesson.video")
        add(taken, by=self.office, about=lesson.pk, unit=lesson.unit)
        lessons.publish(lesson, by=self.office)
        invited = Participation.objects.filter(activity=course)
        for account in Account.objects.filter(person__in=invited.values("person"), is_active=True).order_by("username"):
            if self.chance.random() < 0.85:
                when = moment(begins + timedelta(days=self.chance.randint(1, 30)), self.chance.randint(9, 20))
                self.agenda.put(when, self._watch(lesson, account))
        day = begins + timedelta(days=20)
        self.agenda.put(moment(day, 9), lambda: self._together(course, day))

    def _watch(self, lesson: Lesson, account: Account) -> Callable[[], None]:
        """To the end, or half of it; some leap ahead, which counts for nothing."""
        whole = len(CARDS) * SECONDS
        fate = self.chance.random()

        def watch() -> None:
            told: Any = lessons.open_window(lesson, by=account)
            if fate > 0.85:  # leaps to the end, and back
                told = self._report(told, account, whole, 6)
                told = self._report(told, account, 0, 7)
            self._report(told, account, whole if fate < 0.92 else 35, 8 + whole)

        return watch

    def _report(self, told: Any, account: Account, position: float, after: int) -> Any:
        """So many seconds after the window was opened, on the demo's clock."""
        with at(timezone.now() + timedelta(seconds=after)):
            return lessons.report(told.ticket, by=account, position=position)

    def _together(self, course: Activity, day: date) -> None:
        """Those without an account watch it together in their units, and sign a sheet."""
        begins = moment(day, 15)
        hours = {"begins_at": begins, "ends_at": begins + timedelta(hours=1)}
        held = sessions.schedule(
            by=self.office, activity=course, unit=self.meetings.root, place="各单位会议室", **hours
        )
        rows = Participation.objects.filter(activity=course, person__account=None).order_by("person__number")
        there = [
            number
            for number, code in rows.values_list("person__number", "unit__code")
            if self.chance.random() < (0.4 if code == LATE_THREE else 0.86)
        ]
        self.agenda.put(begins, lambda: sessions.begin(held, by=self.office) and None)
        self.agenda.put(begins + timedelta(hours=1), lambda: sessions.register(held, there, by=self.office) and None)
        self.agenda.put(begins + timedelta(hours=2), lambda: sessions.close(held, by=self.office) and None)
        note = "集中观看后各单位讨论了本岗位最容易越线的一件事。"
        self.agenda.put(
            begins + timedelta(hours=25), lambda: sessions.minute(held, by=self.office, minutes=note) and None
        )
        if there:
            wrong = there[len(there) // 2]
            self.agenda.put(begins + timedelta(days=3), lambda: self._was_not_there(held, wrong))

    def _was_not_there(self, held: Any, number: str) -> None:
        found = held.attendances.get(person__number=number)
        sessions.correct(found, by=SYSTEM, reason="核对签字，这一行签的是同名的另一位同志。")
