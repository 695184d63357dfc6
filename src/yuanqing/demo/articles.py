"""The integrity column of the demo year: what units send in, what is used, sent back, taken down, and who has read it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.world import ROOT
from yuanqing.education.column import actions
from yuanqing.education.column.models import Article, ArticleReader
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit

CARD = (
    "节前，一家供货单位的业务员到办公室谈合同，走的时候桌上多了一张购物卡。\n\n## 怎么办的\n\n"
    "- 追到楼下，人已经上车；\n- 当晚打电话，对方说“一点心意”；\n- 第二天登记上交，写明来源和数额，抄送采购部。\n\n"
    "## 后来\n\n这家单位照常参加投标，价格没有占到便宜，也没有吃亏。\n\n> 退不掉的，登记上交，是保护自己，也是保护对方。"
)
CAR = (
    "一名中层干部用公车送孩子上学，前后二十六次，最初只是“顺路”。\n\n## 违反了什么\n\n公务用车只能用于公务，顺路也不行。\n\n"
    "## 怎么处理的\n\n责令退赔费用，给予党内警告处分，在本单位通报。\n\n## 值得想的\n\n每一次都有人看见，没有一个人说。"
)
RULE = (
    "不少同志问：同学聚会有业务单位的人买单，算不算违规？\n\n## 看三条\n\n"
    "1. 买单的人跟你现在的职务有没有关系；\n2. 这顿饭会不会影响公正执行公务；\n3. 你愿不愿意把它写进个人报告。\n\n"
    "三条里有一条不踏实，就不要去；去了的，自己的那一份自己付。"
)
SITE = (
    "工地离机关六十公里，材料进场靠一名材料员签字。去年起改成两人签、随机抽、当天传照片。\n\n"
    "## 做法\n\n- 两人签：材料员和班组长；\n- 随机抽：每周由别的班组抽两车过磅；\n- 当天传：照片进台账，谁都能看。\n\n"
    "## 结果\n\n半年抽了四十七车，退了三车，没有一张补签的单子。"
)
FILM = (
    "警示教育片《越线》四月在二楼放映厅放映，线上课程里也能看。\n\n片子只有一分钟，讲一张卡、一顿饭、一辆车怎样连成一条线。"
    "看完请做一做后面的测验，再回到自己的岗位上想一想：这条线上，今天有没有我的名字。"
)
ASKED = (
    "**问：** 子女在下属单位的供货商那里上班，要不要报告？\n\n**答：** 要。属于亲属从业情况，填“业外活动和亲属从业申报”，"
    "拿不准是否需要回避的，先报告再说。\n\n**问：** 已经上班三年了，现在才报，会不会挨批评？\n\n**答：** 主动报告总比被查出来好。"
)
TOLD = (  # kind, heading, summary, words, from which unit, day of the year, what becomes of it
    ("column.case", "一张购物卡的来回", "追到楼下没有追上，第二天登记上交。", CARD, "S01", 22, "published"),
    ("column.rule", "同学聚会，谁来买单", "看三条，有一条不踏实就不要去。", RULE, "D07", 43, "published"),
    ("column.article", "六十公里外的签字", "材料进场两人签、随机抽、当天传照片。", SITE, "S05C", 68, "published"),
    ("column.film", "《越线》：一条线是怎样连起来的", "一分钟的片子，先看再想。", FILM, ROOT, 108, "published"),
    ("column.question", "亲属在供货商那里上班，要不要报告", "要；拿不准的先报告。", ASKED, "D02", 126, "published"),
    ("column.case", "顺路的二十六次", "每一次都有人看见，没有一个人说。", CAR, "S08", 149, "published"),
    ("column.article", "把礼品登记本放到走廊上", "放在抽屉里的登记本没有人写。", SITE, "S02B", 171, "returned"),
    ("column.rule", "业外兼职要先申报", "不领报酬也要申报。", RULE, "D02", 190, "published"),
    ("column.article", "仓库盘点日记", "盘了三天，少了一件，找了一夜。", SITE, "S10A", 205, "published"),
    ("column.case", "婚宴上的一桌", "请帖发到了供货商那里。", CAR, "S04", 228, "withdrawn"),
    ("column.question", "误领了电子红包怎么办", "原路退回，留下记录。", ASKED, "D03", 252, "published"),
    ("column.article", "节前的一封家信", "给家里人写的几句话。", CARD, "S06", 262, "published"),
    ("column.article", "新任科长的第一课", "任前谈话谈了些什么。", RULE, "S09", 280, "proposed"),
    ("column.rule", "公务接待五不准", "照着做，不用猜。", RULE, "D09", 291, "published"),
    ("column.article", "我们科的三张表", "礼品、车辆、兼职，一人一张。", SITE, "S12A", 296, "proposed"),
)


class Articles:
    """Puts the column of the year on the agenda."""

    def __init__(self, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.cast, self.agenda = cast, agenda
        self.chance = random.Random(seed + 13)  # noqa: S311 a made-up world, no secret
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.readers = list(Account.objects.filter(is_active=True).order_by("username"))
        self.writers = {account.username: account for account in self.readers}

    def plan(self, year: int) -> None:
        for told in TOLD:
            when = moment(date(year, 1, 1) + timedelta(days=told[5]), self.chance.randint(9, 16))
            self.agenda.put(when, self._write(told, when))

    def _write(self, told: tuple[str, str, str, str, str, int, str], when: datetime) -> Callable[[], None]:
        kind, title, summary, body, code, _day, fate = told
        writer = self.writers.get(f"contact-{code}".lower()) or self.cast.by_name["office"]

        def write() -> None:
            made: Article = actions.draft(
                by=writer, unit=self.units[code], kind=kind, title=title, summary=summary, body=body
            )
            actions.propose(made, by=writer)
            if fate != "proposed":
                self.agenda.put(when + timedelta(days=2), self._decide(made, fate, when))

        return write

    def _decide(self, made: Article, fate: str, when: datetime) -> Callable[[], None]:
        def decide() -> None:
            editor = self.cast.by_name["discipline"]
            if fate == "returned":
                actions.send_back(made, by=editor, note="请写清楚登记了多少件、后来怎么处理的。")
                return
            actions.publish(made, by=editor)
            ArticleReader.objects.bulk_create(self._read(made, when + timedelta(days=2)), batch_size=500)
            if fate == "withdrawn":
                note = "当事人提出申诉，复核以前先撤下。"
                later = when + timedelta(days=20)
                self.agenda.put(later, lambda: actions.withdraw(made, by=editor, reason=note) and None)

        return decide

    def _read(self, made: Article, since: datetime) -> list[ArticleReader]:
        """Reading is no act: each account counts once, some weeks after it was published; none in the future."""
        share, found = self.chance.uniform(0.2, 0.85), []
        for account in self.readers:
            at = since + timedelta(hours=self.chance.randint(1, 24 * 40))
            if self.chance.random() < share and at <= self.agenda.until:
                found.append(ArticleReader(article=made, account=account, first_at=at))
        return found
