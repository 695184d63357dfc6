"""WCAG 2.2 AA where a program can tell: names of fields, errors at fields, headings, languages, contrast, size of targets."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client
from tests.hotline.conftest import Visitor, fields

from yuanqing.hotline.report import actions
from yuanqing.hotline.report.models import Report
from yuanqing.hotline.window import queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.ledger import checkpoint

pytestmark = pytest.mark.django_db
ADDRESSES = {"zh-hans": "/report/", "en": "/report/en/"}
CSS = (settings.SOURCE / "hotline" / "static" / "hotline" / "hotline.css").read_text(encoding="utf-8")
# text on its ground, and the least contrast it needs (1.4.3; 1.4.11 for borders of fields and the focus)
PAIRS = [
    ("ink", "paper", 4.5), ("soft", "paper", 4.5), ("soft", "wash", 4.5), ("ink", "wash", 4.5), ("accent", "paper", 4.5),
    ("on-accent", "accent", 4.5), ("bad", "paper", 4.5), ("good", "wash", 4.5), ("paper", "bad", 4.5), ("accent", "wash", 3),
]  # fmt: skip


class Outline(HTMLParser):
    """Elements in order, as (tag, attributes), and the text inside of labels, buttons, links and headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inside: list[tuple[str, dict[str, str], list[str], list[dict[str, str]]]] = []
        self.named: list[tuple[str, dict[str, str], str, list[dict[str, str]]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        for _tag, _given, _text, fields_in in self.inside:
            if tag in ("input", "select", "textarea"):
                fields_in.append(given)
        if tag in ("label", "button", "a", "h1", "h2", "h3", "legend", "title"):
            self.inside.append((tag, given, [], []))

    def handle_data(self, data):
        for _tag, _given, text, _fields in self.inside:
            text.append(data)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1][0] == tag:
            name, given, text, fields_in = self.inside.pop()
            self.named.append((name, given, "".join(text).strip(), fields_in))


def faults(html: str) -> list[str]:
    page, found = Outline(html), []
    ids = [given["id"] for _tag, given in page.elements if "id" in given]
    found += [f"id {one} twice" for one in set(ids) if ids.count(one) > 1]
    labelled = {given["for"] for tag, given, text, _in in page.named if tag == "label" and text and "for" in given}
    wrapped = [one for tag, _given, text, fields_in in page.named if tag == "label" and text for one in fields_in]
    for tag, given in page.elements:
        is_field = tag in ("select", "textarea") or (tag == "input" and given.get("type") not in ("hidden", "submit"))
        if is_field and given.get("id") not in labelled and given not in wrapped and "aria-label" not in given:
            found.append(f"{tag} {given.get('name')} has no label")
        for name in ("aria-describedby", "aria-labelledby"):
            found += [f"{name} leads to no {one}" for one in given.get(name, "").split() if one not in ids]
        if tag == "a" and given.get("href", "").startswith("#") and given["href"][1:] not in ids:
            found.append(f"a link leads to no {given['href']}")
        if given.get("aria-invalid") and "aria-describedby" not in given:
            found.append(f"{given.get('name')} is wrong and does not say why")
        if given.get("tabindex", "0") not in ("0", "-1"):
            found.append("an order of its own")
        if tag == "img" and "alt" not in given:
            found.append("a picture without words")
    found += [f"{tag} without a name" for tag, given, text, _in in page.named if not text and "aria-label" not in given]
    levels = [int(tag[1]) for tag, _given, _text, _in in sorted_headings(page)]
    if levels.count(1) != 1 or any(later - before > 1 for before, later in pairwise(levels)):
        found.append(f"headings {levels}")
    if not any(tag == "main" for tag, _given in page.elements):
        found.append("no main part")
    return found


def sorted_headings(page: Outline):
    return [one for one in page.named if re.fullmatch(r"h\d", one[0])]


def pages(language: str, house) -> dict[str, str]:
    address = ADDRESSES[language]
    visitor = Visitor(address)
    answer = visitor.send(**{"q.what": "", "level": "", "named": "yes", "name": "", "contact": ""})
    receipt = visitor.send()
    digits = re.search(r'id="digits">([\d ]+)<', receipt.content.decode())[1]
    report = Report.objects.get()
    letter, pieces = queries.sealed_letter(report, {"text": "？", "files": []})
    actions.answer(report, by=SYSTEM, values=[letter], pieces=pieces)
    checkpoint.take()
    mailbox = visitor.mailbox(digits)
    box = fields(mailbox.content.decode())["box"]
    found = {
        "front": Client().get(address),
        "form": visitor.plain(step="form", channel="accusation"),
        "errors": answer,
        "receipt": receipt,
        "mailbox": mailbox,
        "proof": visitor.plain(step="prove", box=box),
        "unknown": visitor.mailbox("1" * 24),
        "message": Client().put(address),
    }
    return {name: response.content.decode() for name, response in found.items()}


@pytest.mark.parametrize("language", ADDRESSES)
def test_every_public_page_can_be_read_and_filled_in_without_sight(house, language):
    drawn = pages(language, house)
    for name, html in drawn.items():
        assert faults(html) == [], name
        assert re.search(r'<html lang="([^"]+)"', html)[1] == language
        assert 'class="skip" href="#main"' in html
    assert drawn["errors"].count('aria-invalid="true"') >= 3
    assert 'role="alert"' in drawn["errors"]


def test_what_is_missing_is_found():
    """The check itself, on a page with one fault of each kind."""
    wrong = '<main><h1>x</h1><h3>y</h3><input name="a"><a href="#no">z</a><button></button><p id="p"></p><p id="p"></p></main>'
    assert len(faults(wrong)) == 5


def luminance(colour: str) -> float:
    whole = colour.lstrip("#")
    whole = "".join(one * 2 for one in whole) if len(whole) == 3 else whole
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_contrast_is_enough(theme):
    colours = dict(
        re.findall(r"--([\w-]+): (#\w+)", CSS.split("@media (prefers-color-scheme: dark)")[theme].partition("}\n")[0])
    )
    assert contrast("#000", "#fff") == pytest.approx(21)
    low = {
        (a, b): round(contrast(colours[a], colours[b]), 2)
        for a, b, least in PAIRS
        if contrast(colours[a], colours[b]) < least
    }
    assert low == {}


def test_targets_are_big_enough():
    """2.5.8 asks for 24 pixels; what is pressed here has 44, choices included."""
    for rule in ("nav a", "label.choice", "input, select, textarea", "button"):
        assert "min-height: 44px" in re.search(rf"(?m)^{re.escape(rule)} {{([^}}]*)}}", CSS)[1]
