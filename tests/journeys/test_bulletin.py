"""From the close to the receipt in a real browser: office, discipline officer, secretary and a reader, each at an own window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.discipline.bulletin.small import CASE, Small
from tests.discipline.monthly_return.house import clock
from tests.journeys.stage import fits, let_in, picture, sign_in

from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.violation.models import Violation
from yuanqing.shell.job.actions import run
from yuanqing.shell.job.models import Job

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def small(site: Any, settings: Any, tmp_path: Path) -> Iterator[Small]:
    """August has been reported and accepted, and is locked but not closed."""
    settings.HOME = tmp_path
    with clock("2026-08-20 10:00"):
        found = Small()
    found.closed = lambda month, day: None  # type: ignore[method-assign]
    found.august()
    let_in(found.office, found.second, found.officer, found.secretary, found.leader)
    with clock("2026-09-12 09:00"):
        yield found


def press(page: Any, label: str) -> None:
    """An act on the bulletin, with the note or the confirmation it asks for; ends on the page that follows."""
    ask = page.locator(".acts details", has=page.locator("summary", has_text=label))
    button = page.locator(".acts button:not([aria-disabled])", has_text=label).first
    if ask.count():
        ask.locator("summary").click()
        ask.locator("textarea").fill("同意。")
        button = ask.locator(".act-panel button", has_text=label)
    is_confirmed = button.locator("xpath=ancestor::form").get_attribute("data-confirm")
    with page.expect_navigation():
        button.click()
        if is_confirmed:
            page.locator("#confirm [data-confirm-yes]").click()


def test_close_draft_sign_publish_receipt(browser: Any, site: Any, small: Small) -> None:
    office = sign_in(browser, site, small.office)
    office.get_by_role("link", name="去结账").first.click()
    office.get_by_role("button", name="结账").click()
    office.locator("#confirm [data-confirm-yes]").click()
    office.wait_for_url("**/job/**")
    job = Job.objects.get()
    run(job.pk)  # what the worker does
    office.goto(site.url + "/discipline/review/2026-08/")
    office.get_by_text("100.00").first.wait_for()
    assert MonthlyReview.objects.get().unit_count == 8
    picture(office, "bulletin-scores")

    # The office drafts, writes, tells a case; it cannot check its own case.
    office.goto(site.url + "/discipline/bulletin/")
    office.get_by_role("button", name="起草2026年8月通报").click()
    office.wait_for_url("**/discipline/bulletin/**")
    record = Bulletin.objects.get()
    detail = site.url + record.get_absolute_url()
    office.goto(f"{detail}edit/")
    office.locator("textarea").first.fill("本月问题集中在违规吃喝。")
    office.fill("[name=demands]", "各单位按时签报。\n连续零报告的由上级核实。")
    office.locator(".form-foot .btn-primary").click()
    office.get_by_text("本月问题集中在违规吃喝。").first.wait_for()
    office.goto(f"{detail}case/")
    office.fill("[name=violation]", "WG-2026-999999")
    office.fill("[name=text]", CASE)
    office.locator(".form-foot .btn-primary").click()
    office.get_by_text("没有找到这个编号的违规问题").first.wait_for()
    assert office.input_value("[name=text]") == CASE
    office.fill("[name=violation]", Violation.objects.get().number)
    office.locator(".form-foot .btn-primary").click()
    office.get_by_text("等待核对").wait_for()
    picture(office, "bulletin-draft")

    second = sign_in(browser, site, small.second)
    second.goto(detail)
    second.get_by_role("link", name="核对").first.click()
    second.get_by_role("button", name="核对无误").click()
    second.get_by_text("已核对脱敏").wait_for()

    office.goto(detail)
    press(office, "送审")
    officer = sign_in(browser, site, small.officer)
    officer.goto(detail)
    press(officer, "审核通过")

    # The secretary signs on the phone.
    secretary = sign_in(browser, site, small.secretary, "phone")
    secretary.goto(detail)
    assert fits(secretary)
    press(secretary, "签发")
    record.refresh_from_db()
    assert record.state == "signed"
    office.goto(detail)
    press(office, "印发")
    record.refresh_from_db()
    assert record.state == "published"
    picture(office, "bulletin-published")

    # A reader finds it on the desk; opening it is the receipt.
    leader = sign_in(browser, site, small.leader)
    leader.get_by_role("link", name="去阅读").first.click()
    leader.get_by_text("您已于").wait_for()
    expect(leader.get_by_text("本月问题集中在违规吃喝。").first).to_be_visible()
    assert record.deliveries.get(account=small.leader).read_at is not None
    with leader.expect_download() as download:
        leader.get_by_role("link", name="PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    office.goto(f"{detail}deliveries/")
    office.get_by_role("link", name="东一厂").first.wait_for()
