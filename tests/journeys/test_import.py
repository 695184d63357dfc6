"""The organisation from a workbook, in a real browser: template, a file with errors, mended, confirmed, and once more."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.discipline.violation.register import Register
from tests.journeys.stage import fits, let_in, picture, sign_in

from yuanqing.org.unit.models import Unit

pytestmark = [pytest.mark.django_db(transaction=True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filled(template: bytes, *units: dict[str, str]) -> dict[str, Any]:
    """The template with these units below its heads, as a file to upload; columns by their titles."""
    book = load_workbook(BytesIO(template))
    sheet = book["单位"]
    head = next(row for row in sheet.iter_rows() if any(str(c.value or "").startswith("单位代码") for c in row))
    columns = {str(cell.value).rstrip("* ＊"): cell.column for cell in head if cell.value}
    first = head[0].row + 1
    sheet.delete_rows(first, sheet.max_row)
    for n, unit in enumerate(units):
        for title, value in unit.items():
            sheet.cell(first + n, columns[title], value)
    out = BytesIO()
    book.save(out)
    return {"name": "单位.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}


def upload(page: Any, file: dict[str, Any]) -> None:
    page.set_input_files("input[name=workbook]", file)
    page.get_by_role("button", name="上传并检查").click()


def test_units_from_a_workbook(browser: Any, site: Any) -> None:
    register = Register()
    admin_account = register.account("管理员", "system_administrator")
    let_in(admin_account)
    admin = sign_in(browser, site, admin_account)
    admin.goto(site.url + "/org/post/")
    admin.get_by_role("link", name="导入").first.click()
    template = admin.request.get(site.url + "/org/post/import/template/").body()

    # Every error with its sheet, row and column; nothing is written, and there is nothing to confirm.
    wrong = {"单位代码": "0103", "单位名称": "东三厂", "上级单位代码": "99", "设立日期": "2026年13月1日"}
    upload(admin, filled(template, wrong))
    admin.locator(".error-summary", has_text="设立日期").wait_for()
    assert admin.get_by_role("button", name="确认导入").count() == 0
    assert not Unit.objects.filter(code="0103").exists()
    picture(admin, "import-errors")
    admin.set_viewport_size({"width": 390, "height": 844})
    assert fits(admin)
    admin.set_viewport_size({"width": 1440, "height": 900})

    right = {"单位代码": "0103", "单位名称": "东三厂", "上级单位代码": "01", "设立日期": "2026-01-01"}
    admin.goto(site.url + "/org/post/import/")
    upload(admin, filled(template, right))
    admin.get_by_text("检查通过").wait_for()
    picture(admin, "import-preview")
    assert not Unit.objects.filter(code="0103").exists()
    admin.get_by_role("button", name="确认导入").click()
    admin.wait_for_url("**/import/result/**")
    assert Unit.objects.get(code="0103").name == "东三厂"
    picture(admin, "import-result")

    # “Back” and the same confirmation again import nothing twice; neither does the same file.
    admin.go_back()
    if admin.get_by_role("button", name="确认导入").count():
        admin.get_by_role("button", name="确认导入").click()
    admin.goto(site.url + "/org/post/import/")
    upload(admin, filled(template, right))
    admin.get_by_role("button", name="确认导入").click()
    admin.wait_for_url("**/import/result/**")
    assert Unit.objects.filter(code="0103").count() == 1

    # A file that is no workbook is a sentence, not a fault.
    admin.goto(site.url + "/org/post/import/")
    upload(admin, {"name": "单位.xlsx", "mimeType": XLSX, "buffer": b"not a workbook"})
    admin.locator(".error-summary, .notice.tone-error").first.wait_for()
