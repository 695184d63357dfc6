"""A petition goes to another body and comes back answered, and a package that came is registered, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.cases.conftest import WORDS, Office, furnish
from tests.cases.partner.test_partner import confirmed, found
from tests.cases.petition.test_petition import letter
from tests.cases.transfer.other import MATTER, Other
from tests.journeys.stage import fits, picture
from tests.journeys.test_leads import Somebody

from yuanqing.cases.partner.models import Mailroom
from yuanqing.cases.partner.queries import own_verifier
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.sealing.models import Unlocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.MEMORY_KIB", 64)
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.PASSES", 1)
    return furnish()


def handed_in(one: Somebody, step: str, name: str, content: bytes, button: str) -> None:
    one.page.set_input_files("[name=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    one.send(button)
    expect(one.page.locator(".error-summary"), step).to_have_count(0)


def fetched(one: Somebody, name: str) -> bytes:
    with one.page.expect_download() as waited:
        one.page.get_by_role("link", name=name, exact=True).click()
    return Path(waited.value.path()).read_bytes()


def unlocked_beside(one: Somebody) -> None:
    """In the window that the refused page opens; what was filled in stays where it is."""
    expect(one.page.locator(".error-summary")).to_contain_text("填的内容还在")
    with one.page.expect_popup() as opened:
        one.page.get_by_role("link", name="在新窗口解锁").click()
    opened.value.fill("[name=words]", WORDS)
    opened.value.get_by_role("button", name="解锁", exact=True).click()
    opened.value.wait_for_url("**/cases/keyring/")
    opened.value.close()


def test_a_petition_goes_to_another_body_and_is_answered(office: Office, site: Any, browser: Any) -> None:
    found(office)
    other = Other()
    confirmed(office, other)
    petition = letter(office)
    intake = Somebody(browser, site, "intake")
    intake.unlock()
    intake.go(petition.get_absolute_url())
    intake.press("封装发出")
    assert intake.page.get_by_role("checkbox", name=petition.number).is_checked()
    intake.page.select_option("[name=partner]", label="某县纪委")
    intake.page.select_option("[name=way]", value="assign")
    intake.page.fill("[name=cover]", "请核实并报结果。")
    picture(intake.page, "transfer-pack")
    intake.send("封装发出")
    expect(intake.page.locator("body")).to_contain_text("请核实并报结果。")
    package = fetched(intake, "材料包")
    intake.press("登记对方回执")
    handed_in(intake, "receipt", "receipt", other.receipt(package, own_verifier()), "登记对方回执")
    intake.press("登记对方答复")
    room = Mailroom.objects.in_use().select_related("key").get()
    answer = other.answer(package, room.key.public, "查否，已经向反映人说明。")
    handed_in(intake, "answer", "answer", answer, "登记对方答复")
    expect(intake.page.locator("body")).to_contain_text("查否，已经向反映人说明。")
    picture(intake.page, "transfer-detail")
    intake.go("/cases/transfer/arrive/")
    handed_in(intake, "package", "package", other.package(room.key.public, MATTER), "收下材料包")
    intake.press("拆封登记")
    expect(intake.page.locator("body")).to_contain_text("虚报加班补贴")
    picture(intake.page, "transfer-take")
    intake.page.select_option("[name=level_0]", value="level_staff")
    intake.page.select_option("[name=kind_0]", value="appeal")
    Unlocked.objects.update(expires_at=timezone.now())  # he reads for a quarter of an hour
    intake.send("登记并封存")
    unlocked_beside(intake)
    expect(intake.page.locator("[name=level_0]")).to_have_value("level_staff")
    expect(intake.page.locator("[name=kind_0]")).to_have_value("appeal")
    picture(intake.page, "transfer-take-locked")
    assert fits(intake.page)
    intake.send("登记并封存")
    assert fetched(intake, "回执").startswith(b"yuanqing transfer receipt v1")
    intake.go("/cases/transfer/")
    expect(intake.page.locator("table")).to_contain_text("已登记，待答复")
    picture(intake.page, "transfer-list")
    intake.go("/cases/partner/")
    picture(intake.page, "partner-list")
    assert Transfer.objects.count() == 2
    phone = Somebody(browser, site, "intake2", phone=True)
    for address in ("/cases/transfer/", "/cases/partner/", Transfer.objects.order_by("number")[0].get_absolute_url()):
        phone.go(address)
        assert fits(phone.page), address
    faults = [fault for fault in intake.faults + phone.faults if "favicon" not in fault]
    assert [fault for fault in faults if "422" not in fault] == []
    assert len(faults) == 1, "the page sent while the key was locked"
