"""Education of the demo year: the speech acknowledged by everybody, and a notice of rules that some units are slow with."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.stories import LATE_THREE
from yuanqing.demo.world import ROOT, World
from yuanqing.education.notice import actions
from yuanqing.education.notice.models import Notice, Receipt
from yuanqing.education.notice.queries import pages_of
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.org.unit.models import Unit

SPEECH = (
    "新年度党风廉政建设大会讲话",
    "同志们：\n\n今天的大会，是新年度第一个全员参加的大会，只有一个主题，就是把党风廉政建设摆到各项工作的前面。"
    "过去一年，多数单位做得扎实，也有的单位制度订得好、落实打折扣。今年的目标是坚守廉洁、确保纯洁。\n\n"
    "## 一、教育要入脑入心\n\n领导干部和重点岗位人员先学一步、学深一层。上任以前先上廉洁课，看过的片子要写出自己的话，不许抄。\n\n"
    "## 二、规定要严肃执行\n\n各单位把规定细化到自己的岗位上，一月一考评、一月一通报，每月五日以前把上月情况报上来。\n\n"
    "## 三、监督要贯穿全程\n\n重点岗位、重点人员、重点环节都要列出来，该轮岗的轮岗，该申报的申报。\n\n"
    "## 四、查处要保持力度\n\n线索不能丢，大事不能化小，处理人是为了教育人、挽救人。\n\n"
    "## 五、责任要落到人头\n\n担子大家挑，人人有目标；做得不好的，先把原因查明，再把处理做到位。",
)  # fmt: skip
RULES = (
    "节日期间收送礼品礼金的规定",
    "中秋、国庆将至，现将有关规定再次告知如下。\n\n## 不能收\n\n- 业务往来单位和个人的礼品、礼金、购物卡、电子红包；\n"
    "- 以家人名义代收的，视同本人收受。\n\n## 收到了怎么办\n\n当面退不掉的，在单位登记上交；电子红包原路退回并留记录。\n\n"
    "## 不能送\n\n不得用公款购买、寄送节日礼品；不得以慰问、调研名义变相赠送。\n\n## 举报\n\n发现问题，可以向纪检部门反映，也可以匿名举报。",
)  # fmt: skip


class Lessons:
    """Puts the education of the year on the agenda."""

    def __init__(self, world: World, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.cast, self.agenda, self.chance = cast, agenda, random.Random(seed)  # noqa: S311 a made-up world, no secret
        self.world = world
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.contacts = {
            account.username.removeprefix("contact-").upper(): account
            for account in Account.objects.filter(username__startswith="contact")
        }
        self.contacts["S03B"] = cast.by_name["contact"]
        self.readers = list(Account.objects.filter(person__isnull=False, is_active=True).order_by("username"))

    def plan(self, conference: date, holidays: date) -> None:
        self._notice(conference, "notice.speech", *SPEECH, share=0.99)
        self._notice(holidays, "notice.rules", *RULES, share=0.93)

    def _notice(self, day: date, kind: str, title: str, body: str, share: float) -> None:
        self.agenda.put(moment(day, 9), lambda: self._issue(day, kind, title, body, share))

    def _issue(self, day: date, kind: str, title: str, body: str, share: float) -> None:
        office = self.cast.by_name["office"]
        notice: Notice = actions.draft(by=office, unit=self.units[ROOT], kind=kind, title=title)
        question, options = "收到业务往来单位的购物卡，当面退不掉，怎么办？", ["自己留着", "登记上交", "转送同事"]
        if kind == "notice.rules":
            actions.edit(notice, by=office, kind=kind, title=title, question=question, options=options, answer=2)
        actions.write(notice, by=office, language="zh-hans", body=body)
        actions.address(notice, by=office, audience=[Rule()])
        actions.issue(notice, by=office)
        for code, contact in sorted(self.contacts.items()):
            late = 14 if code == LATE_THREE else 0
            when = moment(day + timedelta(days=self.chance.randint(2, 9) + late), self.chance.randint(9, 16))
            part = self.chance.uniform(2 * share - 1, 1.0)
            self.agenda.put(when, self._on_paper(notice, code, contact, part))
        for account in self.readers:
            if self.chance.random() < share:
                when = moment(
                    day + timedelta(days=self.chance.randint(0, 12)),
                    self.chance.randint(9, 20),
                    self.chance.randint(0, 59),
                )
                self._read(notice, account, when)

    def _on_paper(self, notice: Notice, code: str, contact: Account, part: float) -> Callable[[], None]:
        def sign() -> None:
            rows = Receipt.objects.filter(notice=notice, unit__code=code, state="delivered", person__account=None)
            numbers = list(rows.order_by("person__number").values_list("person__number", flat=True))
            chosen = self.chance.sample(numbers, int(len(numbers) * part))
            if chosen:
                actions.sign_on_paper(notice, chosen, by=contact, reason="集中学习，签名表存本单位")

        return sign

    def _read(self, notice: Notice, account: Account, when: datetime) -> None:
        """Opened, read to the end some minutes later, answered (sometimes at the second try) and signed."""

        def begin() -> None:
            receipt = Receipt.objects.filter(notice=notice, person__account=account, state="delivered").first()
            if receipt is not None:
                actions.begin(receipt, by=account, language="zh-hans")

        def finish() -> None:
            receipt = Receipt.objects.filter(notice=notice, person__account=account, state="reading").first()
            if receipt is None or receipt.text is None:
                return
            for page in range(1, len(pages_of(receipt.text))):
                actions.turn(receipt, by=account, page=page)
            if notice.question and self.chance.random() < 0.15:
                actions.answer(receipt, by=account, choice=1)
            if notice.question:
                actions.answer(receipt, by=account, choice=notice.answer)
            actions.sign(receipt, by=account)

        self.agenda.put(when, begin)
        self.agenda.put(when + timedelta(minutes=self.chance.randint(4, 15)), finish)
