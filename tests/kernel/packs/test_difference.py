"""Fingerprints follow the content and nothing else; differences read as sentences."""

from __future__ import annotations

from typing import Any

from yuanqing.kernel.packs.difference import difference
from yuanqing.kernel.packs.fingerprint import fingerprint
from yuanqing.kernel.packs.load import from_yaml
from yuanqing.kernel.packs.schema import Pack, as_data, build

HEAD = {
    "name": "sample",
    "title": "样例",
    "kind": "rules",
    "version": "1",
    "effective_from": "2026-01-01",
    "source": "样例文件",
    "mark": "own",
}


def pack(*entries: dict[str, Any], **head: str) -> Pack:
    return build({**HEAD, **head, "entries": list(entries)}, "sample")


ONE = {"code": "1", "title": "甲", "basis": ["speech.2.8"]}
TWO = {"code": "2", "title": "乙"}


def test_fingerprint_ignores_how_it_was_written() -> None:
    block = from_yaml(
        "# 说明\nmark: own\nsource: 样例文件\nname: sample\ntitle: '样例'\nkind: rules\nversion: 1\n"
        "effective_from: 2026-01-01\nentries:\n  - {title: 甲, code: 1, basis: speech.2.8, is_template: 否, text: ''}\n"
    )
    assert fingerprint(block) == fingerprint(pack(ONE))
    assert len(fingerprint(block)) == 64


def test_fingerprint_follows_every_change() -> None:
    changed = [pack(ONE, TWO), pack(TWO, ONE), pack({**ONE, "title": "丙"}), pack(ONE, version="2"), pack(ONE)]
    assert len({fingerprint(one) for one in changed}) == 5


def test_plain_data_builds_the_same_pack() -> None:
    assert build(as_data(pack(ONE, TWO)), "sample") == pack(ONE, TWO)


def test_no_difference_between_equals() -> None:
    assert difference(pack(ONE, TWO), pack(ONE, TWO)) == []


def test_differences_are_sentences() -> None:
    old = pack(ONE, TWO)
    new = pack({"code": "3", "title": "丙"}, {**ONE, "title": "新甲", "basis": []}, version="2")
    assert [str(change) for change in difference(old, new)] == [
        "规则包的“version”由“1”改为“2”",
        "删除条目“2”：乙",
        "新增条目“3”：丙",
        "条目“1”的“title”由“甲”改为“新甲”",
        '条目“1”的“basis”由“["speech.2.8"]”改为“[]”',
    ]


def test_a_new_order_is_a_difference() -> None:
    assert [str(change) for change in difference(pack(ONE, TWO), pack(TWO, ONE))] == ["条目次序改变：1、2 → 2、1"]
