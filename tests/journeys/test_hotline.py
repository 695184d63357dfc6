"""A reporter on a phone, without scripts and with them, and the intake that reads, accepts and answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.cases.conftest import WORDS, Office, furnish

from yuanqing.cases.petition.models import Petition
from yuanqing.hotline.gate import queries as gate
from yuanqing.hotline.gate.rules import Turnstile
from yuanqing.hotline.window import pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
SHOTS = Path(os.environ.get("SCREENSHOTS", "/tmp/yuanqing-hotline"))


@pytest.fixture
def office(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.MEMORY_KIB", 64)
    monkeypatch.setattr("yuanqing.kernel.sealing.passphrase.PASSES", 1)
    monkeypatch.setattr("yuanqing.hotline.window.pages.EVEN_SECONDS", 0.0)
    monkeypatch.setattr(gate, "turnstile", Turnstile())
    return furnish()


@pytest.fixture
def visitor(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    scripts, scheme, size = request.param
    context = browser.new_context(
        java_script_enabled=scripts, viewport=size, locale="zh-CN", color_scheme=scheme, timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    assert context.cookies() == []
    context.close()


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


WAYS = [(True, "light", PHONE), (False, "dark", PHONE), (True, "light", {"width": 1440, "height": 900})]


@pytest.mark.parametrize("visitor", WAYS, indirect=True, ids=["phone-scripts", "phone-plain-dark", "desk"])
def test_reporting_and_reading_the_answer(office, site, visitor, browser, monkeypatch, tmp_path, request):
    name = request.node.callspec.id
    scripts = "plain" not in name
    if not scripts:
        monkeypatch.setattr(Turnstile, "next", lambda self, now, wait, gap: now)  # nobody waits twenty seconds here
    outside: list[str] = []
    visitor.on("request", lambda r: outside.append(r.url) if not r.url.startswith((site.url, "data:")) else None)
    arrived: list[Any] = []
    take = pages._send
    monkeypatch.setattr(pages, "_send", lambda given, *more: (arrived.append(given), take(given, *more))[1])
    faults: list[str] = []
    visitor.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    visitor.goto(f"{site.url}/report/")
    shot(visitor, f"front-{name}")
    visitor.get_by_role("button", name="开始填写").click()
    if scripts:
        gaps_are_told_at_their_fields(visitor)
    visitor.get_by_label("反映什么问题").fill("某科长在采购中收受礼金，金额约两万元。")
    visitor.get_by_label("反映谁").fill("某分公司 人3，经理")
    visitor.get_by_label("您怎么知道的").select_option("told")
    if scripts:
        expect(visitor.get_by_label("凭据在哪里")).to_be_hidden()
    visitor.get_by_label("听谁说的").fill("同事")
    visitor.get_by_label("被反映的人是").select_option("level_middle")
    paper = tmp_path / "票据.txt"
    paper.write_text("一笔", encoding="utf-8")
    visitor.set_input_files("#f-files", paper)
    visitor.get_by_label("匿名").check()
    shot(visitor, f"form-{name}")
    if scripts:
        expect(visitor.locator("[name=answer]")).not_to_have_value("", timeout=30_000)  # the riddle is solved
    visitor.get_by_role("button", name="提交", exact=True).click()
    digits = visitor.locator("#digits").inner_text()
    assert (
        "收受礼金" not in str(arrived) if scripts else "收受礼金" in str(arrived)
    )  # sealed before it left the browser
    assert bool(arrived[-1].get("sealed")) is scripts
    expect(visitor).to_have_title("回执")
    shot(visitor, f"receipt-{name}")
    read_and_answer(office, site, browser, name)
    visitor.goto(f"{site.url}/report/")
    visitor.get_by_label("24 位回执号码").fill(digits)
    visitor.get_by_role("button", name="打开信箱").click()
    expect(visitor.get_by_text("请问是哪一次采购？")).to_be_visible()
    expect(visitor.get_by_text("已经受理")).to_be_visible()
    visitor.get_by_label("写给受理人员").fill("去年十月那一次。")
    visitor.get_by_role("button", name="送出").click()
    expect(visitor.get_by_text("已送到")).to_be_visible()
    visitor.get_by_role("button", name="核验", exact=True).click()
    shot(visitor, f"mailbox-{name}")
    assert visitor.url == f"{site.url}/report/"
    assert visitor.evaluate("document.documentElement.scrollWidth <= window.innerWidth") if scripts else True
    assert (outside, faults) == ([], [])


def gaps_are_told_at_their_fields(visitor: Any) -> None:
    """Nothing is filled in: each field says what it wants, the list above leads there, the tab says that nothing was sent."""
    visitor.get_by_role("button", name="提交", exact=True).click()
    expect(visitor).to_have_title("还没有提交 · 检举控告")
    what = visitor.get_by_label("反映什么问题")
    expect(what).to_be_focused()
    expect(what).to_have_accessible_description(
        "请填写这一项；不知道可以写“不清楚”。 把事情的经过写清楚：做了什么，涉及多少钱物，怎么知道的。"
    )
    for text in ("请选择，这决定由谁受理。", "请选择实名或匿名。"):
        expect(visitor.get_by_text(text)).to_be_visible()
    links = visitor.locator("#said a")
    expect(links).to_have_text(["反映什么问题", "反映谁（姓名、职务）", "被反映的人是", "您愿意留下姓名吗"])
    links.nth(2).click()
    expect(visitor.get_by_label("被反映的人是")).to_be_focused()


def read_and_answer(office: Office, site: Any, browser: Any, name: str) -> None:
    """The intake at a desk: sign in, unlock, read, accept, answer."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{site.url}/sign-in/?next=/cases/petition/")
    page.locator("[name=username], [name=login]").first.fill("intake")
    page.locator("[name=password]").fill(WORDS)
    page.locator("main button, form button").first.click()
    page.wait_for_load_state()
    page.goto(f"{site.url}/cases/petition/")
    shot(page, f"register-{name}")
    page.get_by_role("link", name=Petition.objects.get().number).click()
    shot(page, f"locked-{name}")
    page.get_by_role("link", name="解锁案卷").click()
    page.locator("[name=words]").fill(WORDS)
    page.get_by_role("button", name="解锁", exact=True).click()
    page.wait_for_load_state()
    expect(page.get_by_text("收受礼金").first).to_be_visible()
    page.locator("[name=text]").fill("请问是哪一次采购？")
    page.get_by_role("button", name="送到信箱").click()
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_role("button", name="受理", exact=True).click()
    page.wait_for_load_state()
    shot(page, f"open-{name}")
    page.goto(f"{site.url}/cases/keyring/")
    shot(page, f"keys-{name}")
    context.close()
