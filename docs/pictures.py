"""Takes the pictures of the guide from a running demonstration, 1440 pixels wide, in both languages.

yuanqing demo && yuanqing serve
python docs/pictures.py http://127.0.0.1:8000 var/demo/accounts.json docs/tutorial/images
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

SIZE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# name of the picture, who is signed in, the address, a link to follow from there ("" for none)
STATIONS = (
    ("sign-in", "", "/sign-in/", ""),
    ("contact-desk", "contact", "/", ""),
    ("contact-violations", "contact", "/discipline/violation/", ""),
    ("contact-return", "contact", "/discipline/monthly-return/", "table a[href*='/monthly-return/']"),
    ("reviewer-queue", "reviewer", "/discipline/return-review/", ""),
    ("reviewer-progress", "reviewer", "/discipline/progress/", ""),
    ("office-months", "office", "/discipline/review/", ""),
    ("office-scores", "office", "/discipline/review/", "table a[href*='/discipline/review/20']"),
    ("office-calendar", "office", "/norms/period/", ""),
    ("office-packs", "office", "/norms/clause/", ""),
    ("secretary-overview", "secretary", "/overview/", ""),
    ("secretary-bulletin", "secretary", "/discipline/bulletin/", "table a[href*='/discipline/bulletin/']"),
    ("secretary-statistics", "secretary", "/discipline/statistics/", ""),
    ("leader-card", "leader", "/discipline/review/", "table a[href*='/discipline/review/20']"),
    ("admin-units", "admin", "/org/unit/", ""),
    ("admin-import", "admin", "/org/post/import/", ""),
)


def main(address: str, accounts: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {a["username"]: a["password"] for a in json.loads(accounts.read_text(encoding="utf-8"))}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for language in ("zh-hans", "en"):
            for who in dict.fromkeys(station[1] for station in STATIONS):
                context = browser.new_context(viewport=SIZE, timezone_id="Asia/Shanghai", locale="zh-CN")
                context.add_cookies([{"name": "language", "value": language, "url": address}])
                page = context.new_page()
                if who:
                    sign_in(page, address, who, passwords[who])
                for name, path in taken(page, address, who):
                    ending = "" if language == "zh-hans" else "-en"
                    page.screenshot(path=folder / f"{name}{ending}.png")
                    sys.stdout.write(f"{name}{ending} {path}\n")
                context.close()
        browser.close()


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("form button.btn-primary")
    page.wait_for_url(f"{address}/")


def taken(page: Page, address: str, who: str) -> Iterator[tuple[str, Any]]:
    """Goes to each station of the account; the picture is taken when it is yielded."""
    for name, account, path, link in STATIONS:
        if account != who:
            continue
        page.goto(address + path)
        if link and page.locator(link).count():
            page.locator(link).first.click()
            page.wait_for_load_state("networkidle")
        page.wait_for_timeout(600)  # pictures are drawn after the page
        yield name, page.url.removeprefix(address)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
