"""A block pasted from a spreadsheet is read as people write numbers; errors say where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanqing.discipline.monthly_return.rules import Misread, placed, read_block, read_number

FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("007", 7), ("12", 12), (" 12 ", 12), ("１２", 12), ("1,234", 1234), ("1，234", 1234), ("１，２３４，５６７", 1234567),
        ("", 0), ("  ", 0), ("\u3000", 0), ("-", 0), ("—", 0), ("－", 0), ("1\u00a0234", 1234), ("999999999", 999_999_999),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["-1", "3.0", "3.5", "1,23", ",1", "12人", "一", "１２．５", "1e3", "=A1", "1000000000", "٣"]
)
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"不是整数|太大"):
        read_number(text)


def test_a_block_of_excel() -> None:
    block = read_block("1\t2\t\r\n3\t\t1,000\r\n")
    assert block.rows == ((1, 2, 0), (3, 0, 1000))
    assert block.errors == ()


def test_errors_name_row_and_column() -> None:
    block = read_block("1\tabc\n\n２\t3\t-4")
    assert block.rows == ((1, None), (0,), (2, 3, None))
    assert block.errors == (
        Misread(1, 2, "第1行第2列：“abc”不是整数。"),
        Misread(3, 3, "第3行第3列：“-4”不是整数。"),
    )


def test_a_quoted_cell_may_hold_a_line_break() -> None:
    assert read_block('1\t"2\n"\n3\t4\n').rows == ((1, 2), (3, 4))


def test_an_empty_block_changes_nothing() -> None:
    assert read_block("").rows == ()
    assert placed(read_block(""), [["a"]]) == {}


GRID = [["a1", "a2", "a3"], ["b1", "b2", "b3"]]


def test_a_block_lands_where_it_is_pasted() -> None:
    assert placed(read_block("1\t2\n3\tx\n"), GRID, 0, 1) == {"a2": 1, "a3": 2, "b2": 3}


@pytest.mark.parametrize(("text", "row", "column"), [("1\t2\t3\t4", 0, 0), ("1\n2", 1, 0), ("1\t2", 0, 2)])
def test_a_block_that_does_not_fit_is_refused(text: str, row: int, column: int) -> None:
    with pytest.raises(ValueError, match=r"粘贴的内容有\d行\d列，从这里起只有\d行\d列。"):
        placed(read_block(text), GRID, row, column)


@given(
    st.lists(st.lists(st.integers(0, 999_999_999), min_size=1, max_size=6), max_size=6), st.booleans(), st.booleans()
)
def test_what_was_written_is_read(rows: list[list[int]], separated: bool, full_width: bool) -> None:
    written = [[f"{n:,}" if separated else str(n) for n in row] for row in rows]
    text = "".join("\t".join(row) + "\r\n" for row in written)
    block = read_block(text.translate(FULL_WIDTH) if full_width else text)
    assert [list(row) for row in block.rows] == rows
    assert not block.errors
