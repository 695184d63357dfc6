"""All reference pages: their names, and whether those in docs/ are what the code prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from yuanqing.reference import data, flow
from yuanqing.reference.traceability import traceability

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "acts": flow.acts_page,
    "api": data.api_page,
    "commands": data.commands,
    "figures": data.figures_page,
    "lifecycles": flow.lifecycles,
    "obligations": flow.obligations,
    "packs": data.packs,
    "roles": flow.roles,
    "secrecy": data.secrecy_page,
    "settings": data.settings_page,
    "traceability": traceability,
}


def write() -> list[str]:
    """Print every page; returns the names of those that changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    changed = outdated()
    for name in changed:
        (FOLDER / f"{name}.md").write_text(PAGES[name](), encoding="utf-8")
    return changed


def outdated() -> list[str]:
    """Names of pages that are not what the code prints now."""
    return [name for name, printed in PAGES.items() if _kept(name) != printed()]


def _kept(name: str) -> str:
    path = FOLDER / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""
