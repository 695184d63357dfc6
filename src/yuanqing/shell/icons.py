"""The icon sprite: one SVG file holding just the Tabler icons that templates and pages name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
# A template writes `{% icon "home" %}`, a page or a registration writes `icon="home"`.
NAMED = re.compile(r"""{% icon ["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")
PATHS = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)
BOUNDING_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def used_icons(source: Path = SOURCE) -> list[str]:
    """Names of the icons that anything under `source` shows, in alphabetical order."""
    found: set[str] = set()
    for suffix in ("*.html", "*.py"):
        for file in source.rglob(suffix):
            for in_template, in_code in NAMED.findall(file.read_text(encoding="utf-8")):
                found.add(in_template or in_code)
    return sorted(found)


def missing_icons(names: Iterable[str], folder: Path) -> list[str]:
    return [name for name in names if not (folder / f"{name}.svg").exists()]


def sprite(names: Iterable[str], folder: Path) -> str:
    """One SVG with a symbol per name; names that Tabler does not have are left out (the check reports them)."""
    symbols = []
    for name in names:
        file = folder / f"{name}.svg"
        if not file.exists():
            continue
        body = PATHS.search(file.read_text(encoding="utf-8"))
        drawing = " ".join(BOUNDING_BOX.sub("", body.group(1)).split()) if body else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
