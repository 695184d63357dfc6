"""The grid of a return: what counts as a number, what is an override, what the sums are."""

import pytest

from yuanqing.shell.grid import Cell, Grid, Line, parse_cell


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        (" 3 ", 3),
        ("１２", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("1\u202f234", 1234),
        ("-2", -2),
        ("－2", -2),
        ("", None),
        ("  ", None),
    ],
)
def test_a_clerk_may_type_digits_of_either_width_with_separators(typed, number):
    assert parse_cell(typed) == number


@pytest.mark.parametrize("typed", ["三", "1.5", "1+1", "=A1", "--1", "1人", "²"])
def test_anything_else_is_no_number(typed):
    with pytest.raises(ValueError):
        parse_cell(typed)


def test_a_value_that_differs_from_the_records_is_an_override():
    assert Cell("a", value=3, prefilled=2).is_override
    assert not Cell("a", value=2, prefilled=2).is_override
    assert not Cell("a", value=None, prefilled=2).is_override
    assert not Cell("a", value=7).is_override


def test_sums_of_rows_columns_and_all():
    grid = Grid(
        "g",
        ["起", "人"],
        [Line("甲"), Line("A1", (Cell("a", 1), Cell("b", 2))), Line("A2", (Cell("c", 3), Cell("d", "四")))],
    )
    assert [line.total for line in grid.lines if line.cells] == [3, 3]
    assert grid.sums == [4, 2]
    assert grid.grand_total == 6


def test_overrides_are_named_by_row_and_column():
    grid = Grid("g", ["起"], [Line("A1 违规收送", (Cell("a", 3, prefilled=2, reason="补登一起"),))])
    assert [(name, cell.reason) for name, cell in grid.overrides] == [("A1 违规收送 · 起", "补登一起")]
    assert grid.payload["cells"]["a"]["title"] == "A1 违规收送 · 起"
