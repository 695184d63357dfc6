"""What leaders write in the demo year: summary reports and reflections, reviewed, sent back, compared with each other.

Three reflections borrow from a colleague's: the questions about it are to be found. One unit (S03B) has not begun.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.stories import LATE_THREE
from yuanqing.demo.world import ROOT
from yuanqing.education.writing import actions, queries
from yuanqing.education.writing.models import Match, Version, Writing
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person

WHEN = ("三月里", "片子看到一半时", "上半年盘点那周", "去年大修期间", "节前结账时", "雨季抢险回来", "验收前一天", "新系统上线那几天", "夜里查岗时", "班子会散了以后", "审计进点以后", "休假回来第一天", "年底冲任务时", "招标挂网那天")  # fmt: skip
WHO = ("采购组", "项目办", "车队", "食堂", "仓库", "合同岗", "资金岗", "工程队", "化验室", "服务窗口", "值班室", "档案室", "班组长们", "两名新来的同志", "退下来的老师傅", "施工方的代表")  # fmt: skip
MATTER = ("核对领料单", "变更签证", "安排接待", "报销差旅", "挑选供应商", "登记礼品", "分配奖金", "验收设备", "借用车辆", "调整排班", "补签合同", "处理废旧物资", "拆分标段", "填报台账", "回访客户", "清退借款")  # fmt: skip
WRONG = ("图快少走了一道手续", "碍着面子没有当面问清", "凭老习惯先办后补", "把两家报价当成了三家", "听了招呼没有留记录", "怕麻烦没有到现场", "想着下不为例", "把会议当成了落实", "嫌数目小没有登记", "把责任推给了分管的人")  # fmt: skip
AFTER = ("我心里一直不踏实", "后来补了手续也说明了情况", "第二天在会上作了检讨", "当晚就请纪检的同志一起看了", "账上那笔钱退了回去", "从此改成两个人一起办", "我把它写进了本子", "这件事我在班子里讲了三次", "现在由另一个科复核", "至今没有再出过岔子")  # fmt: skip
PATTERNS = (
    "{when}，{who}{matter}{n}次，里面{m}处{wrong}，隔了{k}天{after}。",
    "我分管的{who}有{n}个人{matter}，{when}查出{m}处是{wrong}，过了{k}天{after}。",
    "片子里那个人也是从{matter}开始的，第{n}分钟我想起{when}，{who}{m}个人里有{k}个{wrong}，{after}。",
    "说到{matter}，{when}{who}找过我{n}回，第{m}回我{wrong}，到{k}号{after}。",
    "{n}月底以前，{who}{m}笔{matter}一件一件过，有{k}件是{wrong}，{when}的也算，{after}。",
)
BETTER = "第二部分写得空，请举一件自己经手的事，写清时间、经过和当时怎么想的。"
GOOD = (
    "写得实，能看出是自己的事。",
    "第三部分的做法能检查，年底对照。",
    "敢讲自己的问题，好。",
    "建议在班子会上讲一讲。",
)
SAID = "这几句是和同事一起讨论时记下的，我用了他的说法，已在文中改写并注明。"


class Essays:
    """Puts the year's writings on the agenda."""

    def __init__(self, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.cast, self.agenda = cast, agenda
        self.chance = random.Random(seed + 11)  # noqa: S311 a made-up world, no secret
        self.told: list[list[str]] = []

    def plan(self, begins: date, until: date) -> None:
        days = (until - begins).days
        for code, leader in sorted(self.cast.leader.items()):
            if code != LATE_THREE and self.chance.random() < 0.6:
                self._put("writing.reflection", leader, self._reviewer(code), begins, days)
        for name in ("secretary", *(f"member-{n}" for n in range(2, 8))):
            if self.chance.random() < 0.8:
                who = "reviewer-yq" if name == "secretary" else "secretary"
                self._put("writing.summary", self.cast.by_name[name], self._account(who), begins, days)

    def _account(self, username: str) -> Account:
        return self.cast.by_name.get(username) or Account.objects.get(username=username)

    def _reviewer(self, code: str) -> Account:
        """Of the company for a site of it, of the group for everybody else."""
        return self.cast.reviewer.get(code[:3] if len(code) == 4 else ROOT) or self.cast.reviewer[ROOT]

    def _put(self, kind: str, author: Account, reviewer: Account, begins: date, days: int) -> None:
        when = moment(begins + timedelta(days=self.chance.randint(0, days)), self.chance.randint(9, 20))
        self.agenda.put(when, self._write(kind, author, reviewer, when))

    def _write(self, kind: str, author: Account, reviewer: Account, when: datetime) -> Callable[[], None]:
        def write() -> None:
            person = Person.objects.select_related("unit").get(account=author)
            made: Writing = actions.start(by=author, kind=kind, year=when.year, person=person, unit=person.unit)
            fate = self.chance.random()
            if fate < 0.08:  # begun, and left
                return
            actions.save_draft(made, by=author, title=made.title, body=self._body(kind))
            actions.submit(made, by=author)
            if fate < 0.9:
                self.agenda.put(when + timedelta(days=5), self._review(made, author, reviewer, when, fate < 0.3))

        return write

    def _body(self, kind: str) -> str:
        parts = []
        for heading, _hint, least in queries.outlines()[kind].parts:
            own: list[str] = []
            while sum(map(len, own)) < 1.8 * max(least, 250):
                own.append(self._sentence())
            parts.append((heading, own))
        if kind == "writing.reflection" and len(self.told) in (11, 18, 26):  # somebody else's words in the middle
            parts[1] = (parts[1][0], [*self.told[len(self.told) - 9][:8], *parts[1][1][:4]])
        if kind == "writing.reflection":
            self.told.append(parts[1][1])
        return "\n\n".join(f"## {heading}\n\n{self._paragraphs(own)}" for heading, own in parts)

    def _sentence(self) -> str:
        pick = self.chance.choice
        words = {
            "when": pick(WHEN),
            "who": pick(WHO),
            "matter": pick(MATTER),
            "wrong": pick(WRONG),
            "after": pick(AFTER),
        }
        numbers = {name: self.chance.randint(2, 96) for name in ("n", "m", "k")}
        return pick(PATTERNS).format(**numbers, **words)

    def _paragraphs(self, own: list[str]) -> str:
        return "\n\n".join("".join(own[n : n + 4]) for n in range(0, len(own), 4))

    def _review(
        self, made: Writing, author: Account, reviewer: Account, when: datetime, is_thin: bool
    ) -> Callable[[], None]:
        def review() -> None:
            if is_thin and made.edition == 1:
                actions.comment(made, by=reviewer, paragraph=self._third(made), note="这里请写具体")
                actions.send_back(made, by=reviewer, note=BETTER)
                self.agenda.put(when + timedelta(days=9), self._again(made, author, reviewer, when))
            else:
                actions.accept(made, by=reviewer, note=self.chance.choice(GOOD))

        return review

    def _third(self, made: Writing) -> int:
        body = Version.objects.get(writing=made, number=made.edition).body
        return min(3, body.count("\n\n"))

    def _again(self, made: Writing, author: Account, reviewer: Account, when: datetime) -> Callable[[], None]:
        def again() -> None:
            body = Version.objects.get(writing=made, number=made.edition).body
            more = "".join(self._sentence() for _n in range(4))
            actions.save_draft(made, by=author, title=made.title, body=f"{body}\n\n{more}")
            actions.submit(made, by=author)
            for match in Match.objects.filter(writing=made, state="asked"):
                actions.explain(match, by=author, explanation=SAID)
            self.agenda.put(when + timedelta(days=14), self._review(made, author, reviewer, when, False))

        return again
