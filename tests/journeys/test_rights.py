"""Two administrators give a right and it holds at once; a recusal takes the record away; the audit administrator sees both."""

from __future__ import annotations

from typing import Any

import pytest
from tests.journeys.stage import enter, let_in, picture, sign_in
from tests.org.conftest import FOUNDED

from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

pytestmark = [pytest.mark.django_db(transaction=True)]


def opened(name: str, shown: str, role: str = "") -> Account:
    account: Account = accounts.open_account(by=SYSTEM, username=name, display_name=shown)
    if role:
        accounts.grant(by=SYSTEM, account=account, role=role, starts_on=FOUNDED, reason="首次设立")
    return account


def test_granted_by_two_then_recused(browser: Any, site: Any) -> None:
    publish_shipped()
    for code, name, parent in (
        ("G", "示范集团", ""),
        ("A", "第一公司", "G"),
        ("A1", "甲项目部", "A"),
        ("B", "第二公司", "G"),
    ):
        above = Unit.objects.filter(code=parent).first()
        units.found(by=SYSTEM, code=code, name=name, parent=above, began_on=FOUNDED)
    first = opened("sec1", "安全一", "security_administrator")
    second = opened("sec2", "安全二", "security_administrator")
    auditor, clerk = opened("audit", "审计", "auditor"), opened("zhang", "张负责")
    let_in(first, second, auditor, clerk)

    # One administrator proposes; nothing changes for the person yet.
    page = sign_in(browser, site, first)
    page.goto(f"{site.url}/org/account/{clerk.pk}/grant/")
    page.select_option("[name=role]", "unit_leader")
    page.fill("[name=unit]", "A")
    page.fill("[name=reason]", "任第一公司负责人")
    picture(page, "rights-grant-form")
    page.locator(".form-foot button").click()
    page.get_by_text("还没有复核，这项授权不起作用").wait_for()
    picture(page, "rights-grant-proposed")
    grant = clerk.grants.get()

    mine = sign_in(browser, site, clerk)
    mine.goto(f"{site.url}/org/unit/table/")
    assert "甲项目部" not in mine.content()

    # The other confirms; the person is asked to sign in again and sees it.
    page = sign_in(browser, site, second)
    page.goto(f"{site.url}{grant.get_absolute_url()}")
    page.get_by_role("button", name="复核通过").click()
    page.get_by_text("已复核，授权生效").wait_for()
    picture(page, "rights-grant-confirmed")
    page.goto(f"{site.url}/org/grant/")
    picture(page, "rights-grants")
    mine.goto(f"{site.url}/org/unit/table/")
    mine.get_by_text("这次登录已经结束").wait_for()
    enter(mine, clerk)
    mine.get_by_role("link", name="甲项目部").wait_for()

    # The person declares a recusal: the unit is gone at once, and who can see it says why.
    unit = Unit.objects.get(code="A1")
    mine.goto(f"{site.url}/org/recusal/declare/")
    mine.select_option("[name=ground]", "relative")
    mine.fill("[name=unit]", "A1")
    mine.fill("[name=reason]", "配偶在该项目部任职")
    picture(mine, "rights-recusal-form")
    mine.locator(".form-foot button").click()
    mine.locator("td", has_text="已声明，待决定").first.wait_for()
    picture(mine, "rights-recusals")
    mine.goto(f"{site.url}{unit.get_absolute_url()}")
    mine.get_by_text("没有找到").first.wait_for()
    page.goto(f"{site.url}/org/access/record/org.unit/{unit.pk}/")
    assert "张负责" in page.content()
    picture(page, "rights-who-sees")
    page.goto(f"{site.url}/org/access/account/{clerk.pk}/?capability=org.unit.view&unit=A1")
    page.get_by_text("对甲项目部应当回避").wait_for()
    picture(page, "rights-why-not")

    page = sign_in(browser, site, auditor)
    page.goto(f"{site.url}/audit/?noun=org.account")
    page.locator("td", has_text="复核通过").first.wait_for()
    picture(page, "rights-audit-done")
    page.goto(f"{site.url}/audit/read/")
    picture(page, "rights-audit-read")
