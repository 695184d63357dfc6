"""正文: text written by people, with the few marks of Markdown, shown safely and cut into pages."""

from __future__ import annotations

import re
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

BLANK = re.compile(r"\s+")
MARKS = re.compile(r"[#>*_`\[\]()!|-]+")
LINK = re.compile(r"^(https?://|/[^/])")


@cache
def _renderer() -> MarkdownIt:
    """Headings, lists, emphasis, quotations, tables and links to pages; no HTML, no pictures from elsewhere."""
    found = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    found.validateLink = lambda url: bool(LINK.match(url))  # type: ignore[method-assign]
    return found


def render(text: str) -> SafeString:
    found: SafeString = mark_safe(_renderer().render(text))  # noqa: S308 the renderer escapes everything that was typed
    return found


def length(text: str) -> int:
    """Characters that are read: without blanks and the marks of Markdown."""
    return len(MARKS.sub("", BLANK.sub("", text)))


def pages(text: str, size: int) -> list[str]:
    """The text in pages of about `size` characters, cut between paragraphs only."""
    found: list[list[str]] = [[]]
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if found[-1] and length("".join(found[-1])) + length(paragraph) > size:
            found.append([])
        found[-1].append(paragraph)
    return ["\n\n".join(page) for page in found]
