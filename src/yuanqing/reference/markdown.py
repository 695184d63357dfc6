"""Reference pages as Markdown: the same words in Chinese and English, the same order each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import polib
from django.utils.translation import override

from yuanqing.reference.messages import CATALOGUE, key

NOTE = "<!-- Printed by `yuanqing reference`; a test compares it with the code. Do not edit. -->"


@cache
def _english() -> dict[tuple[str, str], str]:
    """From the catalogue itself, so that the pages do not depend on its compiled form."""
    return {key(entry): entry.msgstr for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}


def chinese(text: Any) -> str:
    with override("zh-hans"):
        return str(text)


def english(text: Any) -> str:
    return _english().get(("", chinese(text)), "")


def both(text: Any) -> str:
    """`登记 · Record`"""
    return " · ".join(one for one in (chinese(text), english(text)) if one)


def code(*names: str) -> str:
    return "、".join(f"`{name}`" for name in names if name)


def cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell(one) for one in row)} |" for row in rows]
    return "\n".join(lines)


def diagram(mermaid: str) -> str:
    return f"```mermaid\n{mermaid}\n```"


def page(title: str, introduction: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, introduction, *parts]) + "\n"
