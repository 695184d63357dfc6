"""The workbook of the organisation: what is written out can be read in, and every error stands at its cell."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError
from yuanqing.org.person.models import Person
from yuanqing.org.post import tasks
from yuanqing.org.post.models import Appointment, Post
from yuanqing.org.unit.models import Placement, Unit
from yuanqing.shell.importing.file import apply_wholly, told_to
from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.sheet import Counts
from yuanqing.shell.importing.template import template

HEADS = {
    "生效日期": ["变动生效日期"],
    "单位": ["单位代码", "单位名称", "上级单位代码", "设立日期"],
    "人员": ["人员编号", "姓名", "单位代码", "级别"],
    "岗位": ["岗位代码", "岗位名称", "单位代码", "重点岗位"],
    "任职": ["岗位代码", "人员编号", "任职日期", "免职日期"],
}
A_DAY = date(2025, 1, 1)
GOOD = {
    "单位": [["01", "总部", None, A_DAY], ["0101", "财务部", "01", A_DAY]],
    "人员": [["P1", "张三", "0101", None], ["P2", "李四", "0101", None]],
    "岗位": [["G1", "出纳", "0101", "是"]],
    "任职": [["G1", "P1", date(2025, 2, 1), date(2025, 6, 1)], ["G1", "P2", date(2025, 6, 1), None]],
}


def book(**sheets: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in [HEADS[name], *rows]:
            page.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


checked = told_to(SYSTEM, tasks.check)


def take(data: bytes) -> Counts:
    return apply_wholly(read(data, tasks.SHEETS, check=checked), tasks.apply, SYSTEM)


def errors(**sheets: list[list[object]]) -> list[str]:
    return [str(p) for p in read(book(**sheets), tasks.SHEETS, check=checked).errors]


def test_units_people_posts_and_appointments_in_one_file(db):
    assert take(book(**GOOD)) == Counts(7, 0, 0)
    assert Unit.objects.get(code="0101").path == "01/0101/"
    assert Post.objects.get().is_key
    assert [a.person.name for a in Appointment.objects.on(date(2025, 6, 1))] == ["李四"]


def test_the_same_file_again_changes_nothing(db):
    take(book(**GOOD))
    assert take(book(**GOOD)) == Counts(0, 0, 7)


def test_what_is_exported_can_be_imported_again(db):
    take(book(**GOOD))
    exported = template(tasks.SHEETS, tasks.current_rows(SYSTEM))
    assert take(exported) == Counts(0, 0, 7)
    parsed = read(exported, tasks.SHEETS)
    assert [(r["code"], r["parent_code"]) for r in parsed.rows["units"]] == [("01", ""), ("0101", "01")]
    assert [(r["post_code"], r["ends_on"]) for r in parsed.rows["appointments"]] == [
        ("G1", date(2025, 6, 1)),
        ("G1", None),
    ]


def test_the_day_in_the_file_is_when_changes_begin(db):
    take(book(**GOOD))
    take(book(生效日期=[[date(2025, 9, 1)]], 单位=[["0101", "资产财务部", "01", None]]))
    assert [(p.name, p.during.lower) for p in Placement.objects.filter(unit__code="0101").order_by("during")] == [
        ("财务部", A_DAY),
        ("资产财务部", date(2025, 9, 1)),
    ]


@pytest.mark.parametrize(
    ("sheet", "row", "cell", "sentence"),
    [
        ("单位", ["0102", "审计部", "99", A_DAY], "第4行，C列“上级单位代码”", "上级单位代码“99”不存在"),
        ("单位", ["0101", "又一个", "01", A_DAY], "第4行，A列“单位代码”", "与第3行重复"),
        ("单位", ["0102", "审计部", "01", date(2024, 1, 1)], "第4行，D列“设立日期”", "不能早于这一天"),
        ("单位", ["01/2", "审计部", "01", A_DAY], "第4行，A列“单位代码”", "只能用字母"),
        ("单位", ["0102", None, "01", A_DAY], "第4行，B列“单位名称”", ""),
        ("单位", ["0102", "审计部", "01", "不是日期"], "第4行，D列“设立日期”", ""),
        ("人员", ["P3", "王五", "99", None], "第4行，C列“单位代码”", "单位代码“99”不存在"),
        ("人员", ["P1", "王五", "0101", None], "第4行，A列“人员编号”", "重复"),
        ("岗位", ["G2", "会计", "99", None], "第3行，C列“单位代码”", "单位代码“99”不存在"),
        ("岗位", ["G2", "会计", "0101", "也许"], "第3行，D列“重点岗位”", ""),
        ("任职", ["G9", "P1", A_DAY, None], "第4行，A列“岗位代码”", "岗位代码“G9”不存在"),
        ("任职", ["G1", "P9", A_DAY, None], "第4行，B列“人员编号”", "人员编号“P9”不存在"),
        ("任职", ["G1", "P1", date(2025, 5, 1), None], "第4行，C列“任职日期”", "重叠"),
        ("任职", ["G1", "P2", date(2024, 5, 1), date(2024, 5, 1)], "第4行，D列“免职日期”", "必须晚于任职日期"),
    ],
)
def test_every_error_stands_at_its_cell_and_nothing_is_written(db, sheet, row, cell, sentence):
    found = errors(**{**GOOD, sheet: [*GOOD[sheet], row]})
    assert len(found) == 1
    assert cell in found[0]
    assert sentence in found[0]
    assert [model.objects.count() for model in (Unit, Person, Post)] == [0, 0, 0]


def test_the_command_line_says_what_it_did(db, tmp_path):
    file = tmp_path / "org.xlsx"
    file.write_bytes(book(**GOOD))
    assert tasks.import_workbook(str(file)) == "新增 7 条，更新 0 条，未变 0 条。"
    file.write_bytes(book(单位=[["0101", "资产财务部", "01", None]]))
    assert tasks.import_workbook(str(file), on="2025-09-01") == "新增 0 条，更新 1 条，未变 0 条。"
    assert Placement.objects.get(unit__code="0101", during__endswith__isnull=True).during.lower == date(2025, 9, 1)
    file.write_bytes(book(单位=[["0102", "审计部", "99", None]]))
    with pytest.raises(OperatorError, match="C列“上级单位代码”"):
        tasks.import_workbook(str(file))
    out = tmp_path / "out.xlsx"
    tasks.export_workbook(str(out))
    assert take(out.read_bytes()) == Counts(0, 0, 7)
    tasks.write_template(str(out))
    assert [str(p) for p in read(out, tasks.SHEETS).errors] == ["文件里没有数据。请在表头下面逐行填写后再上传。"]
