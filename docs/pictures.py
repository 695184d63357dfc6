"""Takes the pictures of the guide from a running demonstration, 1440 pixels wide and in few colours.

yuanqing demo && yuanqing serve
python docs/pictures.py http://127.0.0.1:8000 var/demo/accounts.json docs/images [name of a picture …]
"""

from __future__ import annotations

import base64
import json
import shutil
import struct
import sys
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import load_workbook
from playwright.sync_api import Page, sync_playwright

SIZE = {"width": 1440, "height": 900}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
COLOURS = 96
PIXELS = """async data => {
  const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
  const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
  const bytes = pen.getImageData(0, 0, image.width, image.height).data;
  let text = ''; for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return [image.width, image.height, btoa(text)];
}"""


@dataclass(frozen=True)
class Station:
    """One picture: who is signed in, where, links to follow from there (`then` several, with | between), and what to bring
    into view or click."""

    name: str
    who: str
    path: str
    link: str = ""
    show: str = ""
    languages: tuple[str, ...] = ("zh-hans",)
    then: str = ""


BOTH = ("zh-hans", "en")
STATIONS = (
    Station("sign-in", "", "/sign-in/"),
    Station("contact-desk", "contact", "/", languages=BOTH),
    Station("contact-return-fill", "contact", "/discipline/monthly-return/?state=open", "tbody a[href*='/monthly-return/']", "fill", BOTH),
    Station("reviewer-progress", "office", "/discipline/progress/", show=".heat", languages=BOTH),
    Station("discipline-violation", "discipline", "/discipline/violation/?state=routed", "tbody a[href*='/discipline/violation/']"),
    Station("discipline-corrections", "discipline", "/discipline/correction/", languages=BOTH),
    Station("office-months", "office", "/discipline/review/"),
    Station("office-scores", "office", "/discipline/review/", "tbody a[href*='/discipline/review/20']", languages=BOTH),
    Station("office-calendar", "office", "/norms/period/"),
    Station("office-campaign", "office", "/education/campaign/", "tbody a[href*='/campaign/']", languages=BOTH),
    Station("office-activity", "office", "/education/activity/?q=越线", "tbody a[href*='/activity/']", languages=BOTH),
    Station("office-session", "office", "/education/session/?q=各单位会议室", "tbody a[href*='/session/']", languages=BOTH),
    Station("office-coverage", "office", "/education/coverage/", show=".heat", languages=BOTH),
    Station("office-quiz-items", "office", "/education/quiz/", "tbody a[href*='/education/quiz/']", then="a[href$='/items/']", languages=BOTH),
    Station("office-writing-review", "office", "/education/writing/?order=-edition", "tbody a[href*='/education/writing/']", show=".writing-note", then="a[href$='?version=1']", languages=BOTH),
    Station("office-writing-compare", "office", "/education/writing/?order=-shared", "tbody a[href*='/education/writing/']", then="a[href*='/writing/match/']", languages=BOTH),
    Station("leader-writing", "leader", "/education/writing/mine/", languages=BOTH),
    Station("leader-lesson", "leader", "/education/activity/mine/", "tbody a[href*='/activity/']", then="a[href*='/education/lesson/']", languages=BOTH),
    Station("office-courseware-run", "office", "/education/activity/?q=廉洁第一课", "tbody a[href*='/activity/']", then="a[href*='/education/courseware/']|a[href$='/runs/']|tr:has(.tone-green) a[href*='/courseware/run/']", languages=BOTH),
    Station("secretary-examination", "secretary", "/education/examination/?state=remedying", "tbody a[href*='/examination/']", languages=BOTH),
    Station("office-induction", "office", "/education/induction/?state=exception_asked", "tbody a[href*='/induction/']", languages=BOTH),
    Station("office-notice", "office", "/education/notice/", "tbody a[href*='/education/notice/']", languages=BOTH),
    Station("discipline-column", "discipline", "/education/column/", languages=BOTH),
    Station("office-packs", "office", "/norms/clause/"),
    Station("secretary-overview", "secretary", "/overview/"),
    Station("secretary-bulletin", "secretary", "/discipline/bulletin/?state=published", "tbody a[href*='/discipline/bulletin/']"),
    Station("secretary-rates", "secretary", "/discipline/statistics/", show="[data-chart=rates]"),
    Station("admin-import", "admin", "/org/post/import/"),
    Station("admin-import-errors", "admin", "/org/post/import/", show="wrong file"),
)  # fmt: skip


