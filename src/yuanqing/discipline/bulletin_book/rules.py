"""The bulletin as a workbook: its tables in full, every late, missing and returned unit and every score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yuanqing.discipline.bulletin.rules import Content, interval_text, place_text
from yuanqing.discipline.monthly_figures.rules import STATES
from yuanqing.shell.document.sheets import Kind, SheetColumn, SheetData


def points(basis_points: int) -> Decimal:
    """9250 basis points of the whole are 92.50 of a hundred."""
    return Decimal(basis_points) / 100


def share(tenths: int | None) -> Decimal | None:
    """810 tenths of a percent as the fraction that a spreadsheet shows as 81.0%."""
    return None if tenths is None else Decimal(tenths) / 1000


def _columns(*labels: tuple[str, Kind]) -> tuple[SheetColumn, ...]:
    return tuple(SheetColumn(label, kind) for label, kind in labels)


def book_of(content: Content, complete: Content, *, checkpoint: str = "") -> list[SheetData]:
    """The tables of the bulletin in full: every late, missing and returned unit, every score."""
    spans = {"month": "当月", "year": "本年累计"}
    official = content["official"]
    lines = [(spans[row["span"]], row["label"], *row["cells"]) for row in official["rows"]]
    labels = [SheetColumn("范围"), SheetColumn("指标"), *(SheetColumn(label, "int") for label in official["labels"])]
    sheets = [
        SheetData("报送情况", _columns(("项目", "text"), ("数", "int")), list(_status_lines(content))),
        _units_sheet("迟报单位", complete["late"], ("迟报天数", "days")),
        _units_sheet("未报单位", complete["missing"]),
        _units_sheet("退回修改单位", complete["returned"], ("退回次数", "times")),
        SheetData("统计表", labels, lines),
        _compared_sheet(content["compared"], spans),
        _share_sheet(content["shares"]),
        _disciplines_sheet(content["ten"]["rows"]),
        *([_education_sheet(content["education"]["rows"])] if content.get("education") else []),
        _scores_sheet(complete["cards"]),
    ]
    sheets += [SheetData("典型案例", ("案例",), [(text,) for text in content["cases"]])] if content["cases"] else []
    sheets += [_errata_sheet(content["errata"])] if content["errata"] else []
    sheets += (
        [SheetData("台账检查点", ("检查点",), [(line,) for line in checkpoint.splitlines()])] if checkpoint else []
    )
    return sheets


def _status_lines(content: Content) -> Iterable[tuple[str, int]]:
    labels = (
        ("应报", "due"),
        ("按时", "on_time"),
        ("迟报", "late"),
        ("未报", "missing"),
        ("退回修改", "returned"),
        ("零报告", "nil"),
    )
    flow = (("上月结转", "carried"), ("本月受理", "received"), ("本月办结", "concluded"), ("月末在办", "open"))
    yield from ((label, content["reporting"][name]) for label, name in labels)
    yield from ((label, content["flow"][name]) for label, name in flow)


def _units_sheet(name: str, rows: Sequence[Mapping[str, Any]], extra: tuple[str, str] | None = None) -> SheetData:
    more: tuple[tuple[str, Kind], ...] = ((extra[0], "int"),) if extra else ()
    key = [extra[1]] if extra else []
    return SheetData(
        name, _columns(("代码", "text"), ("单位", "text"), *more),
        [(row["code"], row["name"], *(row[k] for k in key)) for row in rows],
    )  # fmt: skip


def _compared_sheet(compared: Sequence[Mapping[str, Any]], spans: Mapping[str, str]) -> SheetData:
    columns = _columns(
        ("范围", "text"), ("指标", "text"), ("单位", "text"), ("本期", "int"), ("上月", "int"), ("去年同期", "int")
    )
    names = ("unit", "now", "last_month", "last_year")
    return SheetData("比较", columns, [(spans[r["span"]], r["name"], *(r[n] for n in names)) for r in compared])


def _share_sheet(shares: Sequence[Mapping[str, Any]]) -> SheetData:
    columns = _columns(
        ("类型和级别", "text"), ("本月", "int"), ("本月占比", "percent"), ("本年累计", "int"), ("本年占比", "percent")
    )
    rows = [(s["label"], s["month"], share(s["month_share"]), s["year"], share(s["year_share"])) for s in shares]
    return SheetData("构成", columns, rows)


def _disciplines_sheet(rows: Sequence[Mapping[str, Any]]) -> SheetData:
    labels = ("已细化", "已执行", "有问题", "未开展", "本月问题", "本年问题")
    columns = [SheetColumn("编号"), SheetColumn("条款"), *(SheetColumn(label, "int") for label in labels)]
    names = ("code", "title", *STATES, "breaches", "year")
    return SheetData("十条纪律", columns, [tuple(row[n] for n in names) for row in rows])


def _education_sheet(rows: Sequence[Mapping[str, Any]]) -> SheetData:
    columns = _columns(("指标", "text"), ("单位", "text"), ("本月", "int"), ("本年累计", "int"))
    return SheetData("教育情况", columns, [(r["label"], r["unit"], r["month"], r["year"]) for r in rows])


def _scores_sheet(cards: Sequence[Mapping[str, Any]]) -> SheetData:
    columns = _columns(
        ("代码", "text"), ("单位", "text"), ("同类组", "text"), ("名次", "text"), ("得分", "decimal"), ("等次", "text"),
        ("及时", "decimal"), ("齐全", "decimal"), ("差错", "decimal"), ("与记录一致", "decimal"), ("应履行事项", "decimal"), ("履行率区间", "text"),
    )  # fmt: skip
    rows = [
        (
            c["code"],
            c["name"],
            c["group"],
            place_text(c),
            points(c["total"]),
            c["band"],
            *map(points, c["points"]),
            interval_text(c),
        )
        for c in cards
    ]
    return SheetData("考评得分", columns, rows)


def _errata_sheet(errata: Sequence[Mapping[str, Any]]) -> SheetData:
    columns = _columns(
        ("月份", "text"), ("单位", "text"), ("指标", "text"), ("原数", "int"), ("更正数", "int"), ("差额", "int")
    )
    rows = [
        (e["month"], e["unit"], e["figure"], e["published"], e["corrected"], e["corrected"] - e["published"])
        for e in errata
    ]
    return SheetData("更正", columns, rows)
