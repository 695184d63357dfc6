"""A workbook is read whatever the order of its columns, and every error names its cell and the way to mend it."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from django.utils import translation
from tests.shell.document import hostile
from tests.shell.importing.units import HEADS, UNITS, book, parents_exist

from yuanqing.kernel.almanac import Month
from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.sheet import Column, Parsed, Sheet
from yuanqing.shell.importing.template import template

GOOD = ["0101", "第一厂", "工厂", "", "2026年3月5日", "2026-10", "１２", "是"]
PEOPLE = Sheet(name="人员", key="people", required=False, columns=(Column("name", "姓名", required=True),))


def messages(parsed: Parsed) -> list[str]:
    return [str(problem) for problem in parsed.errors]


def test_a_row_is_read_into_values() -> None:
    parsed = read(book(GOOD), [UNITS])
    assert messages(parsed) == []
    assert parsed.rows["units"] == [
        {
            "code": "0101",
            "name": "第一厂",
            "kind": "plant",
            "parent": "",
            "starts_on": date(2026, 3, 5),
            "month": Month(2026, 10),
            "staff": 12,
            "is_key": True,
        }
    ]
    assert parsed.rows["units"][0].number == 2


def test_excel_s_own_dates_and_numbers_are_understood() -> None:
    row = ["0102", "二厂", "机关", "0101", datetime(2026, 3, 5), date(2026, 10, 1), 3, True]  # noqa: DTZ001
    values = read(book(row), [UNITS]).rows["units"][0]
    assert (values["starts_on"], values["month"], values["staff"], values["is_key"]) == (
        date(2026, 3, 5),
        Month(2026, 10),
        3,
        True,
    )


def test_columns_may_stand_in_any_order_under_a_title_with_blank_rows_between() -> None:
    rows = [[None], ["", "　"], ["第一厂", "x", "0101"], [], ["第二厂", "", "0102"]]
    data = book(["单位名称", "备注", "单位代码*"], *rows, heads=["源清示范集团单位表"])
    parsed = read(data, [UNITS])
    assert messages(parsed) == []
    assert [(row["code"], row["name"], row.number) for row in parsed.rows["units"]] == [
        ("0101", "第一厂", 5),
        ("0102", "第二厂", 7),
    ]
    remarks = [str(remark) for remark in parsed.remarks]
    assert "单位，第2行，B列“备注”：模板里没有这一列，没有读取。" in remarks
    assert any("没有“起始日期”这一列" in remark for remark in remarks)
    assert "starts_on" not in parsed.rows["units"][0]  # absent, not blank


def test_every_error_has_its_place_its_value_and_a_way_out() -> None:
    data = book(["0101", "", "车间", "", "五月", "", "三", "也许"], ["", "名" * 11, "", "", "", "", -1, ""])
    assert messages(read(data, [UNITS])) == [
        "单位，第2行，B列“单位名称”：必填，不能空着。请填写“单位名称”。",
        "单位，第2行，C列“单位类别”：不在可选范围内。请从下列中选一个：工厂、机关。",
        "单位，第2行，E列“起始日期”：应填日期。请写成 2026-03-05 或 2026年3月5日 的样子。",
        "单位，第2行，G列“人数”：应填数字，只写数字本身，不带单位和文字，例如 12。",
        "单位，第2行，H列“是否重点”：应填“是”或“否”。",
        "单位，第3行，A列“单位代码”：必填，不能空着。请填写“单位代码”。",
        "单位，第3行，B列“单位名称”：最多 10 个字，现有 11 个。请缩短。",
        "单位，第3行，G列“人数”：不能小于 0。请核对。",
    ]
    assert read(data, [UNITS]).errors[1].value == "车间"


def test_missing_and_repeated_columns_are_reported() -> None:
    parsed = read(book(["甲", "乙"], heads=["单位名称", "单位名称"]), [UNITS])
    assert messages(parsed) == [
        "单位，第1行，B列“单位名称”：表头重复出现。请只保留一列，把内容并到一起。",
        "单位：缺少必填的列“单位代码”。请按模板补上这一列。",
    ]


def test_the_same_code_twice_is_reported_at_the_second() -> None:
    parsed = read(book(GOOD, ["０１０１", "又一厂"]), [UNITS])
    assert messages(parsed) == ["单位，第3行，A列“单位代码”：与第2行重复。同一内容只保留一行。"]


def test_a_number_among_codes_with_leading_zeros_is_not_trusted() -> None:
    parsed = read(book(GOOD, [102, "二厂"]), [UNITS])
    assert len(parsed.errors) == 1
    assert "开头的 0 可能丢了" in messages(parsed)[0]


def test_merged_cells_are_refused_in_the_table_but_not_in_a_title_above_it() -> None:
    assert "A2:A3 合并了" in messages(read(book(GOOD, [None, "二厂"], merge="A2:A3"), [UNITS]))[0]
    titled = book(HEADS, GOOD, heads=["单位表"], merge="A1:C1")
    assert messages(read(titled, [UNITS])) == []


def test_a_check_across_rows_runs_only_when_every_cell_is_readable() -> None:
    orphan = ["0102", "二厂", "", "0199"]
    assert messages(read(book(GOOD, orphan), [UNITS], check=parents_exist)) == [
        "单位，第3行，D列“上级单位代码”：上级单位代码“0199”不在文件里。"
    ]
    unreadable = read(book(GOOD, [*orphan, "五月"]), [UNITS], check=parents_exist)
    assert [problem.letter for problem in unreadable.errors] == ["E"]


def test_sheets_are_found_by_name_a_single_one_by_being_alone() -> None:
    assert messages(read(book(GOOD, name="Sheet1"), [UNITS])) == []
    parsed = read(book(GOOD, name="Sheet1"), [UNITS, PEOPLE])
    assert messages(parsed)[0] == "缺少工作表“单位”。请用下载的模板填写，不要改工作表名称。"
    assert [str(remark) for remark in parsed.remarks] == ["工作表“Sheet1”不在模板之内，没有读取。"]


def test_no_head_and_no_rows() -> None:
    assert "找不到表头" in messages(read(book(["甲"], heads=["乙"]), [UNITS]))[0]
    assert messages(read(book(), [UNITS])) == ["文件里没有数据。请在表头下面逐行填写后再上传。"]


@pytest.mark.parametrize("name", hostile.CORPUS)
def test_a_hostile_file_is_one_error_and_no_rows(name: str) -> None:
    parsed = read(hostile.CORPUS[name][0], [UNITS])
    assert len(parsed.errors) == 1
    assert parsed.count == 0


def test_the_template_explains_itself_and_reads_back_as_empty() -> None:
    file = template([UNITS])
    page = openpyxl.load_workbook(io.BytesIO(file))["单位"]
    assert [cell.value for cell in page[1]] == ["单位代码*", "单位名称*", *HEADS[2:]]
    prompts = {str(rule.sqref): rule.prompt for rule in page.data_validations.dataValidation}
    assert prompts["A2:A2001"] == "必填。代码，按文本填写，开头的 0 要保留。"
    lists = [str(rule.sqref) for rule in page.data_validations.dataValidation if rule.type == "list"]
    assert lists == ["C2:C2001", "H2:H2001"]
    notes = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(file))["说明"].iter_rows()]
    assert "例：单位代码=0101；单位名称=某厂；单位类别=工厂；起始日期=2026-01-01；是否重点=是" in notes
    assert messages(read(file, [UNITS])) == ["文件里没有数据。请在表头下面逐行填写后再上传。"]
    assert template([UNITS]) == file


def test_an_export_is_read_back_without_loss_in_either_language() -> None:
    rows = read(book(GOOD), [UNITS]).rows["units"]
    for written in ("zh-hans", "en"):
        with translation.override(written):
            file = template([UNITS], {"units": rows})
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert read(file, [UNITS]).rows["units"] == rows
