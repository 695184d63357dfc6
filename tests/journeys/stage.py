"""What every journey needs: accounts that can sign in, a browser signed in as one of them, pictures when asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions as accounts

PASSWORD = "yuan-qing-2026-journey"
PICTURES = os.environ.get("JOURNEY_PICTURES", "")
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def let_in(*people: Any) -> None:
    for account in people:
        accounts.reset_password(account, by=SYSTEM, password=PASSWORD)


def sign_in(browser: Any, site: Any, account: Any, size: str = "wide") -> Any:
    """A page of a new browser window of this account, on the desk."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES[size])
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(site.url + "/sign-in/")
    enter(page, account)
    page.wait_for_url(site.url + "/")
    return page


def enter(page: Any, account: Any) -> None:
    """On the page for signing in, also the one that a session which has ended leads to."""
    page.fill("input[name=username]", account.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")


def picture(page: Any, name: str) -> None:
    """Kept only when asked for: JOURNEY_PICTURES=some/folder; both widths, light and dark."""
    if not PICTURES:
        return
    before = page.viewport_size
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for theme in ("light", "dark"):
            page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
            page.wait_for_timeout(400)  # colours fade over
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{size}-{theme}.png"), full_page=True)
    page.set_viewport_size(before)
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")


def fits(page: Any) -> bool:
    """Nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
