"""The page of a record: the straight way through its lifecycle, and where it stands."""

import pytest

from yuanqing.kernel.lifecycle import Lifecycle, Step
from yuanqing.shell.record import Button, main_line, state_line, told_once

LIFE = Lifecycle(
    initial="draft",
    states={"draft": "草稿", "submitted": "已报送", "returned": "退回", "accepted": "已接收", "void": "作废"},
    steps=[
        Step("submit", "报送", ("draft", "returned"), "submitted"),
        Step("send_back", "退回", ("submitted",), "returned"),
        Step("accept", "接收", ("submitted",), "accepted"),
        Step("void", "作废", ("draft",), "void", dangerous=True),
    ],
    final=("accepted", "void"),
)


def test_the_straight_way_leads_to_the_first_final_state():
    assert main_line(LIFE) == ["draft", "submitted", "accepted"]


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ("draft", [("草稿", "current"), ("已报送", "todo"), ("已接收", "todo")]),
        ("submitted", [("草稿", "done"), ("已报送", "current"), ("已接收", "todo")]),
        ("returned", [("草稿", "done"), ("退回", "current"), ("已报送", "todo"), ("已接收", "todo")]),
        ("accepted", [("草稿", "done"), ("已报送", "done"), ("已接收", "done")]),
        ("void", [("草稿", "done"), ("作废", "done")]),
    ],
)
def test_where_a_record_stands(state, line):
    assert [(s.label, s.state) for s in state_line(LIFE, state)] == line


def test_a_circle_without_end_still_has_a_line():
    circle = Lifecycle("a", {"a": "甲", "b": "乙"}, [Step("go", "去", ("a",), "b"), Step("back", "回", ("b",), "a")])
    assert main_line(circle) == ["a", "b"]


def test_a_reason_that_closes_several_acts_is_told_once():
    def button(step, reason):
        return Button(step, step, reason, f"/{step}/", 1)

    shown = told_once([button("a", "没有权限"), button("b", ""), button("c", "已结账"), button("d", "没有权限")])
    assert [(b.step, b.is_told) for b in shown] == [("b", True), ("c", True), ("a", False), ("d", True)]


def test_what_came_in_by_another_entrance_has_a_line_of_its_own():
    steps = [Step("arrive", "收下", (), "arrived"), Step("take", "登记", ("arrived",), "taken")]
    both = [Step("answer", "答复", ("sent", "taken"), "answered"), *steps]
    post = Lifecycle(
        "sent", {"sent": "发出", "arrived": "收到", "taken": "登记", "answered": "答复"}, both, final=("answered",)
    )
    assert [(s.label, s.state) for s in state_line(post, "arrived", "arrived")] == [
        ("收到", "current"), ("登记", "todo"), ("答复", "todo"),
    ]  # fmt: skip
    assert [s.label for s in state_line(post, "answered", "arrived")] == ["收到", "登记", "答复"]
    assert [s.label for s in state_line(post, "answered")] == ["发出", "答复"]
