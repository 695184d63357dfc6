"""The gates of a return, case by case, on a form small enough to read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yuanqing.discipline.monthly_return.rules import GATES, Filing, Override, findings, is_all_zero, overrides
from yuanqing.kernel.packs.form import Form
from yuanqing.kernel.packs.schema import build

HEAD = {"title": "试验", "version": "1", "effective_from": "2020-01-01", "source": "试验", "mark": "own"}
TYPES = [
    {"kind": "code", "code": "A1", "title": "不作为", "table": "type"},
    {"kind": "code", "code": "B2", "title": "违规吃喝", "table": "type"},
    {"kind": "code", "code": "county", "title": "县处级", "table": "level"},
    {"kind": "code", "code": "bureau", "title": "地厅级", "table": "level"},
]
ENTRIES: list[dict[str, Any]] = [
    {"kind": "section", "code": "types", "title": "分类", "layout": "grid", "rows": "kinds.type", "columns": "kinds.level"},
    {"kind": "section", "code": "flow", "title": "办理", "layout": "items"},
    {"kind": "item", "code": "handled", "title": "处理人数", "section": "types", "figure": "violation.people_handled"},
    {"kind": "item", "code": "sanctioned", "title": "处分人数", "section": "types", "figure": "violation.people_sanctioned"},
    *(
        {"kind": "item", "code": code, "title": title, "section": "flow", "figure": f"violation.{code}"}
        for code, title in (("carried", "上月结转"), ("received", "本月受理"), ("concluded", "本月办结"), ("open", "月末在办"))
    ),
    {"kind": "item", "code": "state", "title": "落实情况", "section": "flow", "value": "choice", "choices": "state", "required": "yes"},
    {"kind": "item", "code": "remark", "title": "备注", "section": "flow", "value": "text"},
    {
        "kind": "check", "code": "chain", "title": "上月结转加受理减办结应等于月末在办", "level": "hard",
        "rule": "carried + received - concluded = open",
    },
    {"kind": "check", "code": "carry", "title": "结转应等于上月在办", "level": "hard", "rule": "carried = last.open"},
    {
        "kind": "check", "code": "part", "title": "处分人数不应多于处理人数", "level": "hard", "section": "types", "each": "cell",
        "rule": "sanctioned <= handled",
    },
    {"kind": "check", "code": "idle", "title": "受理未办结", "level": "soft", "when": "received > 0", "rule": "concluded > 0"},
    {"kind": "code", "code": "enforced", "title": "已落实", "table": "state"},
]  # fmt: skip


@pytest.fixture(scope="module")
def form() -> Form:
    kinds = build({"name": "kinds", "kind": "codes", "entries": TYPES, **HEAD}, "kinds.yaml")
    pack = build({"name": "small", "kind": "form", "entries": ENTRIES, **HEAD}, "small.yaml")
    return Form(pack, {"kinds": kinds})


VALUES = {
    "state": "enforced", "carried": 2, "received": 3, "concluded": 4, "open": 1,
    "handled.B2.county": 4, "sanctioned.B2.county": 1,
}  # fmt: skip
NUMBERS = {code: value for code, value in VALUES.items() if isinstance(value, int)}
SOUND = Filing(VALUES, NUMBERS, last={"open": 2})
NIL = Filing({"state": "enforced"}, {}, last={}, is_nil=True, nil_statement="本月无。", is_signed=True)


def with_values(filing: Filing = SOUND, **changed: Any) -> Filing:
    """The filing with other values, and records that say the same."""
    values = {**filing.values, **{code.replace("_", "."): value for code, value in changed.items()}}
    numbers = {code: value for code, value in values.items() if isinstance(value, int)}
    return replace(filing, values=values, prefilled=numbers)


def brief(form: Form, filing: Filing) -> list[tuple[str, str, str]]:
    return [(f.gate, f.severity, f.key) for f in findings(form, filing)]


def test_a_sound_return_passes_every_gate(form: Form) -> None:
    assert findings(form, SOUND) == []


def test_a_signed_nil_return_passes_every_gate(form: Form) -> None:
    assert findings(form, NIL) == []


CASES = [
    # scope
    (replace(SOUND, is_owed=False), [("scope", "hard", "")]),
    (with_values(rumours=1), [("scope", "hard", "rumours")]),
    (with_values(handled_B9_county=1), [("scope", "hard", "handled.B9.county")]),
    # consistency
    (with_values(handled_A1_bureau=-1), [("consistency", "hard", "handled.A1.bureau")]),
    (with_values(handled_A1_bureau="2"), [("consistency", "hard", "handled.A1.bureau")]),
    (with_values(handled_A1_bureau=True), [("consistency", "hard", "handled.A1.bureau")]),
    (with_values(handled_A1_bureau=1_000_000_000), [("consistency", "hard", "handled.A1.bureau")]),
    (with_values(remark=3), [("consistency", "hard", "remark")]),
    (with_values(state="perfect"), [("consistency", "hard", "state")]),
    (with_values(state=""), [("consistency", "hard", "state")]),
    # time
    (replace(SOUND, window="early"), [("time", "hard", "early")]),
    (replace(SOUND, window="grace", days_late=1), [("time", "soft", "late")]),
    (replace(SOUND, window="late", days_late=3), [("time", "soft", "late")]),
    # lock
    (replace(SOUND, window="locked"), [("lock", "hard", "locked")]),
    (replace(SOUND, is_closed=True), [("lock", "hard", "closed")]),
    (replace(SOUND, is_closed=True, window="locked"), [("lock", "hard", "closed")]),
    # value
    (replace(SOUND, prefilled={**NUMBERS, "received": 5}), [("value", "hard", "received")]),
    (replace(SOUND, prefilled={**NUMBERS, "handled.A1.county": 1}), [("value", "hard", "handled.A1.county")]),
    (replace(SOUND, prefilled={**NUMBERS, "received": 5}, reasons={"received": "  "}), [("value", "hard", "received")]),
    (replace(SOUND, prefilled={**NUMBERS, "received": 5}, reasons={"received": "两件并案"}), []),
    (replace(SOUND, is_nil=True, nil_statement="无", is_signed=True), [("value", "hard", "nil")]),
    (replace(NIL, is_nil=False), [("value", "hard", "nil")]),
    (replace(NIL, nil_statement=" "), [("value", "hard", "nil")]),
    (replace(NIL, is_signed=False), [("value", "hard", "nil")]),
    # cross-item
    (with_values(open=2), [("cross_item", "hard", "chain")]),
    (with_values(carried=3, open=2), [("cross_item", "hard", "carry")]),
    (replace(SOUND, last=None), []),  # the first month has nothing to carry from
    (replace(SOUND, last={}), [("cross_item", "hard", "carry")]),  # last month's open was 0
    (with_values(sanctioned_B2_county=5), [("cross_item", "hard", "part@B2.county")]),
    (with_values(concluded=0, open=5), [("cross_item", "soft", "idle")]),
]  # fmt: skip


@pytest.mark.parametrize(("filing", "expected"), CASES)
def test_each_gate_finds_its_own(form: Form, filing: Filing, expected: list[tuple[str, str, str]]) -> None:
    assert brief(form, filing) == expected


def test_all_gates_report_at_once_and_in_order(form: Form) -> None:
    filing = replace(
        with_values(rumours=1, remark=3, open=2), window="late", is_closed=True, is_nil=True, is_owed=False
    )
    filing = replace(filing, prefilled={})
    gates = [finding.gate for finding in findings(form, filing)]
    assert gates == sorted(gates, key=GATES.index)
    assert set(gates) == set(GATES)


@pytest.mark.parametrize("cell", ["sanctioned.B2.county", "handled.B2.county", "open", "carried", "received"])
def test_a_cell_that_is_no_number_troubles_no_later_gate(form: Form, cell: str) -> None:
    filing = replace(SOUND, values={**VALUES, cell: "many"})
    assert brief(form, filing) == [("consistency", "hard", cell)]


def test_the_shipped_form_passes_a_sound_return_and_its_nil() -> None:
    from yuanqing.norms.packs import shipped, shipped_packs

    form = Form(shipped("return_form"), shipped_packs())
    states = {cell.code: "enforced" for cell in form.cells if cell.item.code == "state"}
    nil = Filing(states, {}, last={}, is_nil=True, nil_statement="本月无。", is_signed=True)
    assert findings(form, nil) == []
    counts = {
        "received_total": 2, "concluded": 1, "open": 1, "received.B1a.county": 2, "problems.B1a.county": 1,
        "people_handled.B1a.county": 1,
    }  # fmt: skip
    assert findings(form, Filing({**states, **counts}, counts, last={})) == []
    (found,) = findings(form, Filing({**states, **counts, "open": 2}, {**counts, "open": 2}, last={}))
    assert (found.gate, found.key) == ("cross_item", "chain")


def test_a_soft_finding_blocks_until_it_is_explained(form: Form) -> None:
    filing = with_values(concluded=0, open=5)
    (found,) = findings(form, filing)
    assert found.explanation_needed
    assert found.is_blocking
    (found,) = findings(form, replace(filing, explanations={"idle": "月底才受理"}))
    assert not found.is_blocking


def test_an_override_asks_for_a_reason_with_both_numbers(form: Form) -> None:
    (found,) = findings(form, replace(SOUND, prefilled={**NUMBERS, "handled.B2.county": 6}))
    assert found.sentence == "“处理人数·违规吃喝·县处级”填报4，记录为6，请写明改动理由。"
    assert found.explanation_needed


@pytest.mark.parametrize(
    ("filing", "sentence"),
    [
        (with_values(open=2), "上月结转加受理减办结应等于月末在办（1 对 2）。"),
        (with_values(sanctioned_B2_county=5), "处分人数不应多于处理人数（违规吃喝·县处级：5 对 4）。"),
        (replace(SOUND, window="late", days_late=3), "已逾期3天，请说明原因。"),
    ],
)
def test_a_finding_is_a_sentence(form: Form, filing: Filing, sentence: str) -> None:
    assert [f.sentence for f in findings(form, filing)] == [sentence]


def test_both_numbers_of_an_override_are_kept(form: Form) -> None:
    found = overrides(form, VALUES, {**NUMBERS, "handled.B2.county": 6, "handled.A1.bureau": 2})
    assert found == [Override("handled.A1.bureau", 0, 2), Override("handled.B2.county", 4, 6)]
    assert sum(change.gap for change in found) == 4


@pytest.mark.parametrize(
    ("values", "expected"), [({}, True), ({"open": 0, "remark": "无"}, True), ({"open": 1}, False)]
)
def test_all_zero_looks_at_numbers_only(form: Form, values: dict[str, Any], expected: bool) -> None:
    assert is_all_zero(form, values) is expected
