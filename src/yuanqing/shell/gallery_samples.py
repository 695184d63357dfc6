"""Invented organisation and numbers for the gallery: no unit, person or event in it exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from yuanqing.shell import charts
from yuanqing.shell.filters import Choice, InMonth, InUnit, Search
from yuanqing.shell.grid import Cell, Grid, Line
from yuanqing.shell.listing import Column, Listing, Tab
from yuanqing.shell.record import Button, Event, Stage

UNITS = (
    "源清示范集团本部",
    "青川水务公司",
    "白鹭建设公司",
    "石桥物资公司",
    "云岭发电厂",
    "南溪检修公司",
    "松坪设计院",
    "望江实业公司",
)
MONTHS = tuple(f"{m}月" for m in (11, 12, *range(1, 11)))
SOURCE = "违规问题登记，截至 2026-11-05"
STATES = {
    "due": ("待报", "grey"),
    "late": ("逾期", "red"),
    "returned": ("退回", "amber"),
    "accepted": ("已审核", "green"),
}


@dataclass(frozen=True)
class Sample:
    """One line of the sample list."""

    pk: int
    number: str
    unit: str
    matter: str
    state: str
    problems: int
    share: int
    due_on: date


def samples() -> list[Sample]:
    today = timezone.localdate()
    matters = ("十月落实中央八项规定精神情况", "业务招待费专项检查", "公务用车使用情况核对", "值班值守抽查")
    states = ("late", "due", "accepted", "returned")
    return [
        Sample(
            i,
            f"源纪〔2026〕{100 + i}号",
            UNITS[i % len(UNITS)],
            matters[i % len(matters)],
            states[i % len(states)],
            (i * 7) % 13,
            (i * 731) % 10_000,
            today + timedelta(days=(i * 5) % 23 - 7),
        )
        for i in range(1, 64)
    ]


class SampleListing(Listing):
    """The same declaration as a real list; only the rows come from memory instead of the database."""

    name = "sample"
    title = "月报"
    exports = False
    columns = (
        Column("number", "编号", link=lambda row: "#list", sort="number", phone=True),
        Column("unit", "单位", sort="unit", phone=True),
        Column("matter", "事项"),
        Column("state", "状态", "badge", lambda r: STATES[r.state][0], tone=lambda r: STATES[r.state][1], phone=True),
        Column("problems", "问题（起）", "number", link=lambda row: "#list", sort="problems"),
        Column("share", "占比", "percent", sort="share"),
        Column("due_on", "期限", "clock", sort="due_on"),
        Column("pk", "序号", "number", optional=True),
    )
    filters = (
        Search("q", "查找", ("matter",)),
        Choice("state", "状态", [(key, label) for key, (label, _tone) in STATES.items()]),
        InMonth("month", "月份", "due_on"),
        InUnit("unit", "单位", "unit", lambda text: (text, text)),
    )

    @property
    def page(self) -> Page[Any]:
        rows = [r for r in samples() if self.given.get("state", "") in ("", r.state)]
        rows = [r for r in rows if self.given.get("q", "") in r.matter + r.unit]
        if self.chosen_order:
            key = self.chosen_order.removeprefix("-")
            rows.sort(key=lambda r: getattr(r, key), reverse=self.chosen_order.startswith("-"))
        return Paginator(rows, self.page_size).get_page(self.given.get("page"))

    @property
    def controls(self) -> list[Any]:
        return [f.control(self.given, None) for f in self.filters]  # type: ignore[arg-type]

    @property
    def tabs(self) -> list[Tab]:
        path, chosen = self.request.path, self.given.get("state", "")
        counts = {key: sum(r.state == key for r in samples()) for key in ("late", "returned")}
        return [
            Tab("全部", path, len(samples()), not chosen),
            Tab("逾期未报", f"{path}?state=late", counts["late"], chosen == "late"),
            Tab("退回待改", f"{path}?state=returned", counts["returned"], chosen == "returned"),
        ]


def sample_charts() -> dict[str, charts.Chart]:
    return {**over_time(), **between_units(), **within_the_tree(), "reporting": reporting_heat()}


def over_time() -> dict[str, charts.Chart]:
    this, last = (5, 7, 6, 9, 8, 4, 6, 7, 3, 5, 4, 3), (8, 9, 7, 12, 11, 9, 8, 10, 9, 7, 8, 6)
    return {
        "trend": charts.trend(
            "查处问题比去年少了吗？",
            MONTHS,
            this,
            last_year=last,
            names=("今年", "去年"),
            unit="起",
            source=SOURCE,
            corner="月份",
        ),
        "bars": charts.bars(
            "哪一类问题最多？",
            ("违规吃喝", "违规收送礼品礼金", "违规发放津补贴", "公务用车", "公款旅游"),
            (("本月", (6, 4, 3, 1, 0)), ("上月", (5, 6, 3, 2, 1))),
            unit="起",
            source=SOURCE,
            corner="类型",
        ),
    }


def between_units() -> dict[str, charts.Chart]:
    rates = [(820, 310, 1600), (640, 420, 930), (590, 120, 1900), (410, 300, 560), (260, 90, 610), (120, 60, 240)]
    return {
        "interval": charts.dot_interval(
            "单位之间的差别是真的吗？",
            [
                charts.Interval(u, v / 100, lo / 100, hi / 100, "#charts")
                for u, (v, lo, hi) in zip(UNITS, rates, strict=False)
            ],
            names=("单位", "更正率", "下限", "上限"),
            reference=4.5,
            unit="%",
            source=SOURCE,
        ),
    }


def within_the_tree() -> dict[str, charts.Chart]:
    heat = [[(i * 3 + j * 5) % 7 if (i + j) % 9 else 0 for j in range(12)] for i in range(len(UNITS))]
    groups = tuple(
        charts.Branch(
            n, v, "#charts", tuple(charts.Branch(f"{n[:2]}第{k}分公司", v // 3 + k, "#charts") for k in (1, 2, 3))
        )
        for n, v in zip(UNITS[1:4], (9, 6, 12), strict=True)
    )
    return {
        "multiples": charts.small_multiples(
            "每个单位十二个月的样子",
            MONTHS,
            list(zip(UNITS, heat, strict=True)),
            unit="起",
            source=SOURCE,
            corner="单位",
        ),
        "tree": charts.tree(
            "问题出在哪一级？",
            charts.Branch("源清示范集团", 27, "#charts", groups),
            unit="起",
            names=("单位", "问题"),
            source=SOURCE,
        ),
        "heat": charts.heat_map(
            "哪些单位哪个月查得多？",
            UNITS,
            MONTHS,
            heat,
            unit="起",
            source=SOURCE,
            corner="单位",
            links=("#charts",) * 8,
        ),
    }


def reporting_heat() -> charts.Chart:
    marks = {"done": "✓", "late": "迟", "missing": "缺", "nil": "零", "soon": "待", "none": ""}
    rows = (
        "dddddddddddd",
        "ddldddddddds",
        "nnnnnnnnnnns",
        "ddddddddlllm",
        "dddddddddddd",
        "dddmdddddddd",
        "--ddddddddds",
    )
    names = {"d": "done", "l": "late", "m": "missing", "n": "nil", "s": "soon", "-": "none"}
    cells = [[charts.HeatCell(None, names[x], marks[names[x]], "#charts" if x != "-" else "") for x in r] for r in rows]
    return charts.heat_map(
        "谁没有按时报？", UNITS[:7], MONTHS, cells, corner="单位", source="月报报送记录", links=("#charts",) * 7
    )


def sample_grid() -> Grid:
    titles = (("A1 违规收送", 1), ("A2 违规吃喝", 1), ("B1 不担当不作为", 1))
    past = (1, 0, 2, 1, 3, 0, 1, 1, 2, 0, 4, 1)
    lines = [Line("甲 享乐主义、奢靡之风")]
    for i, (title, level) in enumerate(titles):
        if i == 2:
            lines.append(Line("乙 形式主义、官僚主义"))
        cells = tuple(
            Cell(
                f"cell-{i}-{j}",
                value=(i * 2 + j) % 5 + (i == 1 and j == 1),
                prefilled=(i * 2 + j) % 5,
                past=past,
                href="#grid",
            )
            for j in range(6)
        )
        lines.append(Line(title, cells, level))
    columns = ("查处问题", "批评帮助和处理", "党纪政务处分", "地厅级", "县处级", "乡科级及以下")
    return Grid("return", columns, lines, "问题类型", MONTHS)


def stages() -> list[Stage]:
    return [
        Stage("草稿", "done"),
        Stage("已报送", "done", "11-04 16:20"),
        Stage("审核中", "current", "等集团纪检监察组"),
        Stage("已接收", "todo"),
        Stage("已入通报", "todo"),
    ]


def buttons() -> list[Button]:
    return [
        Button("accept", "接收", "", "#record", 3, "primary"),
        Button("send_back", "退回修改", "", "#record", 3, "default", "请写明要改什么"),
        Button("extend", "延期", "本月已经冻结，不能再延期。", "#record", 3),
        Button("withdraw", "作废", "", "#record", 3, "danger", "", "作废后不能恢复。确定作废这份月报吗？"),
    ]


def events() -> list[Event]:
    start = datetime(2026, 11, 1, 8, 30, tzinfo=timezone.get_default_timezone())
    return [
        Event(
            start + timedelta(days=3, hours=7), "报送月报", "石桥物资公司 联络员", "更正 1 处，已写明原因", "#record"
        ),
        Event(start + timedelta(days=2), "退回修改", "集团纪检监察组", "A2 与登记的记录差 1 起，请核对。"),
        Event(start, "开启 2026年10月月报", "系统"),
    ]


def tree() -> list[dict[str, Any]]:
    return [
        {
            "label": UNITS[0],
            "href": "#tree",
            "note": "62 家，已报 59",
            "open": True,
            "children": [
                {"label": UNITS[1], "href": "#tree", "note": "已报"},
                {
                    "label": UNITS[2],
                    "href": "#tree",
                    "note": "8 家，已报 6",
                    "open": True,
                    "children": [
                        {"label": "白鹭第一项目部", "href": "#tree", "note": "逾期 3 天"},
                        {"label": "白鹭第二项目部", "href": "#tree", "note": "已报"},
                    ],
                },
                {"label": UNITS[3], "href": "#tree", "note": "退回待改"},
            ],
        }
    ]
