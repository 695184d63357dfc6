"""From an empty form to an accepted return, in a real browser: typed, pasted, closed and resumed, signed, sent back, mended, accepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.discipline.monthly_return.house import House, clock
from tests.journeys.stage import SIZES, let_in, picture, sign_in

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(site: Any) -> Iterator[House]:
    with clock("2026-11-03 10:00"):
        found = House()
        found.with_a_matter()
        found.open("2026-10")
        let_in(found.contact, found.leader, found.east, found.office)
        yield found


def cell(page: Any, code: str) -> Any:
    return page.locator(f'[name="f-{code}"]')


def paste(page: Any, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_a_return_from_the_first_key_to_the_acceptance(browser: Any, site: Any, house: House) -> None:
    record = house.paper("0101")
    fill = f"{site.url}/discipline/monthly-return/{record.pk}/fill/"

    # The contact types, moves with the keys and pastes a block; the page is closed in the middle.
    contact = sign_in(browser, site, house.contact)
    contact.goto(fill)
    assert cell(contact, "problems.B2a.county").input_value() == "1"
    picture(contact, "return-fill-empty")
    cell(contact, "people_handled.B2a.provincial").focus()
    paste(contact, "0\t0\t3")
    contact.keyboard.press("Escape")
    assert cell(contact, "people_handled.B2a.county").input_value() == "3"
    contact.locator('[name="reason-f-people_handled.B2a.county"]').fill("另有两人已批评教育，未登记")
    cell(contact, "carried").focus()
    contact.keyboard.press("ArrowRight")
    contact.keyboard.type("2")
    contact.keyboard.press("Enter")
    contact.locator("[data-saved]", has_text="已自动保存").wait_for()
    contact.close()

    contact = contact.context.new_page()
    contact.goto(fill)
    assert cell(contact, "people_handled.B2a.county").input_value() == "3"
    assert contact.locator('[name="reason-f-people_handled.B2a.county"]').input_value().startswith("另有两人")
    for number in range(1, 11):
        contact.locator(f'[name="f-state.D{number}"]').select_option("enforced")
    contact.locator("[data-saved]", has_text="已自动保存").wait_for()
    picture(contact, "return-fill")
    contact.get_by_role("button", name="核对").click()
    contact.wait_for_url("**/check/")
    picture(contact, "return-check")
    contact.get_by_role("button", name="请负责人签报").click()
    contact.get_by_text("已请负责人签报").first.wait_for()

    # The leader finds it on the desk and signs.
    leader = sign_in(browser, site, house.leader)
    leader.get_by_role("link", name="去签报").first.click()
    leader.wait_for_url("**/check/")
    picture(leader, "return-sign")
    leader.get_by_role("button", name="签报").click()
    leader.get_by_text("已报送").first.wait_for()

    # The unit above sends it back; the contact mends it, the leader signs again, the unit above accepts.
    superior = sign_in(browser, site, house.east)
    superior.goto(site.url + "/discipline/return-review/")
    expect(superior.get_by_text("另有两人已批评教育，未登记")).to_be_visible()
    picture(superior, "return-review")
    superior.locator("summary", has_text="退回修改").click()
    superior.locator("textarea[name=note]").fill("请把这两人登记进来")
    superior.locator(".act-panel button", has_text="退回修改").click()
    superior.get_by_text("没有等您审核的月报").wait_for()

    contact.goto(site.url + "/")
    contact.get_by_role("link", name="去修改").first.click()
    contact.get_by_text("请把这两人登记进来").wait_for()
    cell(contact, "people_handled.B2a.county").fill("1")
    contact.keyboard.press("Enter")
    contact.get_by_role("button", name="核对").click()
    contact.get_by_role("button", name="请负责人签报").click()
    leader.goto(site.url + "/")
    leader.get_by_role("link", name="去签报").first.click()
    leader.get_by_role("button", name="签报").click()
    leader.get_by_text("已报送").first.wait_for()
    picture(leader, "return-record")

    superior.set_viewport_size(SIZES["phone"])
    superior.goto(site.url + "/discipline/return-review/")
    superior.get_by_role("button", name="审核通过").click()
    superior.get_by_text("没有等您审核的月报").wait_for()
    record = house.paper("0101")
    assert (record.state, record.override_count, record.returned_count) == ("accepted", 0, 1)
    assert [one.number for one in record.submissions.all()] == [1, 2]
    superior.set_viewport_size(SIZES["wide"])
    superior.goto(f"{site.url}{record.get_absolute_url()}")
    superior.goto(site.url + "/discipline/progress/")
    picture(superior, "return-progress")
