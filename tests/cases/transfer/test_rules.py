"""The format of packages: what is said is read back, and every change of a byte is found."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from tests.cases.transfer.other import MATTER, Other

from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.rules import Head, head_of, parts_of
from yuanqing.cases.partner.rules import is_signed
from yuanqing.cases.petition.rules import due_on
from yuanqing.cases.transfer.rules import clock_of
from yuanqing.norms.packs import shipped, shipped_calendar

SERIAL = UUID("00000000-0000-4000-8000-00000000000a")
HEAD = Head(SERIAL, "ZS2026-000001", "age1xyz", date(2026, 11, 26), "a" * 64, "assign", 2, "petition.assigned")


def test_the_head_by_hand() -> None:
    assert HEAD.text(rules.PACKAGE) == (
        "yuanqing transfer package v1\npackage: 00000000-0000-4000-8000-00000000000a\nnumber: ZS2026-000001\nto: age1xyz\n"
        f"on: 2026-11-26\nway: assign\nmatters: 2\nanswer: petition.assigned\nsha256: {'a' * 64}\n"
    )


@pytest.mark.parametrize("kind", [rules.PACKAGE, rules.ANSWER, rules.RECEIPT])
def test_what_is_written_is_read_back(kind: str) -> None:
    note = Other().signed(HEAD.text(kind))
    head = head_of(note, kind)
    assert (head.serial, head.number, head.on, head.digest) == (SERIAL, HEAD.number, HEAD.on, HEAD.digest)
    assert (head.matters, head.answer) == ((2, "petition.assigned") if kind == rules.PACKAGE else (0, ""))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("package: 0", "package: z"),
        ("matters: 2", "matters: 0"),
        ("matters: 2", "matters: 201"),
        ("matters: 2", "matters: two"),
        ("matters: 2", "matters: 02"),
        ("on: 2026-11-26", "on: 2026-13-26"),
        ("on: 2026-11-26", "on: 26.11.2026"),
        ("number: ZS2026-000001\n", ""),
        ("number: ZS2026-000001", f"number: {'1' * 41}"),
        ("way: assign\n", "way: assign\nway: forward\n"),
        ("way: assign\n", "way: assign\nmore: 1\n"),
        ("sha256: aaaa", "sha256: "),
        ("package v1", "package v2"),
    ],
)
def test_impossible_heads_are_refused(before: str, after: str) -> None:
    text = HEAD.text(rules.PACKAGE).replace(before, after, 1)
    with pytest.raises(ValueError, match=r"wrong|kind|twice"):
        head_of(Other().signed(text), rules.PACKAGE)


def test_every_altered_byte_is_found() -> None:
    other = Other()
    file = other.package(other.public, MATTER)
    places = [*range(0, 600, 7), *range(600, len(file), max(1, len(file) // 80))]
    for place in places:
        changed = bytearray(file)
        changed[place] ^= 1
        assert not _holds(bytes(changed), other), place
    for end in (0, 1, 100, len(file) - 1):
        assert not _holds(file[:end], other)
    assert _holds(file, other)


def _holds(file: bytes, other: Other) -> bool:
    try:
        note, body = parts_of(file)
        head = head_of(note, rules.PACKAGE)
        return is_signed(note, other.verifier) and rules.digest_of(body) == head.digest
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("state", "course", "answer", "code"),
    [
        ("sent", "out", "", "transfer.receipt"),
        ("sent", "out", "petition.assigned", "transfer.receipt"),
        ("sent", "inside", "", "petition.down"),
        ("arrived", "in", "", "petition.down"),
        ("arrived", "in", "xunshi.leads", "petition.down"),
        ("delivered", "out", "petition.assigned", "petition.assigned"),
        ("delivered", "out", "", ""),
        ("taken", "in", "xunshi.leads", "xunshi.leads"),
        ("answered", "in", "petition.assigned", ""),
        ("settled", "out", "", ""),
    ],
)
def test_which_clock_runs(state: str, course: str, answer: str, code: str) -> None:
    assert clock_of(state, course, answer) == code


@pytest.mark.parametrize(
    ("start", "due"),
    [  # ten working days with the shipped calendar: the worked 20 September and 10 October count, the holidays do not
        ("2026-11-26", "2026-12-10"),
        ("2026-09-18", "2026-10-09"),
        ("2026-09-30", "2026-10-20"),
        ("2026-02-13", "2026-03-05"),
    ],
)
def test_receipts_are_due_by_hand(start: str, due: str) -> None:
    entry = shipped("deadlines").entry("transfer.receipt").data
    assert due_on(entry, date.fromisoformat(start), shipped_calendar()) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("to", "relation", "fits"),
    [
        ("subordinate", "subordinate", True),
        ("subordinate, parallel", "parallel", True),
        ("subordinate", "superior", False),
        ("", "superior", False),
        ("superiors", "superior", False),
    ],
)
def test_where_a_way_may_go(to: str, relation: str, fits: bool) -> None:
    assert rules.may_go(to, relation) is fits
