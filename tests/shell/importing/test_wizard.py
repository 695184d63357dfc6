"""Upload, look, confirm: without scripts, for the owner only, all or nothing."""

import io
import os
import re
import stat
import time
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.shell.document.hostile import CORPUS
from tests.shell.importing import addresses
from tests.shell.importing.units import UNITS, book

from yuanqing.kernel import acts
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.shell.document.unpack import read_book
from yuanqing.shell.importing import staging
from yuanqing.shell.importing.file import import_file
from yuanqing.shell.importing.sheet import Rejected

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shell.importing.addresses")]
GOOD = book(["0101", "第一厂", "工厂"], ["0102", "第二厂", "机关", "0101"])
BAD = book(["0101", "", "车间"])
START = "/trial/import/"


def account(username: str) -> Account:
    return accounts.open_account(by=acts.SYSTEM, username=username, display_name=username)


@pytest.fixture
def client() -> Client:
    addresses.APPLIED.clear()
    browser = Client(enforce_csrf_checks=False)
    browser.force_login(account("clerk"))
    return browser


def upload(client: Client, data: bytes, name: str = "单位.xlsx") -> object:
    return client.post(START, {"workbook": SimpleUploadedFile(name, data)})


def staged() -> list[Path]:
    return list((Path(settings.HOME) / "uploads").glob("*"))


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    for file in staged():
        file.unlink()


def test_a_sound_file_is_shown_confirmed_and_gone(client: Client) -> None:
    seen = upload(client, GOOD)
    assert seen.status_code == 302
    page = client.get(seen.url)
    assert page.status_code == 200
    assert "第一厂" in page.content.decode()
    assert addresses.APPLIED == []
    (file,) = staged()
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    done = client.post(seen.url, {"confirm": "1"}, follow=True)
    assert addresses.APPLIED == [("0101", "clerk"), ("0102", "clerk")]
    assert "导入完成" in done.content.decode()
    assert staged() == []
    again = client.post(seen.url, {"confirm": "1"})
    assert again.status_code == 422
    assert len(addresses.APPLIED) == 2


def test_the_forms_work_without_scripts_and_carry_the_csrf_token(client: Client) -> None:
    page = client.get(START).content.decode()
    assert 'enctype="multipart/form-data"' in page
    form = re.search(r"<form[^>]*multipart.*?</form>", page, re.S)
    assert form is not None
    assert "csrfmiddlewaretoken" in form[0]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("other"))
    assert upload(strict, GOOD).status_code == 403


def test_errors_come_back_by_row_and_column_and_nothing_is_kept(client: Client) -> None:
    page = upload(client, BAD)
    text = page.content.decode()
    assert page.status_code == 422
    assert "有 2 处需要改" in text
    assert "必填，不能空着。请填写“单位名称”。" in text
    assert "不在可选范围内" in text
    assert staged() == []


@pytest.mark.parametrize("name", ["zero bytes", "old xls", "zip bomb", "overlapping", "html renamed", "csv renamed"])
def test_a_hostile_file_is_answered_with_its_sentence(client: Client, name: str) -> None:
    data, word = CORPUS[name]
    page = upload(client, data)
    assert page.status_code == 422
    assert word in page.content.decode()


def test_no_file_at_all(client: Client) -> None:
    page = client.post(START)
    assert page.status_code == 422
    assert "还没有选择文件" in page.content.decode()


def test_what_was_typed_is_never_markup(client: Client) -> None:
    page = upload(client, book(["0101", "<b>粗</b>", "<script>"]))
    assert "<script>" not in page.content.decode().split("error-summary")[1].split("</section>")[0]


def test_a_refusal_while_applying_undoes_everything_and_is_shown(client: Client) -> None:
    seen = upload(client, book(["0101", "一"], ["0102", "拒绝"]))
    page = client.post(seen.url, {"confirm": "1"})
    assert page.status_code == 422
    assert "这个名称不能用。" in page.content.decode()


def test_another_person_or_a_changed_token_reaches_nothing(client: Client) -> None:
    seen = upload(client, GOOD)
    other = Client()
    other.force_login(account("other"))
    for browser, url in ((other, seen.url), (client, seen.url[:-4] + "abc/")):
        page = browser.post(url, {"confirm": "1"})
        assert page.status_code == 422
        assert "已经失效" in page.content.decode()
    assert addresses.APPLIED == []


def test_a_file_changed_on_disk_is_not_taken(client: Client) -> None:
    seen = upload(client, GOOD)
    staged()[0].write_bytes(book(["9999", "换"]))
    assert client.post(seen.url, {"confirm": "1"}).status_code == 422
    assert addresses.APPLIED == []


def test_uploads_expire_and_are_swept(client: Client) -> None:
    upload(client, GOOD)
    (old,) = staged()
    past = time.time() - staging.LIFETIME - 1
    os.utime(old, (past, past))
    upload(client, GOOD)
    assert old not in staged()


def test_giving_up_deletes_the_file(client: Client) -> None:
    seen = upload(client, GOOD)
    assert client.post(seen.url, {"discard": "1"}).url == START
    assert staged() == []


def test_who_may_not_is_refused_with_the_reason(client: Client) -> None:
    guest = Client()
    guest.force_login(account("guest"))
    for answer in (guest.get(START), upload(guest, GOOD), guest.get(START + "template/")):
        assert answer.status_code == 409
        assert "只有管理员可以导入单位。" in answer.content.decode()


def test_the_template_is_a_download_empty_or_filled(client: Client) -> None:
    empty = client.get(START + "template/")
    assert "attachment" in empty["Content-Disposition"]
    assert "导入单位" in unquote(empty["Content-Disposition"])
    assert read_book(empty.content)["单位"][1:] == []
    filled = client.get(START + "template/?filled=1")
    assert read_book(filled.content)["单位"][1][:2] == ["0101", "现有厂"]


def test_the_same_from_the_command_line(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "units.xlsx"
    file.write_bytes(GOOD)
    clerk = Account.objects.get(username="clerk")
    counts = import_file(file, [UNITS], apply=addresses.apply, check=addresses.parents_exist, by=clerk)
    assert (counts.created, len(addresses.APPLIED)) == (2, 2)
    file.write_bytes(BAD)
    with pytest.raises(Rejected) as rejected:
        import_file(file, [UNITS], apply=addresses.apply, by=clerk)
    assert [problem.letter for problem in rejected.value.problems] == ["B", "C"]
    assert (
        io.StringIO(str(rejected.value)).readline()
        == "单位，第2行，B列“单位名称”：必填，不能空着。请填写“单位名称”。\n"
    )
