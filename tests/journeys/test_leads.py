"""A lead through the hands of its people in a real browser: manager, handler, chief; and the boss who must see nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.cases.bureau import WORDS, Bureau, furnish

from yuanqing.cases.lead.models import Lead

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = Path(os.environ.get("SCREENSHOTS", "/tmp/yuanqing-leads"))


@pytest.fixture
def office(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.MEMORY_KIB", 64)
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.PASSES", 1)
    return furnish()


class Somebody:
    """One person at one computer: signed in, and unlocked where a file is to be read."""

    def __init__(self, browser: Any, site: Any, name: str, *, phone: bool = False) -> None:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        self.page = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        self.page.set_default_timeout(30_000)
        self.faults: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.site, self.name = site, name
        self.page.goto(f"{site.url}/sign-in/")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", WORDS)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(f"{site.url}/")

    def unlock(self) -> None:
        self.page.goto(f"{self.site.url}/cases/keyring/unlock/")
        self.page.fill("[name=words]", WORDS)
        self.page.press("[name=words]", "Enter")
        self.page.wait_for_url(f"{self.site.url}/cases/keyring/")

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site.url}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def send(self, button: str) -> None:
        self.page.locator(".form-foot").get_by_role("button", name=button).click()
        self.page.wait_for_load_state()

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_pool_to_a_preliminary_check(office: Bureau, site: Any, browser: Any) -> None:
    manager = Somebody(browser, site, "manager")
    manager.unlock()
    manager.go("/cases/lead/register/")
    manager.page.fill("[name=unit]", "H")
    for name, value in (("source", "audit"), ("category", "integrity"), ("level", "level_staff")):
        manager.page.select_option(f"[name={name}]", value)
    manager.page.fill("[name=who]", "某分公司经理")
    manager.page.fill("[name=subject1]", office.people["boss"].number)
    manager.page.fill("[name=text]", "用公款给客户单位送购物卡，发票开成办公用品。")
    manager.page.get_by_label("何人").check()
    manager.page.get_by_label("何事").check()
    manager.shot("register")
    manager.send("登记并封存")
    lead = Lead.objects.get()
    expect(manager.page.get_by_text("发票开成办公用品")).to_be_visible()
    manager.press("分办")
    manager.page.select_option("[name=handler]", label="handler")
    manager.send("分办")
    boss = Somebody(browser, site, "boss")
    boss.go("/cases/lead/")
    expect(boss.page.get_by_text("没有您能打开的问题线索")).to_be_visible()
    assert lead.number not in boss.page.content()
    handler = Somebody(browser, site, "handler", phone=True)
    handler.unlock()
    handler.go(lead.get_absolute_url())
    handler.press("确认承办")
    handler.send("确认承办")
    handler.press("提出处置意见")
    expect(handler.page.get_by_text("何时、何地、何情、何故、何物")).to_be_visible()
    handler.page.select_option("[name=method]", "verify")
    handler.page.fill("[name=studied_by]", "3")
    handler.page.fill("[name=study]", "三人研究，同意初步核实。")
    handler.page.fill("[name=plan]", "调取两年内办公用品发票。")
    handler.shot("screen-phone")
    assert handler.fits()
    handler.send("提出处置意见")
    assert handler.fits()
    handler.shot("lead-phone")
    chief = Somebody(browser, site, "chief")
    chief.unlock()
    chief.go(lead.get_absolute_url())
    expect(chief.page.get_by_text("三人研究，同意初步核实。")).to_be_visible()
    chief.shot("lead-desk")
    chief.press("批准初步核实")
    chief.page.fill("[name=reason]", "同意初步核实")
    chief.send("批准初步核实")
    lead.refresh_from_db()
    assert (lead.state, lead.due) == ("verifying", "check.report")
    chief.go("/cases/lead/")
    chief.shot("leads-desk")
    assert manager.faults == handler.faults == chief.faults == []
