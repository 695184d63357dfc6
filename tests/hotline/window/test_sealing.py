"""A report that the browser seals: made by the very script that the browser runs, here in node."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.hotline.conftest import Visitor, challenge, fields

from yuanqing.hotline.gate.rules import solve
from yuanqing.hotline.report.models import Letter, Report
from yuanqing.hotline.window.rules import Ids, Sealed
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import SealedPiece, SealedValue
from yuanqing.shell.modules import PREFIX, rewritten

NODE, PACKAGES = shutil.which("node"), Path(settings.ROOT) / "node_modules"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        NODE is None or not (PACKAGES / "age-encryption").is_dir(), reason="no node, or no front-end packages"
    ),
]
RUN = """
import { seal } from "./hotline/sealing.js";
import { readFileSync } from "node:fs";
const { plan, holders, said } = JSON.parse(readFileSync("given.json"));
console.log(await seal(plan, holders, said));
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory) -> Path:
    """The static files as they are served: the script and the modules it imports by their addresses."""
    folder = tmp_path_factory.mktemp("static")
    for name, text in rewritten(PACKAGES).items():
        (folder / PREFIX / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / PREFIX / name).write_text(text, encoding="utf-8")
    (folder / "hotline").mkdir()
    shutil.copy(settings.SOURCE / "hotline/static/hotline/sealing.js", folder / "hotline")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.js").write_text(RUN)
    return folder


class Browser:
    """Somebody whose browser runs scripts."""

    def __init__(self, scripts: Path) -> None:
        self.scripts, self.visitor = scripts, Visitor()
        page = self.visitor.plain(step="form", channel="accusation").content.decode()
        riddle, bits = challenge(page)
        self.hidden = {**fields(page), "answer": solve(riddle, bits)}
        self.plan = json.loads(html.unescape(re.search(r'data-plan="([^"]+)"', page)[1]))

    def sealed(self, holders: dict[str, str] | None = None) -> str:
        said = {"channel": "accusation", "answers": {"what": "收受礼金", "who": "某人"}, "files": []}
        said |= {"pack": self.plan["pack"], "receipt": self.plan["receipt"]}
        holders = {**self.plan["holders"], **self.plan["always"]} if holders is None else holders
        (self.scripts / "given.json").write_text(json.dumps({"plan": self.plan, "holders": holders, "said": said}))
        done = subprocess.run([NODE, "run.js"], cwd=self.scripts, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def send(self, sealed: str, **more: object):
        return self.visitor.post(**{**self.hidden, "level": "level_middle", "named": "no", "sealed": sealed, **more})


def receipt_of(response) -> str:
    return re.search(r'id="digits">([\d ]+)<', response.content.decode())[1]


def test_what_the_browser_sealed_is_opened_by_those_entitled_and_by_the_receipt(house, scripts):
    browser = Browser(scripts)
    paper = SimpleUploadedFile("票.txt", "一笔".encode())
    response = browser.send(browser.sealed(), files=[paper])
    digits, report = receipt_of(response), Report.objects.get()
    for holder in (*house.receivers, house.superior):
        if holder.pk in report.key.recipients:
            assert json.loads(house.read(report.content, holder))["answers"]["what"] == "收受礼金"
    assert len(report.key.recipients) == 4
    page = browser.visitor.mailbox(digits).content.decode()
    assert "收受礼金" in page
    assert "票.txt" in page
    assert "可能被改动" not in page
    said = json.loads(house.read(Letter.objects.get().content, house.receivers[0]))
    assert house.read(SealedValue.objects.get(pk=said["files"][0]["id"]), house.receivers[1]) == "一笔".encode()
    assert store.altered() == []


def test_a_form_that_was_sealed_counts_once(house, scripts):
    browser = Browser(scripts)
    sealed = browser.sealed()
    assert browser.send(sealed).status_code == 200
    assert browser.send(sealed).status_code == 409
    assert Report.objects.count() == 1


def test_whom_the_reporter_shuts_out_is_not_sealed_to(house, scripts):
    browser, out = Browser(scripts), house.receivers[1]
    holders = {**browser.plan["holders"], **browser.plan["always"]}
    del holders[str(out.pk)]
    assert browser.send(browser.sealed(holders), exclude=str(out.pk)).status_code == 200
    with pytest.raises(Unopenable):
        house.read(Report.objects.get().content, out)


def test_what_belongs_higher_is_sealed_to_the_higher_body_alone(house, scripts):
    browser = Browser(scripts)
    response = browser.send(browser.sealed(browser.plan["up"]["holders"]), level="level_head")
    assert response.status_code == 200
    report = Report.objects.get()
    assert report.key.recipients == [house.superior.pk]
    assert json.loads(house.read(report.content, house.superior))["answers"]["who"] == "某人"


def spoilt(sealed: str, how: str) -> str:
    said = json.loads(sealed)
    if how == "one too few":
        said["wraps"].popitem()
    elif how == "one too many":
        said["wraps"]["00000000-0000-4000-8000-000000000000"] = said["wraps"][""]
    elif how == "no receipt":
        del said["wraps"][""]
    elif how == "no key":
        said["public"] = "age1nonsense"
    elif how == "no age file":
        said["content"] = "AAAA"
    elif how == "too large":
        said["wraps"][""] = said["wraps"][""] + "A" * 8000
    else:
        return how
    return json.dumps(said)


HOW = (
    "one too few",
    "one too many",
    "no receipt",
    "no key",
    "no age file",
    "too large",
    "not json",
    "[]",
    "{}",
    '{"wraps": []}',
)


@pytest.mark.parametrize("how", HOW)
def test_what_is_not_sealed_to_exactly_those_entitled_is_not_kept(house, scripts, how):
    browser = Browser(scripts)
    response = browser.send(spoilt(browser.sealed(), how), files=[SimpleUploadedFile("x", b"x")])
    assert response.status_code == 422
    assert Report.objects.count() == SealedValue.objects.count() == SealedPiece.objects.count() == 0
    assert browser.send(browser.sealed()).status_code == 200  # the form is still good


def test_sealed_for_another_form_it_opens_nothing(house, scripts):
    """The ids of the form stand in the headers: what was sealed for one form is unreadable under another."""
    one, other = Browser(scripts), Browser(scripts)
    assert other.send(one.sealed()).status_code == 200
    with pytest.raises(Unopenable):
        house.read(Report.objects.get().content, house.receivers[0])


def test_ids_follow_from_the_riddle():
    assert Ids.of("a") == Ids.of("a")
    assert len({*vars(Ids.of("a")).values(), *vars(Ids.of("b")).values()}) == 6
    assert Sealed.read("") is None
