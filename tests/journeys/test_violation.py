"""A violation from the register to its conclusion and its correction, in a real browser, with what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.discipline.monthly_return.house import clock
from tests.discipline.violation.register import Register
from tests.journeys.stage import fits, let_in, picture, sign_in

from yuanqing.discipline.violation.models import Violation

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def register(site: Any) -> Iterator[Register]:
    with clock("2026-10-20 10:00"):
        found = Register()
        found.person("陈某明", level="county")
        let_in(found.officer, found.second)
        yield found


def press(page: Any, label: str) -> None:
    """The act's link on the record, then its button on the form page."""
    page.locator(".acts a.btn", has_text=label).click()
    page.locator(".form-foot .btn", has_text=label).wait_for()


def test_register_route_measure_conclude_correct(browser: Any, site: Any, register: Register) -> None:
    officer = sign_in(browser, site, register.officer)
    officer.goto(site.url + "/discipline/violation/")
    officer.get_by_role("link", name="登记", exact=True).click()

    # What is wrong is said at its field, and nothing typed is lost.
    officer.fill("[name=unit]", "0101")
    officer.fill("[name=facts]", "用公款宴请有业务往来的人员。")
    officer.fill("[name=people-0-person]", "没有这个人")
    officer.get_by_role("button", name="登记", exact=True).click()
    officer.get_by_text("名册里没有找到").first.wait_for()
    assert officer.input_value("[name=facts]") == "用公款宴请有业务往来的人员。"
    assert Violation.objects.count() == 0
    picture(officer, "violation-errors")

    officer.select_option("[name=type]", "B2a")
    officer.select_option("[name=source]", "petition")
    officer.locator("[name=severity][value=light]").check()
    officer.fill("[name=people-0-person]", "陈某明")
    officer.get_by_role("button", name="登记", exact=True).click()
    officer.get_by_role("heading", name="WG-2026-000001").wait_for()
    assert "陈某明" not in officer.title()

    # The table proposes where it goes; the officer agrees.
    press(officer, "分流")
    assert officer.locator("[name=to]:checked").input_value() == "discipline_body"
    officer.locator(".form-foot .btn-primary").click()
    officer.locator(".stage.is-current", has_text="已分流").wait_for()

    # Concluding without a measure asks for one.
    press(officer, "查处办结")
    officer.fill("[name=outcome]", "属实，给予警告。")
    officer.locator(".form-foot .btn-primary").click()
    officer.locator(".error-summary").wait_for()
    assert officer.input_value("[name=outcome]") == "属实，给予警告。"
    officer.get_by_role("link", name="返回").click()
    press(officer, "登记处理措施")
    officer.select_option("[name=code]", "party_warning")
    officer.fill("[name=document]", "示纪〔2026〕3号")
    officer.locator(".form-foot .btn-primary").click()
    officer.get_by_text("示纪〔2026〕3号").first.wait_for()
    press(officer, "查处办结")
    officer.fill("[name=outcome]", "属实，给予警告。")
    officer.locator(".form-foot .btn-primary").click()
    officer.locator(".stage.is-done", has_text="已查处").wait_for()
    picture(officer, "violation-concluded")
    officer.set_viewport_size({"width": 390, "height": 844})
    assert fits(officer)

    address = officer.url
    officer.context.add_cookies([{"name": "language", "value": "en", "url": site.url}])
    officer.goto(site.url + "/discipline/violation/")
    officer.get_by_role("link", name="Import a register").wait_for()
    assert fits(officer)  # longer words, three of them beside each other at the head

    # Somebody else makes it lighter, with a ground; the old entry stays and says so.
    second = sign_in(browser, site, register.second)
    second.goto(address)
    second.locator(".acts a.btn", has_text="更正").click()
    second.locator("[name=severity][value=minor], select[name=severity]").first.wait_for()
    if second.locator("select[name=severity]").count():
        second.select_option("select[name=severity]", "minor")
    else:
        second.locator("[name=severity][value=minor]").check()
    second.fill("[name=reason]", "复查认为情节较轻。")
    second.select_option("[name=lowering]", "decision_changed")
    second.locator(".form-foot .btn-danger, .form-foot .btn-primary").first.click()
    second.get_by_role("heading", name="WG-2026-000002").wait_for()
    second.goto(site.url + "/discipline/correction/")
    second.get_by_role("link", name="WG-2026-000001").wait_for()
    picture(second, "violation-corrections")
    old, new = Violation.objects.order_by("number")
    assert (old.state, new.state, new.lowering) == ("superseded", "concluded", "decision_changed")

    # Two quick strokes of Escape leave the page, and “back” does not return to it.
    second.goto(address)
    second.keyboard.press("Escape")
    second.keyboard.press("Escape")
    second.wait_for_url("**/about/")
