"""Workbooks keep text as text, numbers as numbers, and the same content gives the same bytes."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from yuanqing.shell.document.xlsx import Choices, SheetColumn, SheetData, read_book, write_book, write_table

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    '=HYPERLINK("x")',
    "=cmd|' /C calc'!A0",
    "#N/A",
]


def sheet_xml(file: bytes, number: int = 1) -> str:
    return zipfile.ZipFile(io.BytesIO(file)).read(f"xl/worksheets/sheet{number}.xml").decode()


def test_no_text_becomes_a_formula() -> None:
    file = write_table("外来文字", ["内容"], [[text] for text in DANGEROUS])
    assert "<f>" not in sheet_xml(file)
    assert sheet_xml(file).count('t="inlineStr"') == 1 + len(DANGEROUS)
    shown = [row[0].replace("\n", "\r") for row in read_book(file)["外来文字"][1:]]
    assert shown == DANGEROUS


def test_text_that_looks_like_a_formula_stays_text_when_edited() -> None:
    """The quote prefix keeps Excel from reading the cell anew after F2 and Enter."""
    file = write_table("外来文字", ["内容"], [["=1+1"], ["安全"]])
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(min_row=2)]  # type: ignore[union-attr]
    assert [cell.quotePrefix for cell in cells] == [True, False]


def test_headings_notes_and_labels_are_text_too() -> None:
    file = write_book([SheetData("表", ["=标签"], [["甲"]], heading="=标题")], notes=["=说明"])
    assert "<f>" not in sheet_xml(file) + sheet_xml(file, 2)
    assert read_book(file) == {"表": [["=标题"], ["=标签"], ["甲"]], "说明": [["说明"], ["=说明"]]}


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    kinds = ("text", "int", "decimal", "percent", "date", "datetime")
    columns = [SheetColumn(kind, kind) for kind in kinds]  # type: ignore[arg-type]
    row = ["0012", 3, Decimal("1.25"), 0.5, date(2026, 3, 5), datetime(2026, 3, 5, 16, 30, tzinfo=UTC)]
    read = read_book(write_table("各种值", columns, [row]))["各种值"][1]
    assert read == ["0012", 3.0, 1.25, 0.5, date(2026, 3, 5), datetime(2026, 3, 6, 0, 30)]  # noqa: DTZ001


def test_blanks_truths_and_numbers_too_long_for_excel() -> None:
    read = read_book(write_table("表", [SheetColumn("甲", "int")], [[None], [True], [12345678901234567]]))["表"]
    assert read[1:] == [[""], ["是"], ["12345678901234567"]]


def test_signs_a_sheet_cannot_hold_are_left_out_and_too_long_a_text_is_refused() -> None:
    assert read_book(write_table("表", ["甲"], [["甲\x00\x0b\ud800乙"]]))["表"][1] == ["甲乙"]
    with pytest.raises(ValueError, match="32767"):
        write_table("表", ["甲"], [["长" * 32_768]])


def test_the_head_is_frozen_and_filtered_and_columns_are_wide_enough_for_chinese() -> None:
    file = write_table("表", ["单位名称"], [["源清示范集团第一制造厂"]])
    page = openpyxl.load_workbook(io.BytesIO(file)).active
    assert page is not None
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:A2"
    assert page.column_dimensions["A"].width == 24  # eleven characters of double width and two spare


def test_sheet_names_are_made_fit_and_distinct() -> None:
    names = list(read_book(write_book([SheetData(name, ["甲"], []) for name in ("甲/乙", "甲?乙", "名" * 40, "")])))
    assert names == ["甲 乙", "甲 乙(2)", "名" * 31, "Sheet"]


def test_drop_downs_and_prompts_reach_the_empty_rows_below() -> None:
    sheet = SheetData(
        "表", ["类别", "代码"], [], choices=(Choices(0, ("甲", "乙")),), prompts=((1, "代码", "四位"),), spare=5
    )
    page = openpyxl.load_workbook(io.BytesIO(write_book([sheet])))["表"]
    rules = page.data_validations.dataValidation
    assert [(str(rule.sqref), rule.type, rule.prompt) for rule in rules] == [
        ("A2:A6", "list", None),
        ("B2:B6", None, "四位"),
    ]


def test_the_same_sheets_give_the_same_bytes() -> None:
    def make(on: date) -> bytes:
        return write_book([SheetData("表", ["甲"], [["一"]], choices=(Choices(0, ("一",)),))], on=on, notes=["注"])

    assert make(date(2026, 11, 12)) == make(date(2026, 11, 12)) != make(date(2026, 11, 13))
