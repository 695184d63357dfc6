"""The first administrator founds the installation by a link, enrols a second factor, and sees and ends where she is signed in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from oidc_provider_mock import run_server_in_thread
from tests.journeys.stage import SIZES, fits, picture
from tests.shell.security.conftest import code_of
from tests.shell.security.test_outside import use_provider

from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.signin import tasks

pytestmark = [pytest.mark.django_db(transaction=True)]

PASSWORD = "three-lanterns-over-the-lake"


def window(browser: Any, size: str = "wide") -> Any:
    """A page of a new browser, in Chinese; its own cookies."""
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES[size]).new_page()
    page.set_default_timeout(15_000)
    return page


def seen(page: Any, name: str) -> None:
    assert fits(page)
    picture(page, name)


def give_passkeys(page: Any) -> None:
    """A made-up fingerprint reader in this browser."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_from_the_first_link_to_ending_a_session(browser: Any, site: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_FORCED = True
    publish_shipped()
    url = site.url.replace("127.0.0.1", "localhost")  # passkeys belong to a name, never to a number
    shown = tasks.first_link()
    path = re.search(r"/sign-in/link/\S+", shown).group()

    # Founded by a link that works once.
    page = window(browser)
    give_passkeys(page)
    page.goto(url + path)
    seen(page, "signin-first-link")
    page.fill("[name=username]", "lin")
    page.fill("[name=display_name]", "林管理")
    page.fill("[name=password]", "12345678")
    page.fill("[name=again]", "12345678")
    page.get_by_role("button", name="建立", exact=True).click()
    page.get_by_text("密码太短").first.wait_for()
    seen(page, "signin-first-link-refused")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.get_by_role("button", name="建立", exact=True).click()
    page.get_by_text("密码已设好").wait_for()
    seen(page, "signin-ready")
    over = window(browser)
    over.goto(url + path)
    over.get_by_text("已经用过").first.wait_for()
    seen(over, "signin-link-over")

    # A role that demands a second factor leads nowhere else until there is one.
    page.fill("[name=username]", "lin")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    page.get_by_text("账号或密码不对").wait_for()
    seen(page, "signin-wrong")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.get_by_role("heading", name="先设置第二因素").wait_for()
    seen(page, "signin-enrol")
    page.get_by_role("link", name="启用动态口令").click()
    page.get_by_text("扫不了").click()
    secret = page.locator("code.secret").inner_text()
    seen(page, "signin-totp")
    page.fill("[name=code]", code_of(secret, -1))
    page.get_by_role("button", name="启用").click()
    page.get_by_role("heading", name="恢复码").wait_for()
    recovery = page.locator(".codes code").first.inner_text()
    seen(page, "signin-codes")
    page.get_by_role("link", name="我已收好").click()
    page.wait_for_url(url + "/")

    # A passkey beside it, with which she signs in without a password.
    page.goto(url + "/security/factors/passkeys/add/")
    seen(page, "signin-passkey-add")
    page.fill("[name=name]", "办公室电脑")
    page.get_by_role("button", name="添加").click()
    page.get_by_text("通行密钥已添加").wait_for()
    page.goto(url + "/security/")
    page.get_by_text("办公室电脑").wait_for()
    page.goto(url + "/security/factors/passkeys/")
    page.get_by_role("heading", name="我的登录安全").wait_for()
    page.evaluate("document.querySelector('form[action=\"/sign-out/\"]').submit()")
    page.get_by_role("heading", name="登录").wait_for()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(url + "/")

    # The password with a code, on the phone; codes lost, a recovery code.
    phone = window(browser, "phone")
    phone.goto(url + "/sign-in/")
    phone.fill("[name=username]", "lin")
    phone.fill("[name=password]", PASSWORD)
    phone.press("[name=password]", "Enter")
    phone.get_by_role("heading", name="第二步验证").wait_for()
    seen(phone, "signin-second-step")
    phone.fill("[name=code]", "000000")
    phone.press("[name=code]", "Enter")
    phone.get_by_text("验证没有通过").wait_for()
    phone.fill("[name=code]", recovery)
    phone.press("[name=code]", "Enter")
    phone.wait_for_url(url + "/")

    # Both places stand in the list; ending the others ends the phone at once.
    page.goto(url + "/security/")
    assert page.locator("table").nth(1).locator("tbody tr").count() == 2
    seen(page, "signin-mine")
    page.get_by_role("button", name="结束其他各处").click()
    page.get_by_text("已结束其他 1 处登录").wait_for()
    phone.goto(url + "/inbox/")
    phone.get_by_role("heading", name="登录").wait_for()


def test_an_administrator_looks_after_a_colleague(browser: Any, site: Any) -> None:
    publish_shipped()
    made = [("lin", "林管理", "system_administrator"), ("zhao", "赵审计", "auditor"), ("zhang", "张负责", "")]
    for name, shown, role in made:
        account = accounts.open_account(by=SYSTEM, username=name, display_name=shown, password=PASSWORD)
        if role:
            grant = {"role": role, "starts_on": "2024-01-01", "reason": "首次设立"}
            accounts.grant(by=SYSTEM, account=account, **grant)

    def enter(name: str) -> Any:
        page = window(browser)
        page.goto(site.url + "/sign-in/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(site.url + "/")
        return page

    colleague, page = enter("zhang"), enter("lin")
    zhang = Account.objects.get(username="zhang")
    page.goto(f"{site.url}/org/signin/accounts/{zhang.pk}/")
    seen(page, "signin-account")
    page.goto(f"{site.url}/org/signin/accounts/{zhang.pk}/end-all/")
    page.fill("[name=reason]", "电脑遗失")
    seen(page, "signin-end-all")
    page.locator(".form-foot button").first.click()
    page.get_by_text("现在没有登录").wait_for()
    colleague.goto(site.url + "/inbox/")
    colleague.get_by_role("heading", name="登录").wait_for()

    page.goto(f"{site.url}/org/account/{zhang.pk}/reset-password/")
    seen(page, "signin-reset")

    auditor = enter("zhao")
    auditor.goto(site.url + "/org/signin/")
    auditor.get_by_text("张负责").first.wait_for()
    seen(auditor, "signin-record")


def test_by_the_organisations_provider(browser: Any, site: Any, settings: Any) -> None:
    """The button leads there and back again, past the policy on where forms may be sent."""
    publish_shipped()
    accounts.open_account(by=SYSTEM, username="zhang", display_name="张负责")
    with run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        use_provider(settings, address, claim="sub")
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        wider = {**policy, "form-action": ["'self'", settings.OIDC.origin]}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": wider}
        page = window(browser)
        page.goto(site.url + "/sign-in/?next=/inbox/")
        seen(page, "signin-provider")
        page.get_by_role("button", name="用统一身份认证登录").click()
        page.fill("[name=sub]", "zhang")
        page.locator("button[type=submit], button").first.click()
        page.wait_for_url(site.url + "/inbox/")
