"""Education of the demo year by activities: the conference, a warning film with a quiz before and after, self-examinations.

S03B is slow here too: fewer come, and nobody enters why. Some accounts know more after the film than before; one leader's
remedy is overdue.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.stories import LATE_THREE
from yuanqing.demo.world import ROOT, World
from yuanqing.education.activity import actions as activities
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.campaign import actions as campaigns
from yuanqing.education.examination import actions as examinations
from yuanqing.education.examination.models import Examination
from yuanqing.education.notice.models import Notice
from yuanqing.education.question import actions as questions
from yuanqing.education.question.actions import Asked
from yuanqing.education.quiz import actions as quizzes
from yuanqing.education.quiz import queries as papers
from yuanqing.education.quiz.models import Quiz
from yuanqing.education.session import actions as sessions
from yuanqing.education.session.models import Session
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.packs.published import current
from yuanqing.norms.obligation.actions import open_due
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.org.unit.models import Unit

AIM = (
    "## 目标\n\n领导干部和重点岗位人员先学、学深；全员知道哪些不能做、碰到了怎么办。\n\n"
    "## 安排\n\n- 年初开全员大会，讲话发到每个人；\n- 四月组织观看警示教育片，学前学后各测一次；\n- 六月底以前领导干部对照五个问题自查。"
)
MINUTES = (
    "## 会议内容\n\n书记作了讲话，纪检负责人通报了上年查处的三起典型问题。\n\n## 议定事项\n\n"
    "- 讲话发到每个人，十个工作日内读完签收；\n- 各单位三月底以前报年度计划。"
)
REASONS = ("absence.duty", "absence.duty", "absence.trip", "absence.sick", "absence.leave")
EVIDENCE = "上半年有一项设备更新拖了两个月才定，开会多、现场去得少，情况主要靠听汇报。"
CAUSE = "怕担责任，习惯等上级表态，对基层等不起的难处体会不深。"
REMEDY = "每周列出要定的事，三个工作日内答复；每月到现场两次，当场定能定的事。"
NOTHING = "对照了礼品登记、公务用车和业外活动申报记录，没有发现应报未报的情况。"
DONE = "已经建了台账，每周一在班子会上公布，拖着的两件都已经定了。"
FIVE = ("problem.drive", "problem.style", "problem.delivery", "problem.purpose", "problem.integrity")


class Meetings:
    """Puts activities, sessions, quizzes and self-examinations of the year on the agenda."""

    def __init__(self, world: World, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.world, self.cast, self.agenda = world, cast, agenda
        self.chance = random.Random(seed + 7)  # noqa: S311 a made-up world, no secret
        self.office = cast.by_name["office"]
        self.root = Unit.objects.get(code=ROOT)

    def plan(self, conference: date, film: date, examined: date) -> None:
        self.agenda.put(moment(conference - timedelta(days=4), 9), lambda: self._campaign(conference, film))
        self.agenda.put(moment(examined, 9), lambda: self._examinations(examined))

    def _campaign(self, conference: date, film: date) -> None:
        open_due(timezone.localdate(), by=SYSTEM)  # as the server does daily: what is owed in the year
        plan: Any = campaigns.draft(by=self.office, unit=self.root, year=conference.year, title="警示教育计划", aim=AIM)
        campaigns.publish(plan, by=self.office)
        whole = self.activity(
            plan, "activity.conference", "新年度党风廉政建设大会", conference, 10, [Rule()], "A1、B1b"
        )
        leaders = [
            Rule(ranks=("party_group_member", "leading_official", "mid_level_leader")),
            Rule(key_posts_only=True),
        ]
        shown = self.activity(plan, "activity.film", "警示教育片《越线》", film, 20, leaders, "B1b、B2a", is_open=False)
        self._meet(whole, conference, "一楼礼堂", 0.96, MINUTES)
        self.agenda.put(moment(conference, 10), lambda: self._hand_out(whole))
        self.agenda.put(moment(film - timedelta(days=7), 9), lambda: self._show(shown, film))

    def activity(
        self, plan: Any, kind: str, title: str, day: date, days: int, audience: list[Rule], clauses: str, is_open: bool = True
    ) -> Activity:  # fmt: skip
        words: dict[str, Any] = {"begins_on": day, "due_on": day + timedelta(days=days), "clauses": clauses}
        made: Activity = activities.plan(by=self.office, campaign=plan, kind=kind, title=title, **words)
        activities.address(made, by=self.office, audience=audience)
        if is_open:
            activities.announce(made, by=self.office)
        over = moment(day + timedelta(days=days + 5), 17)
        self.agenda.put(over, lambda: activities.end(made, by=self.office) and None)
        return made

    def _hand_out(self, whole: Activity) -> None:
        notice = Notice.objects.filter(kind="notice.speech", state="issued").order_by("-issued_at").first()
        if notice is not None:
            activities.hand_out(whole, by=self.office, notice=notice)

    # A session with those who come and those who are away

    def _meet(self, activity: Activity, day: date, place: str, share: float, minutes: str) -> None:
        begins = moment(day, 14)
        hours = {"begins_at": begins, "ends_at": begins + timedelta(hours=2)}
        held: Session = sessions.schedule(
            by=self.office, activity=activity, unit=self.root, place=place, host="党组书记", **hours
        )
        self.agenda.put(begins - timedelta(minutes=20), lambda: sessions.begin(held, by=self.office) and None)
        self.agenda.put(begins + timedelta(minutes=15), lambda: self._enter(held, share))
        self.agenda.put(begins + timedelta(hours=2), lambda: sessions.close(held, by=self.office) and None)
        self.agenda.put(
            begins + timedelta(hours=26), lambda: sessions.minute(held, by=self.office, minutes=minutes) and None
        )

    def _enter(self, held: Session, share: float) -> None:
        """Who signed the sheet; of the others most have a reason, but for the unit that is slow with everything."""
        rows = Participation.objects.filter(activity=held.activity_id).order_by("person__number")
        there, away = list[str](), dict[str, list[str]]()
        for number, code in rows.values_list("person__number", "unit__code"):
            comes = self.chance.random() < (share - 0.35 if code == LATE_THREE else share)
            if comes:
                there.append(number)
            elif code != LATE_THREE and self.chance.random() < 0.7:
                away.setdefault(self.chance.choice(REASONS), []).append(number)
        sessions.register(held, there, by=self.office)
        for reason, numbers in sorted(away.items()):
            sessions.excuse(held, numbers, by=self.office, reason=reason)

    # The film, with a quiz before and after

    def _show(self, shown: Activity, film: date) -> None:
        activities.announce(shown, by=self.office)
        for entry in current("education").table("induction_question"):
            options = [entry.values[letter] for letter in "abc" if letter in entry.values]
            right = "abc".index(entry.values["right"]) + 1
            asked = Asked("single", entry.title, options, [right], "B1b")
            questions.activate(questions.write(by=self.office, unit=self.root, asked=asked), by=self.office)
        terms = {"length": 6, "pass_mark": 80, "tries": 3, "minutes": 20}
        for stage, title in (("before", "看片以前测一测"), ("after", "看片以后测一测")):
            quiz: Quiz = quizzes.prepare(by=self.office, activity=shown, stage=stage, title=title, **terms)
            quizzes.offer(quiz, by=self.office)
            self._sit(quiz, film - timedelta(days=3) if stage == "before" else film + timedelta(days=2), stage)
        self._meet(shown, film, "二楼放映厅", 0.88, "看完后各单位分组讨论，每人谈一件自己身边的事。")

    def _sit(self, quiz: Quiz, day: date, stage: str) -> None:
        """Accounts that are invited answer; afterwards they know more."""
        invited = Participation.objects.filter(activity=quiz.activity_id).values("person")
        knows = 0.62 if stage == "before" else 0.9
        for account in Account.objects.filter(person__in=invited, is_active=True).order_by("username"):
            if self.chance.random() < 0.85:
                when = moment(day, self.chance.randint(9, 19), self.chance.randint(0, 59))
                self.agenda.put(when, self._answer(quiz, account, knows + self.chance.uniform(-0.15, 0.1)))

    def _answer(self, quiz: Quiz, account: Account, knows: float) -> Callable[[], None]:
        def sit() -> None:
            paper: Any = quizzes.begin(by=account, quiz=quiz)
            for line in papers.lines(paper):
                order = paper.questions[line.position][1]
                right = order.index(line.question.answer[0]) + 1
                shown = right if self.chance.random() < knows else right % len(order) + 1
                quizzes.save(paper, by=account, position=line.position, shown=[shown])
            quizzes.hand_in(paper, by=account)

        return sit

    # Self-examinations

    def _examinations(self, day: date) -> None:
        leaders = [account for _code, account in sorted(self.cast.leader.items())]
        for account in leaders:
            if self.chance.random() < 0.85:
                when = moment(day + timedelta(days=self.chance.randint(0, 20)), self.chance.randint(9, 18))
                self.agenda.put(when, self._examine(account, when))

    def _examine(self, account: Account, when: datetime) -> Callable[[], None]:
        found = set(self.chance.sample(FIVE[:4], self.chance.randint(1, 2)))

        def submit() -> None:
            made: Examination = examinations.begin(by=account, year=when.year)
            due = when.date() + timedelta(days=90)
            for code in FIVE:
                words: dict[str, Any] = {"is_found": False, "evidence": NOTHING}
                if code in found:
                    words = {"is_found": True, "evidence": EVIDENCE, "cause": CAUSE, "remedy": REMEDY, "due_on": due}
                examinations.answer(made, by=account, code=code, **words)
            examinations.submit(made, by=account)
            self.agenda.put(when + timedelta(days=6), lambda: self._comment(made, account, found, when))

        return submit

    def _comment(self, made: Examination, account: Account, found: set[str], when: datetime) -> None:
        secretary = self.cast.by_name["secretary"]
        if made.person_id == secretary.person_id:
            return
        opinion = "查得实，举了具体的事。整改要盯住期限，到期我来看。"
        examinations.comment(made, by=secretary, opinion=opinion)
        if self.chance.random() < 0.75:
            self.agenda.put(when + timedelta(days=70), lambda: self._remedy(made, account, found))

    def _remedy(self, made: Examination, account: Account, found: set[str]) -> None:
        for code in sorted(found):
            examinations.report(made, by=account, code=code, text=DONE)
            examinations.confirm(made, by=self.cast.by_name["secretary"], code=code)
