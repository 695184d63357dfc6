"""A pack written as a workbook and read back is the same pack."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from yuanqing.kernel.packs.fields import UNWRITABLE
from yuanqing.kernel.packs.problems import PackError
from yuanqing.kernel.packs.schema import Pack, build
from yuanqing.kernel.packs.sheet import LARGEST, from_sheet, to_sheet
from yuanqing.norms.packs import shipped_packs

HEAD = {
    "name": "sample",
    "title": "样例",
    "version": "1",
    "effective_from": "2026-01-01",
    "source": "样例文件",
    "mark": "own",
}
CODE = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,8}", fullmatch=True)
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
# What a cell might spoil: formulas, quotes, escapes that Excel reads, edges of white space, several lines.
ODD = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "'a",
        "_x0041_",
        "_x005F_x0041_",
        "_x_x0041_",
        "1.10",
        "007",
        "1e5",
        "TRUE",
        "2026-01-01",
        "a\n\nb",
    ]
)
WRITTEN = st.text(max_size=30).map(lambda text: UNWRITABLE.sub("", text))
TEXT = st.one_of(WRITTEN, ODD)
TITLE = TEXT.filter(lambda text: text.strip() != "")
LINE = TITLE.filter(lambda text: "\n" not in text)
REFERENCE = st.tuples(NAME, CODE).map(".".join)

CLAUSE = st.fixed_dictionaries(
    {"title": TITLE},
    optional={
        "text": TEXT,
        "english": TEXT,
        "quote": TEXT,
        "source": TEXT,
        "mark": st.sampled_from(["V", "V2", "R", "own"]),
        "basis": st.lists(REFERENCE, max_size=3),
        "is_template": st.booleans(),
    },
)
CHOICE = st.fixed_dictionaries(
    {"kind": st.just("code"), "title": TITLE, "table": NAME},
    optional={
        "order": st.integers(0, 99),
        "form": st.integers(1, 4),
        "values": st.dictionaries(NAME, LINE, max_size=3),
    },
)
DUE = st.fixed_dictionaries(
    {"day": st.integers(1, 31)},
    optional={
        "policy": st.sampled_from(["fixed", "next_workday", "previous_workday"]),
        "grace": st.integers(0, 9),
        "lock_unit": st.sampled_from(["days", "workdays"]),
    },
)
OBLIGATION = st.fixed_dictionaries(
    {
        "kind": st.just("obligation"),
        "title": TITLE,
        "schedule": st.just("monthly"),
        "due": DUE,
        "fulfilled_by": LINE,
        "audience": st.fixed_dictionaries(
            {"who": st.sampled_from(["unit", "person"])},
            optional={"ranks": st.lists(NAME, max_size=3), "key_posts_only": st.booleans()},
        ),
    }
)


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    entries: list[dict[str, Any]] = []
    for kind in (CLAUSE, OBLIGATION, CHOICE):
        entries += draw(st.lists(kind, max_size=3))
    entries = entries or [draw(CLAUSE)]
    codes = draw(st.lists(CODE, min_size=len(entries), max_size=len(entries), unique=True))
    coded = [{**entry, "code": code} for entry, code in zip(entries, codes, strict=True)]
    return build({**HEAD, "kind": "rules", "entries": coded}, "sample")


@settings(max_examples=150, deadline=None)
@given(packs())
def test_any_pack_comes_back_unchanged(pack: Pack) -> None:
    assert from_sheet(to_sheet(pack)) == pack


@pytest.mark.parametrize("pack", shipped_packs().values(), ids=lambda pack: pack.name)
def test_every_shipped_pack_comes_back_unchanged(pack: Pack) -> None:
    assert from_sheet(to_sheet(pack)) == pack


@settings(max_examples=30, deadline=None)
@given(packs())
def test_no_cell_is_a_formula(pack: Pack) -> None:
    book = load_workbook(BytesIO(to_sheet(pack)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def workbook(head: dict[str, Any], rows: list[list[Any]], sheet: str = "clause") -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "pack"
    for item in head.items():
        first.append(item)
    entries = book.create_sheet(sheet)
    for row in rows:
        entries.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_and_dates_typed_by_hand_are_read_as_text() -> None:
    head = {**HEAD, "kind": "rules", "version": 2, "effective_from": date(2026, 3, 1)}
    pack = from_sheet(workbook(head, [["code", "title", "is_template"], [7, 2026, True], [None, None, None]]))
    assert (pack.version, pack.effective_from) == ("2", date(2026, 3, 1))
    assert (pack.entry("7").title, pack.entry("7").is_template) == ("2026", True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "不是可以读取的 XLSX 文件"),
        (b"PK\x03\x04 nothing", "不是可以读取的 XLSX 文件"),
        (workbook({}, [["code"]], "weights"), "不认识工作表"),
        (
            workbook({**HEAD, "kind": "rules"}, [["code", "title", "colour"], ["1", "甲", "红"]]),
            "“colour”：不认识这一项",
        ),
        (workbook({**HEAD, "kind": "rules"}, [["code", "title", "due", "due.day"], ["1", "甲", "x", "5"]]), "不认识"),
    ],
    ids=["empty", "broken", "unknown sheet", "unknown column", "column beside its parent"],
)
def test_what_cannot_be_read_is_told(content: bytes, told: str) -> None:
    with pytest.raises(PackError, match=told):
        from_sheet(content)


def test_a_workbook_that_unpacks_too_large_is_refused_unopened() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sheet.xml", "w") as part:
        for _block in range(LARGEST // 2**20 + 1):
            part.write(bytes(2**20))
    with pytest.raises(PackError, match="文件太大"):
        from_sheet(out.getvalue())
