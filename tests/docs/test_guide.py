"""The guide: every link and picture leads somewhere, every page has its twin, every command printed exists, pictures stay small."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from yuanqing.kernel.commands import REGISTRY, load_kernel_commands, load_tasks

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), DOCS.parent / "README.md"])
GUIDE = sorted(p for part in ("tutorial", "how-to", "explanation") for p in (DOCS / part).glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^ {4}\.venv/bin/yuanqing (.+)$", re.MULTILINE)
MOST_BYTES = 160_000


def name(path: Path) -> str:
    return str(path.relative_to(DOCS.parent))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_and_picture_is_there(page):
    found = LINK.findall(page.read_text(encoding="utf-8"))
    inside = [one.partition("#")[0] for one in found if not one.startswith(("http:", "https:", "mailto:", "#"))]
    assert [one for one in inside if one and not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", GUIDE, ids=name)
def test_every_page_has_its_twin(page):
    other = ".en.md" if page.name.endswith(".zh.md") else ".zh.md"
    assert page.with_name(page.name[: -len(".zh.md")] + other).exists()


@pytest.mark.parametrize("page", [p for p in GUIDE if COMMAND.search(p.read_text(encoding="utf-8"))], ids=name)
def test_every_command_printed_is_understood(page):
    load_kernel_commands()
    load_tasks()
    for line in COMMAND.findall(page.read_text(encoding="utf-8")):
        found = REGISTRY.match(shlex.split(line.partition("#")[0]))
        assert found, line
        command, rest = found
        command.parser().parse_args(rest)


def test_pictures_are_small_and_used():
    pictures = sorted((DOCS / "images").glob("*.png"))
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert pictures
    assert len(pictures) <= 60
    assert [p.name for p in pictures if p.stat().st_size > MOST_BYTES] == []
    assert [p.name for p in pictures if f"images/{p.name}" not in text] == []