def main(address: str, accounts: Path, folder: Path, wanted: list[str]) -> None:
    """All stations, or those named."""
    stations = [one for one in STATIONS if not wanted or one.name in wanted]
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {a["username"]: a["password"] for a in json.loads(accounts.read_text(encoding="utf-8"))}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN"]
        )
        drawing = browser.new_page()
        for language in BOTH:
            for who in dict.fromkeys(one.who for one in stations if language in one.languages):
                context = browser.new_context(viewport=SIZE, timezone_id="Asia/Shanghai", locale="zh-CN")
                context.add_cookies([{"name": "language", "value": language, "url": address}])
                page = context.new_page()
                if who:
                    sign_in(page, address, who, passwords[who])
                for station in stations:
                    if station.who == who and language in station.languages:
                        go(page, address, station)
                        name = f"{station.name}{'' if language == 'zh-hans' else '-en'}.png"
                        content = small(drawing, page.screenshot())
                        (folder / name).write_bytes(content)
                        sys.stdout.write(f"{name} {len(content) // 1024} KB\n")
                context.close()
        browser.close()


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def go(page: Page, address: str, station: Station) -> None:
    """To the station, as far as the picture needs."""
    page.goto(address + station.path)
    if station.link:
        page.locator(station.link).first.click()
        page.wait_for_load_state()
    for step in filter(None, station.then.split("|")):
        page.locator(step).first.click()
        page.wait_for_load_state()
    if station.show == "fill":
        page.locator("a[href$='/fill/']").first.click()
        page.wait_for_load_state()
        page.locator("[name^='f-']:not([type=hidden])").nth(30).focus()
    elif station.show == "wrong file":
        template = page.request.get(f"{address}{station.path}template/").body()
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        page.set_input_files("input[type=file]", {"name": "book.xlsx", "mimeType": kind, "buffer": wrong(template)})
        page.locator("main form button.btn-primary").click()
        page.wait_for_load_state()
    elif station.show:
        page.locator(station.show).first.scroll_into_view_if_needed()
    page.wait_for_timeout(800)  # pictures are drawn after the page


def wrong(template: bytes) -> bytes:
    """The template with a unit whose superior does not exist, and a date that does not."""
    book = load_workbook(BytesIO(template))
    sheet = book["单位"]
    first = sheet.max_row + 1
    for n, value in enumerate(("X01", "新设分公司", "没有这个单位", "", "", "", "是", "2026年13月1日"), start=1):
        sheet.cell(first, n, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def small(drawing: Page, picture: bytes) -> bytes:
    """The picture with few colours: the most frequent ones, every other pixel takes the nearest."""
    width, height, text = drawing.evaluate(PIXELS, base64.b64encode(picture).decode())
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 4)[:, :3]
    kinds, back, count = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = chosen(kinds, count)
    nearest = np.abs(kinds[:, None, :].astype(np.int16) - palette[None].astype(np.int16)).sum(axis=2).argmin(axis=1)
    rows = nearest.astype(np.uint8)[back.ravel()].reshape(height, width)
    return png(rows, palette)


def chosen(kinds: Any, count: Any) -> Any:
    """Frequent colours that lie apart from each other, so that rare accents keep theirs."""
    order, taken = np.argsort(-count), []
    for index in order[:4000]:
        colour = kinds[index].astype(np.int16)
        if all(np.abs(colour - other).sum() > 7 for other in taken):
            taken.append(colour)
        if len(taken) == COLOURS:
            break
    return np.array(taken, np.uint8)


def png(rows: Any, palette: Any) -> bytes:
    """An indexed PNG, eight bits a pixel."""
    height, width = rows.shape

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(lines, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"PLTE", palette.tobytes())
        + part(b"IDAT", body)
        + part(b"IEND", b"")
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
