"""The check across packs: each kind of pack with one thing wrong, and what is said about it."""

from __future__ import annotations

from typing import Any

import pytest

from yuanqing.kernel.packs.check import check
from yuanqing.kernel.packs.phrases import fill
from yuanqing.kernel.packs.routing import route
from yuanqing.kernel.packs.schema import Pack, build

HEAD = {"title": "样例", "version": "1", "effective_from": "2026-01-01", "source": "样例文件", "mark": "own"}
RULES = {"name": "rules", "kind": "rules", "entries": [{"code": "1", "title": "一"}]}


def pack(kind: str, *entries: dict[str, Any]) -> Pack:
    return build({**HEAD, "name": "sample", "kind": kind, "entries": list(entries)}, "sample.yaml")


def told(kind: str, *entries: dict[str, Any]) -> list[str]:
    rules = build({**HEAD, **RULES}, "rules.yaml")
    return [str(problem) for problem in check({"rules": rules, "sample": pack(kind, *entries)})]


def clause(basis: str) -> dict[str, Any]:
    return {"code": "a", "title": "甲", "basis": [basis]}


def weight(code: str, points: int) -> dict[str, Any]:
    return {"code": code, "title": "项", "points": points, "why": "因为"}


def band(code: str, at_least: int) -> dict[str, Any]:
    return {"kind": "band", "code": code, "title": "等", "at_least": at_least}


DIMENSION = {"kind": "dimension", "code": "size", "title": "大小", "values": ["small", "large"]}
ROUTES = [{"kind": "code", "table": "route", "code": code, "title": "去向"} for code in ("here", "there")]
SMALL = {"code": "r1", "title": "小", "to": "here", "when": {"size": "small"}}
LARGE = {"code": "r2", "title": "大", "to": "there", "when": {"size": "large"}}
SECTION = {"kind": "section", "code": "s", "title": "部分", "layout": "items"}
ITEM = {"code": "n", "title": "数", "section": "s"}
CHECK = {"kind": "check", "code": "c", "title": "关系", "level": "hard", "rule": "n >= 0"}


@pytest.mark.parametrize(
    ("kind", "entries"),
    [
        ("rules", [clause("rules.1")]),
        ("weights", [weight("a", 6000), weight("b", 4000), band("x", 9000), band("y", 0)]),
        ("calendar", [{"code": "2026-02-14", "title": "上班", "is_workday": "yes"}]),
        ("routing", [SMALL, LARGE, DIMENSION, *ROUTES]),
        ("form", [ITEM, SECTION, CHECK]),
        ("template", [{"kind": "phrase", "code": "p", "title": "句", "text": "{n}个", "placeholders": ["n"]}]),
        ("roles", [{"code": "r", "title": "角色", "capabilities": ["a.b.view"]}]),
    ],
)
def test_what_is_right_passes(kind: str, entries: list[dict[str, Any]]) -> None:
    assert told(kind, *entries) == []


@pytest.mark.parametrize(
    ("kind", "entries", "sentence"),
    [
        ("rules", [clause("rules.2")], "sample.yaml：条目“a”的“basis”：规则包“rules”中没有“2”。"),
        ("rules", [clause("nowhere.2")], "sample.yaml：条目“a”的“basis”：没有规则包“nowhere”。"),
        ("weights", [weight("a", 9999)], "sample.yaml：“points”：各项分值合计应为 10000（百分之百），现为 9999。"),
        (
            "weights",
            [weight("a", 10000), band("x", 5000)],
            "sample.yaml：“at_least”：等次应从高到低排列，最后一等从 0 起。",
        ),
        (
            "weights",
            [
                weight("a", 10000),
                {"kind": "parameter", "code": "p", "title": "参", "item": "z", "value": 1, "unit": "个"},
            ],
            "sample.yaml：条目“p”的“item”：没有考评项“z”。",
        ),
        (
            "calendar",
            [{"code": "2026-02-13", "title": "上班", "is_workday": "yes"}],
            "sample.yaml：条目“2026-02-13”的“is_workday”：平日本来就上班，调休上班只能是周末。",
        ),
        (
            "calendar",
            [{"code": f"{year}-01-01", "title": "元旦", "is_workday": "no"} for year in (2024, 2026)],
            "sample.yaml：“on”：年份不连续。",
        ),
        ("routing", [SMALL, DIMENSION, *ROUTES], "sample.yaml：条目“size=large”：没有去向。"),
        (
            "routing",
            [SMALL, LARGE, {"code": "r3", "title": "都", "to": "here"}, DIMENSION, *ROUTES],
            "sample.yaml：条目“size=large”：同时有几个去向：r2、r3。",
        ),
        (
            "routing",
            [SMALL, {**LARGE, "when": {"size": "large | huge"}}, DIMENSION, *ROUTES],
            "sample.yaml：条目“r2”的“when.size”：没有“huge”这个答案。",
        ),
        (
            "routing",
            [SMALL, {**LARGE, "to": "away"}, DIMENSION, *ROUTES],
            "sample.yaml：条目“r2”的“to”：没有去向“away”。",
        ),
        ("form", [{**ITEM, "section": "x"}, SECTION], "sample.yaml：条目“n”的“section”：没有报表部分“x”。"),
        (
            "form",
            [{**ITEM, "value": "choice"}, SECTION],
            "sample.yaml：条目“n”的“choices”：选择项应写明选项表，其他项不写。",
        ),
        (
            "form",
            [{**ITEM, "value": "choice", "choices": "x"}, SECTION],
            "sample.yaml：条目“n”的“choices”：没有选项表“x”。",
        ),
        ("form", [ITEM, SECTION, {**CHECK, "rule": "n >= m"}], "sample.yaml：条目“c”的“rule”：没有填报项“m”。"),
        (
            "form",
            [ITEM, SECTION, {**CHECK, "when": "n"}],
            "sample.yaml：条目“c”的“when”：关系“n”应写成“甲 + 乙 = 丙”的样子。",
        ),
        (
            "form",
            [ITEM, {**SECTION, "layout": "clauses", "rows": "sample.clauses"}],
            "sample.yaml：条目“s”的“rows”：规则包“sample”中没有“clauses”。",
        ),
        (
            "template",
            [{"kind": "phrase", "code": "p", "title": "句", "text": "{n}个{m}", "placeholders": ["n"]}],
            "sample.yaml：条目“p”的“placeholders”：文中的占位 m、n 与所列的 n 不一致。",
        ),
        (
            "roles",
            [{"code": "r", "title": "角色", "capabilities": ["a.b.c"], "incompatible": ["q"]}],
            "sample.yaml：条目“r”的“incompatible”：没有角色“q”。",
        ),
    ],
)
def test_what_is_wrong_is_told(kind: str, entries: list[dict[str, Any]], sentence: str) -> None:
    assert sentence in told(kind, *entries)


def test_a_route_is_never_guessed() -> None:
    table = pack("routing", SMALL, LARGE, DIMENSION, *ROUTES)
    assert route(table, {"size": "large", "colour": "red"}).to == "there"
    with pytest.raises(KeyError):
        route(table, {"colour": "red"})
    with pytest.raises(ValueError, match="没有“huge”这个答案"):
        route(table, {"size": "huge"})


def test_no_braces_reach_a_printed_page() -> None:
    assert fill("应报{due}个，{due}个按时。", {"due": 8, "late": 0}) == "应报8个，8个按时。"
    with pytest.raises(KeyError, match="late"):
        fill("迟报{late}个", {})
