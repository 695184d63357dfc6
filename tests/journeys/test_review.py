"""The superior reviews on a phone: sees what differs and why, sends one back, accepts the other with one thumb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.discipline.monthly_return.house import House, clock
from tests.journeys.stage import fits, let_in, picture, sign_in

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(site: Any) -> Iterator[House]:
    with clock("2026-11-03 10:00"):
        found = House()
        found.with_a_matter()
        found.open("2026-10")
        found.submit(
            "0101",
            found.leader,
            cells={"people_handled.B2a.county": 2},
            reasons={"people_handled.B2a.county": "另有一人由上级处理"},
        )
        found.submit("02", found.west_leader)
        let_in(found.group, found.east)
        yield found


def test_review_on_a_phone(browser: Any, site: Any, house: House) -> None:
    east = sign_in(browser, site, house.east, "phone")
    east.goto(site.url + "/discipline/return-review/")
    expect(east.get_by_text("另有一人由上级处理")).to_be_visible()
    assert fits(east)
    picture(east, "review-phone")

    # Sending back needs a reason: the browser asks for it before anything is sent.
    east.locator("summary", has_text="退回修改").click()
    east.locator(".act-panel button", has_text="退回修改").click()
    assert house.paper("0101").state == "submitted"
    east.locator("textarea[name=note]").fill("请写明处理机关。")
    east.locator(".act-panel button", has_text="退回修改").click()
    east.get_by_text("没有等您审核的月报").wait_for()
    assert (house.paper("0101").state, house.paper("0101").review_note) == ("returned", "请写明处理机关。")

    # Mended and signed again; the button is within reach of a thumb, and pressing it twice does no harm.
    record = house.paper("0101")
    house.submit("0101", house.leader)
    east.goto(site.url + record.get_absolute_url())
    accept = east.get_by_role("button", name="审核通过")
    box = accept.bounding_box()
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 844
    accept.dblclick()
    east.get_by_text("已审核").first.wait_for()
    assert house.paper("0101").state == "accepted"

    house.submit("01", house.east_leader)

    # The group accepts the companies in one go.
    group = sign_in(browser, site, house.group, "phone")
    group.goto(site.url + "/discipline/return-review/")
    expect(group.get_by_role("link", name="西部公司").first).to_be_visible()
    for _unit in ("01", "02"):
        group.get_by_role("button", name="审核通过").first.click()
        group.wait_for_load_state()
    group.get_by_text("没有等您审核的月报").wait_for()
    assert {house.paper(unit).state for unit in ("01", "02")} == {"accepted"}
