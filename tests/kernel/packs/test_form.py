"""Forms drawn from packs: cells, figures, and relations between numbers."""

from __future__ import annotations

from typing import Any

import pytest

from yuanqing.kernel.packs.form import Form
from yuanqing.kernel.packs.relation import Relation
from yuanqing.kernel.packs.schema import Pack, build

HEAD = {"title": "样例", "version": "1", "effective_from": "2026-01-01", "source": "样例文件", "mark": "own"}
KINDS = {
    "name": "kinds",
    "kind": "codes",
    "entries": [
        {"table": "type", "code": "A", "title": "甲"},
        {"table": "type", "code": "A1", "parent": "A", "title": "甲一"},
        {"table": "type", "code": "A2", "parent": "A", "title": "甲二"},
        {"table": "level", "code": "high", "title": "高"},
        {"table": "level", "code": "low", "title": "低"},
    ],
}
RULES = {"name": "ours", "kind": "rules", "entries": [{"code": "D1", "title": "一"}, {"code": "D2", "title": "二"}]}
FORM: dict[str, Any] = {
    "name": "sheet",
    "kind": "form",
    "entries": [
        {
            "code": "found",
            "title": "查处",
            "section": "grid",
            "figure": "v.found",
            "where": {"t": "{row}", "l": "{column}"},
        },
        {"code": "people", "title": "人数", "section": "grid"},
        {"code": "carried", "title": "结转", "section": "flow"},
        {"code": "open", "title": "在办", "section": "flow", "figure": "v.open", "where": {"state": "open"}},
        {"code": "state", "title": "情况", "section": "each", "value": "choice", "choices": "state"},
        {"code": "told", "title": "说明", "section": "each", "value": "text"},
        {
            "kind": "section",
            "code": "grid",
            "title": "表",
            "layout": "grid",
            "rows": "kinds.type",
            "columns": "kinds.level",
        },
        {"kind": "section", "code": "flow", "title": "流", "layout": "items"},
        {"kind": "section", "code": "each", "title": "条", "layout": "clauses", "rows": "ours.clauses"},
    ],
}


def form(*checks: dict[str, Any]) -> Form:
    entries = [*FORM["entries"], *({"kind": "check", "title": "关系", "level": "hard", **one} for one in checks)]
    packs = {one["name"]: build({**HEAD, **one}, one["name"]) for one in (KINDS, RULES)}
    pack: Pack = build({**HEAD, **FORM, "entries": entries}, "sheet")
    return Form(pack, packs)


def places(checked: Form, values: dict[str, Any], last: dict[str, Any] | None = None) -> list[str]:
    return [f"{breach.key}: {breach.left}, {breach.right}" for breach in checked.breaches(values, last)]


def test_a_grid_has_a_cell_for_each_leaf_column_and_item() -> None:
    assert [cell.code for cell in form().cells_of("grid")] == [
        "found.A1.high",
        "people.A1.high",
        "found.A1.low",
        "people.A1.low",
        "found.A2.high",
        "people.A2.high",
        "found.A2.low",
        "people.A2.low",
    ]


def test_clauses_and_items_have_their_cells() -> None:
    assert [cell.code for cell in form().cells_of("flow")] == ["carried", "open"]
    assert [cell.code for cell in form().cells_of("each")] == ["state.D1", "told.D1", "state.D2", "told.D2"]


def test_a_cell_knows_the_figure_that_fills_it() -> None:
    cell = form().cell("found.A2.low")
    assert (cell.figure, dict(cell.where), cell.place) == ("v.found", {"t": "A2", "l": "low"}, "A2.low")
    assert dict(form().cell("open").where) == {"state": "open"}
    assert form().figures() == ["v.found", "v.open"]


def test_a_cell_check_is_told_with_its_place_and_numbers() -> None:
    checked = form({"code": "within", "section": "grid", "each": "cell", "rule": "people <= found"})
    assert places(checked, {"found.A1.high": 2, "people.A1.high": 2, "people.A2.low": 1}) == ["within@A2.low: 1, 0"]


def test_a_row_check_adds_its_columns() -> None:
    checked = form({"code": "row", "section": "grid", "each": "row", "when": "found > 0", "rule": "people > 0"})
    assert places(checked, {"found.A1.high": 1, "people.A1.low": 3, "found.A2.low": 1}) == ["row@A2: 0, 0"]


def test_a_form_check_adds_everything() -> None:
    checked = form({"code": "all", "rule": "open >= found"})
    assert places(checked, {"open": 2, "found.A1.high": 2, "found.A2.low": 1}) == ["all: 2, 3"]
    assert places(checked, {"open": 3, "found.A1.high": 2, "found.A2.low": 1}) == []


def test_last_month_is_looked_up_in_last_month() -> None:
    checked = form({"code": "chain", "section": "flow", "rule": "carried = last.open"})
    assert places(checked, {"carried": 3, "open": 9}, {"open": 3}) == []
    assert places(checked, {"carried": 3}, {"open": 4}) == ["chain: 3, 4"]
    assert places(checked, {}, {"open": 4}) == ["chain: 0, 4"]


def test_a_chosen_answer_is_compared_with_a_word() -> None:
    rule = {"code": "word", "section": "each", "each": "row", "when": "state = 'problem'", "rule": "told != ''"}
    checked = form(rule)
    assert places(checked, {"state.D1": "problem", "state.D2": "fine"}) == ["word@D1: , "]
    assert places(checked, {"state.D1": "problem", "told.D1": "写了"}) == []


def test_a_relation_that_zero_breaks_is_looked_at_everywhere() -> None:
    checked = form({"code": "some", "section": "grid", "each": "row", "rule": "found > 0"})
    assert places(checked, {"found.A1.low": 1}) == ["some@A2: 0, 0"]


@pytest.mark.parametrize(
    ("text", "left", "right", "holds"),
    [
        ("a + b - c = d", 4, 4, True),
        ("a - b < 2", 1, 2, True),
        ("-a + 4 >= b", 1, 2, False),
        ("10 != a", 10, 3, True),
        ("a<=b", 3, 2, False),
    ],
)
def test_relations_are_sums_compared(text: str, left: int, right: int, holds: bool) -> None:
    values = {"a": 3, "b": 2, "c": 1, "d": 4}
    relation = Relation.parse(text)
    assert relation.sides(lambda name, _last: values[name]) == (left, right)
    assert relation.holds(lambda name, _last: values[name]) is holds


@pytest.mark.parametrize(
    "text", ["", "a", "a = ", "a b = c", "a * b = c", "A = b", "a == b", "a > 'x'", "__import__ = a"]
)
def test_anything_else_is_no_relation(text: str) -> None:
    with pytest.raises(ValueError, match="关系"):
        Relation.parse(text)
