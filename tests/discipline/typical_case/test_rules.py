"""Words from which somebody could be recognised."""

from __future__ import annotations

import pytest

from yuanqing.discipline.typical_case.rules import identifying, marked, unexplained


def kinds(text: str, people: tuple[str, ...] = (), units: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.kind, one.words) for one in identifying(text, people, units)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("某厂一名管理人员公款吃喝。", []),
        ("张三收受礼品。", [("person", "张三")]),
        ("张　三收受礼品，张 三退还。", [("person", "张　三"), ("person", "张 三")]),
        ("东一厂的一名干部", [("unit", "东一厂")]),
        ("身份证11010119900307123X的人", [("identity", "11010119900307123X")]),
        ("身份证１１０１０１１９９００３０７１２３４", [("identity", "１１０１０１１９９００３０７１２３４")]),
        ("电话13800001111", [("telephone", "13800001111")]),
        ("电话138 0000 1111或010-12345678", [("telephone", "138 0000 1111"), ("telephone", "010-12345678")]),
        ("2026年8月20日，花费2,350.50元", [("day", "2026年8月20日"), ("amount", "2,350.50元")]),
        ("2026年8月，花费若干元", []),
        ("编号2026000123", []),
    ],
)
def test_what_is_found(text, found):
    assert kinds(text, ("张三",), ("东一厂", "一")) == found


def test_the_widest_of_findings_within_each_other():
    assert kinds("东部公司东一厂", (), ("东部公司东一厂", "东一厂")) == [("unit", "东部公司东一厂")]


def test_only_hard_findings_need_a_reason():
    found = identifying("张三于8月20日吃喝100元", ["张三"], [])
    assert [one.is_hard for one in found] == [True, False, False]
    assert [one.words for one in unexplained(found, {})] == ["张三"]
    assert unexplained(found, {"张三": " "}) != []
    assert unexplained(found, {"张三": "化名"}) == []


def test_the_marked_text_is_the_text():
    text = "张三在东一厂，8月20日。"
    spans = marked(text, identifying(text, ["张三"], ["东一厂"]))
    assert "".join(span.text for span in spans) == text
    assert [span.text for span in spans if span.finding] == ["张三", "东一厂", "8月20日"]
