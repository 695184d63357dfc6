"""The return as a workbook: downloaded with the numbers of the records, filled in, uploaded into the draft."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.discipline.monthly_return.browser import Reader, hidden, text

from yuanqing.discipline.monthly_return.models import ReturnDraft

GRID, FLOW, CLAUSES = "受理和查处违反八项规定精神问题", "受理和办结", "十条纪律落实情况"


@pytest.fixture
def contact(house, october):
    house.with_a_matter()
    return Reader(house.contact)


def downloaded(reader, record):
    response = reader.get(reverse("return_sheet:download", args=[record.pk]))
    return openpyxl.load_workbook(io.BytesIO(response.content))


def place(sheet, row: str, column: str):
    head = [cell.value for cell in sheet[1]]
    line = next(line for line in sheet.iter_rows() if str(line[0].value) == row)
    return line[head.index(column)]


def upload(reader, record, book):
    kept = io.BytesIO()
    book.save(kept)
    fill = reverse("monthly_return:fill", args=[record.pk])
    page = hidden(reader.get(fill))
    file = SimpleUploadedFile("月报.xlsx", kept.getvalue())
    address = reverse("return_sheet:upload", args=[record.pk])
    return reader.post(address, {"editor": page["editor"], "revision": page["revision"], "file": file}, page=fill)


def test_the_workbook_holds_the_numbers_of_the_records(house, contact):
    book = downloaded(contact, house.paper("0101"))
    assert place(book[GRID], "B2a", "查处问题数·县处级").value == 1
    assert place(book[GRID], "A1", "受理问题数·省部级").value == 0
    assert place(book[FLOW], "flow", "本月受理").value == 2


def test_a_filled_workbook_becomes_the_draft(house, contact):
    record = house.paper("0101")
    book = downloaded(contact, record)
    for number in range(1, 11):
        place(book[CLAUSES], f"D{number}", "落实情况").value = "已执行"
    place(book[CLAUSES], "D3", "说明").value = "开展了一次检查"
    place(book[GRID], "B2a", "批评教育帮助和处理人数·县处级").value = 2
    response = upload(contact, record, book)
    assert response.status_code == 302
    cells = ReturnDraft.objects.get().content["cells"]
    assert cells["people_handled.B2a.county"] == "2"
    assert (cells["state.D10"], cells["description.D3"]) == ("enforced", "开展了一次检查")
    assert "problems.B2a.county" not in cells  # as the records say


def test_every_wrong_cell_is_named_and_nothing_is_taken(house, contact):
    record = house.paper("0101")
    book = downloaded(contact, record)
    place(book[GRID], "B2a", "查处问题数·县处级").value = "两起"
    place(book[CLAUSES], "D3", "落实情况").value = "还行"
    response = upload(contact, record, book)
    assert response.status_code == 422
    assert "两起" in text(response)
    assert "还行" in text(response)
    assert not ReturnDraft.objects.exists()


def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(house, contact):
    record = house.paper("0101")
    fill = reverse("monthly_return:fill", args=[record.pk])
    file = SimpleUploadedFile("月报.xlsx", b"PK nonsense")
    response = contact.post(reverse("return_sheet:upload", args=[record.pk]), {"file": file}, page=fill)
    assert response.status_code == 422


def test_who_may_not_fill_in_may_not_upload(house, contact):
    reader, record = Reader(house.east), house.paper("0101")
    file = SimpleUploadedFile("月报.xlsx", b"")
    page = "/discipline/return-review/"
    assert reader.post(reverse("return_sheet:upload", args=[record.pk]), {"file": file}, page=page).status_code == 409
