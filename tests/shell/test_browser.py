"""In a real browser: the keyboard, the grid, pasting, confirming, the palette, the theme; and no breach of the content policy."""

import pytest
from playwright.sync_api import expect
from tests.shell.conftest import PASSWORD

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions
from yuanqing.shell import assets

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.shell.shell_addresses"),
    pytest.mark.skipif(bool(assets.missing_files()), reason="front-end packages are not installed"),
]


@pytest.fixture
def page(site, page):
    """The gallery, signed in; everything the console complains about is collected."""
    actions.open_account(by=SYSTEM, username="lin", display_name="林静", password=PASSWORD)
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{site.url}/sign-in/?next=/system/gallery/")
    page.fill("[name=username]", "lin")
    page.fill("[name=password]", PASSWORD)
    page.click(".btn-primary")
    page.wait_for_selector("[data-grid][data-ready]")
    return page


def cell(page, row, column):
    return page.locator(f"[name='cell-{row}-{column}']")


def paste(page, text):
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }""",
        text,
    )


def copied(page):
    return page.evaluate(
        """() => { const data = new DataTransfer();
        document.activeElement.dispatchEvent(new ClipboardEvent('copy', {clipboardData: data, bubbles: true, cancelable: true}));
        return data.getData('text/plain') }"""
    )


def focused(page):
    return page.evaluate("document.activeElement.name")


def values(page, row):
    return [cell(page, row, column).input_value() for column in range(6)]


def test_every_picture_is_drawn_and_nothing_is_complained_about(page):
    expect(page.locator("[data-chart]:has(canvas)")).to_have_count(6)
    assert page.complaints == []


def test_the_grid_is_walked_like_a_sheet(page):
    cell(page, 0, 0).click()
    for key, name in (
        ("ArrowRight", "cell-0-1"),
        ("ArrowDown", "cell-1-1"),
        ("Enter", "cell-2-1"),
        ("Shift+Enter", "cell-1-1"),
        ("Tab", "cell-1-2"),
    ):
        page.keyboard.press(key)
        assert focused(page) == name


def test_typing_replaces_f2_edits_and_escape_takes_back(page):
    cell(page, 0, 1).click()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    assert cell(page, 0, 1).input_value() == "12"
    cell(page, 0, 2).click()
    page.keyboard.press("F2")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert cell(page, 0, 2).input_value() == "25"
    cell(page, 0, 3).click()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert cell(page, 0, 3).input_value() == "3"


def test_a_block_is_pasted_summed_and_undone(page):
    before = [values(page, row) for row in range(3)]
    cell(page, 0, 0).click()
    paste(page, "１２\t1,000\r\n3\t4\r\n")
    assert values(page, 0)[:2] == ["12", "1000"]
    assert values(page, 1)[:2] == ["3", "4"]
    assert page.locator("[data-column-sum]").nth(1).inner_text() == "1\u202f004"
    page.keyboard.press("Control+z")
    assert [values(page, row) for row in range(3)] == before


def test_a_block_is_selected_and_copied(page):
    cell(page, 0, 0).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert page.locator(".is-selected").count() == 4
    assert copied(page) == "0\t1\n2\t4"


def test_an_override_is_marked_and_asks_for_its_reason(page):
    cell(page, 2, 0).click()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    assert "is-override" in cell(page, 2, 0).locator("..").get_attribute("class")
    assert page.locator("[name='reason-cell-2-0']").is_visible()
    assert "系统数 4，改为 9" in page.locator("[data-reason-for='cell-2-0']").inner_text()
    cell(page, 2, 0).fill("4")
    page.keyboard.press("Enter")
    assert not page.locator("[name='reason-cell-2-0']").is_visible()
    assert page.locator("[name='reason-cell-2-0']").is_disabled()


def test_what_is_no_number_is_kept_and_marked(page):
    cell(page, 0, 0).click()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    assert cell(page, 0, 0).input_value() == "abc"
    assert cell(page, 0, 0).get_attribute("aria-invalid") == "true"


def test_the_bar_shows_the_records_and_the_last_twelve_months(page):
    cell(page, 1, 1).click()
    bar = page.locator("[data-grid-bar]").inner_text()
    assert "A2 违规吃喝 · 批评帮助和处理" in bar
    assert "系统数 3" in bar
    assert "1 0 2 1 3 0 1 1 2 0 4 1" in bar


def test_a_dangerous_act_is_confirmed(page):
    page.get_by_role("button", name="作废").first.click()
    assert page.locator("#confirm-text").inner_text() == "作废后不能恢复。确定作废这份月报吗？"
    page.locator("#confirm button[value=no]").click()
    assert page.url.endswith("/system/gallery/")


def test_the_palette_finds_a_page_by_keyboard(page):
    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()
    page.keyboard.type("一览")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_the_theme_changes_at_once_and_is_remembered(page):
    with page.expect_response("**/theme/"):
        page.locator("[data-theme-form] button:visible").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_a_list_is_filtered_without_leaving_the_page(page):
    page.locator("#filter-state").select_option("late")
    page.wait_for_url("**state=late**")
    expect(page.locator(".listing-table tbody tr")).to_have_count(15)
    assert page.locator("[data-grid]").count() == 1


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_list_shows_three_columns_as_a_card(page):
    page.set_viewport_size({"width": 390, "height": 800})
    first = page.locator(".listing-table tbody tr").first
    assert [td.get_attribute("data-label") for td in first.locator("td:visible").all()] == ["编号", "单位", "状态"]
    page.locator("summary[aria-label='导航']").click()
    assert page.locator(".nav-folded").is_visible()


def test_a_draft_that_did_not_arrive_is_offered_back(page):
    page.route("**/arrives-nowhere/", lambda route: route.abort())
    page.evaluate("document.querySelector('form[data-autosave]').dataset.watched = ''")
    page.fill("textarea[name=facts] >> nth=0", "写了很久的一段话")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="恢复").click()
    assert page.locator("textarea[name=facts]").first.input_value() == "写了很久的一段话"


def test_the_bar_and_the_navigation_stay_when_a_long_page_is_scrolled(page):
    page.mouse.wheel(0, 3000)
    page.wait_for_function("scrollY > 1000")
    tops = page.evaluate(
        "['.topbar', '.sidebar'].map(s => Math.round(document.querySelector(s).getBoundingClientRect().top))"
    )
    assert tops == [0, 48]
