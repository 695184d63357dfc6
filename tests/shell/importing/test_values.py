"""A cell becomes a value, or a sentence that says how to mend it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.shell.importing.units import KINDS

from yuanqing.kernel.almanac import Month
from yuanqing.shell.importing.sheet import Column
from yuanqing.shell.importing.values import Wrong, value


def read(kind: Any, raw: Any, **more: Any) -> Any:
    return value(Column("x", "某列", kind=kind, **more), raw)


@pytest.mark.parametrize(
    "raw",
    ["2026-3-5", "2026/03/05", "2026.3.5", "2026年3月5日", "２０２６－３－５", " 2026 年 3 月 5 日 ", "20260305", 20260305.0,
     date(2026, 3, 5), datetime(2026, 3, 5, 8, 0, tzinfo=UTC), 46086.0, "2026-03-05 00:00:00"],
)  # fmt: skip
def test_days(raw: Any) -> None:
    assert read("date", raw) == date(2026, 3, 5)  # day 46086 of Excel


@pytest.mark.parametrize(
    ("raw", "word"), [("2026-2-30", "没有这一天"), ("三月五日", "应填日期"), (5.0, "应填日期"), (True, "应填日期")]
)
def test_no_days(raw: Any, word: str) -> None:
    with pytest.raises(Wrong, match=word):
        read("date", raw)


@pytest.mark.parametrize(
    "raw",
    ["2026-10", "2026年10月", "2026.10", "202610", 202610.0, "２０２６年１０月", date(2026, 10, 31), "2026-10-01"],
)
def test_months(raw: Any) -> None:
    assert read("month", raw) == Month(2026, 10)


def test_a_month_that_excel_made_a_fraction_is_explained() -> None:
    with pytest.raises(Wrong, match="小数"):
        read("month", 2026.1)
    with pytest.raises(Wrong, match="应填月份"):
        read("month", "2026-13")


@pytest.mark.parametrize(
    ("raw", "number"), [(12.0, 12), ("１２", 12), (" 1,234 ", 1234), ("-3", -3), ("12.0", 12), ("１，２３４", 1234)]
)
def test_integers(raw: Any, number: int) -> None:
    assert read("int", raw) == number


@pytest.mark.parametrize(
    ("raw", "word"),
    [("12人", "不带单位"), ("1.5", "整数"), (1.5, "整数"), ("1e5", "不带单位"), (True, "应填数字"), (1e18, "太大"), ("NaN", "不带单位"),
     ("1,23", "不带单位"), (float("nan"), "数字"), (float("inf"), "数字"), (date(2026, 1, 1), "应填数字")],
)  # fmt: skip
def test_no_integers(raw: Any, word: str) -> None:
    with pytest.raises(Wrong, match=word):
        read("int", raw)


def test_bounds_and_decimals() -> None:
    assert read("decimal", "1.50") == Decimal("1.50")
    with pytest.raises(Wrong, match="不能小于 0"):
        read("int", -1, minimum=0)
    with pytest.raises(Wrong, match="不能大于 9"):
        read("int", 10, maximum=9)


def test_a_code_keeps_its_zeros_and_loses_blanks_and_width() -> None:
    assert read("code", " ０１０１ ") == "0101"
    assert read("code", "A-01（甲）") == "A-01(甲)"
    assert read("code", 101.0) == "101"


@pytest.mark.parametrize(
    ("raw", "digits", "word"),
    [
        (101.0, 4, "0101"),
        ("101", 4, "应为 4 位"),
        (1.5, 0, "前 15 位"),
        (4.1e17, 18, "前 15 位"),
        (date(2026, 1, 1), 0, "文本"),
        (True, 0, "文本"),
    ],
)
def test_a_code_that_excel_has_spoilt_is_explained(raw: Any, digits: int, word: str) -> None:
    with pytest.raises(Wrong, match=word):
        read("code", raw, digits=digits)


@pytest.mark.parametrize("raw", ["plant", "工厂", " 工 厂 ", "PLANT"])
def test_a_choice_by_code_or_label(raw: str) -> None:
    assert read("choice", raw, choices=KINDS) == "plant"


def test_no_choice_lists_the_choices() -> None:
    with pytest.raises(Wrong, match="工厂、机关"):
        read("choice", "车间", choices=KINDS)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("是", True), ("Ｙ", True), ("√", True), (True, True), ("否", False), (0.0, False), ("no", False)],
)
def test_yes_and_no(raw: Any, expected: bool) -> None:
    assert read("bool", raw) is expected
    with pytest.raises(Wrong, match="是"):
        read("bool", "也许")


def test_text_is_tidied_but_chinese_signs_stay() -> None:
    assert read("text", "　第１制造厂（Ａ区），北门\u200b ") == "第1制造厂（A区），北门"
    assert read("text", 5.0) == "5"
    with pytest.raises(Wrong, match="最多 2 个字，现有 3 个"):
        read("text", "一二三", max_length=2)


def test_blanks() -> None:
    assert [read(kind, "　") for kind in ("text", "code", "int", "date", "choice")] == ["", "", None, None, None]
    with pytest.raises(Wrong, match="必填"):
        read("text", " ", required=True)


def test_a_formula_error_is_told_from_text() -> None:
    with pytest.raises(Wrong, match="公式错误"):
        read("text", "#REF!")
