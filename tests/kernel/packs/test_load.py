"""Reading packs: nothing is guessed, nothing unknown is let in, and every refusal says where to look."""

from __future__ import annotations

from pathlib import Path

import pytest

from yuanqing.kernel.packs.load import from_yaml, load, load_folder, to_yaml
from yuanqing.kernel.packs.problems import PackError

HEAD = """
name: rules_of_ours
title: 样例
kind: rules
version: 1.10
effective_from: 2026-01-01
source: 样例文件
mark: own
"""
CLAUSE = """entries:
  - code: 1.10
    title: no
    text: |
      第一行
      第二行
    basis: speech.2.8
"""


def refusals(text: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        from_yaml(text, "rules_of_ours.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_scalars_stay_what_was_written() -> None:
    pack = from_yaml(HEAD + CLAUSE)
    assert pack.version == "1.10"
    entry = pack.entry("1.10")
    assert (entry.title, entry.text, entry.basis) == ("no", "第一行\n第二行", ("speech.2.8",))


def test_an_entry_without_source_or_mark_has_those_of_its_pack() -> None:
    pack = from_yaml(HEAD + CLAUSE)
    assert pack.source_of(pack.entry("1.10")) == "样例文件"
    assert pack.mark_of(pack.entry("1.10")) == "own"


def test_yaml_comes_back_as_the_same_pack() -> None:
    pack = from_yaml(HEAD + CLAUSE)
    assert from_yaml(to_yaml(pack)) == pack


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD.replace("mark: own", "mark: X") + CLAUSE, "rules_of_ours.yaml：“mark”：只能是 'V', 'V2', 'R' or 'own'。"),
        (HEAD + "colour: red\n" + CLAUSE, "rules_of_ours.yaml：“colour”：不认识这一项。"),
        (HEAD.replace("title: 样例\n", "") + CLAUSE, "rules_of_ours.yaml：“title”：缺少这一项。"),
        (
            HEAD.replace("2026-01-01", "2026-02-30") + CLAUSE,
            "rules_of_ours.yaml：“effective_from”：应是日期，写成 2026-10-01 的样子。",
        ),
        (HEAD + "effective_to: 2025-12-31\n" + CLAUSE, "rules_of_ours.yaml：失效日期早于施行日期。"),
        (HEAD + "entries: []\n", "rules_of_ours.yaml：“entries”：规则包没有条目。"),
        (HEAD + CLAUSE + "    weight: 3\n", "rules_of_ours.yaml：条目“1.10”的“weight”：不认识这一项。"),
        (HEAD + CLAUSE + "    parent: '9'\n", "rules_of_ours.yaml：条目“1.10”的“parent”：上级“9”不存在。"),
        (HEAD + CLAUSE + "    parent: '1.10'\n", "rules_of_ours.yaml：条目“1.10”的“parent”：上级绕成了一个圈。"),
        (HEAD + CLAUSE + "  - {code: 1.10, title: 又}\n", "rules_of_ours.yaml：条目“1.10”的“code”：编号重复。"),
        (HEAD + CLAUSE + "  - {title: 无编号}\n", "rules_of_ours.yaml：条目“第2条”的“code”：缺少这一项。"),
        (HEAD + CLAUSE + "  - 一句话\n", "rules_of_ours.yaml：条目“2”：条目应由若干“名称: 值”组成。"),
        (
            HEAD + CLAUSE + "    kind: weight\n",
            "rules_of_ours.yaml：条目“1.10”的“kind”：这类规则包只能有 clause、obligation、code。",
        ),
        (
            HEAD + CLAUSE.replace("speech.2.8", "2.8"),
            "rules_of_ours.yaml：条目“1.10”的“basis.0”：引用应写成“规则包.编号”，例如 speech.2.8。",
        ),
        ("- 1\n", "rules_of_ours.yaml：不是规则包：应以 name、title 等项开头。"),
    ],
)
def test_refusals_name_file_entry_and_field(text: str, sentence: str) -> None:
    assert refusals(text) == [sentence]


def test_everything_wrong_is_told_at_once() -> None:
    assert len(refusals(HEAD.replace("mark: own", "mark: X") + "colour: red\n" + CLAUSE + "    weight: 3\n")) == 3


@pytest.mark.parametrize("text", ["name: a\nname: b\n", "a: &x [1]\nb: *x\n", "a: [1\n", "? [a]\n: 1\n", "%bad\n"])
def test_yaml_that_could_be_misread_is_refused(text: str) -> None:
    assert refusals(text)


def test_entries_of_one_kind_stand_together() -> None:
    text = HEAD + CLAUSE + "  - {kind: code, table: level, code: a, title: 甲}\n  - {code: b, title: 乙}\n"
    assert refusals(text) == ["rules_of_ours.yaml：条目“b”的“kind”：同类条目应放在一起。"]


OBLIGATION = """entries:
  - kind: obligation
    code: report
    title: 报送
    audience: {who: unit}
    fulfilled_by: discipline.monthly_return
"""


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("    schedule: monthly\n", "按月、按年的事项应写报送期限"),
        ("    schedule: monthly\n    due: {day: 5, month: 3}\n", "按年的事项应写截止月份"),
        ("    schedule: yearly\n    due: {day: 5}\n", "按年的事项应写截止月份"),
        ("    schedule: event\n    due: {day: 5}\n", "由事件触发的事项应写时限"),
        ("    schedule: monthly\n    due: {day: 32}\n", "不能大于 31"),
        ("    schedule: daily\n", "只能是 'monthly', 'yearly' or 'event'"),
        ("    schedule: event\n    within: {amount: 2}\n", "缺少这一项"),
    ],
)
def test_an_obligation_has_the_rule_of_its_schedule(rest: str, told: str) -> None:
    assert any(told in sentence for sentence in refusals(HEAD + OBLIGATION + rest))


def test_a_file_is_named_after_its_pack(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(HEAD + CLAUSE, encoding="utf-8")
    with pytest.raises(PackError, match=r"文件名应为“rules_of_ours\.yaml”"):
        load(path)


def test_a_folder_tells_the_problems_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- 1\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes("名称: 甲\n".encode("gb18030"))
    with pytest.raises(PackError) as caught:
        load_folder(tmp_path)
    assert [problem.file for problem in caught.value.problems] == ["a.yaml", "b.yaml"]
