"""正文: text written by people, with the few marks of Markdown, shown safely and cut into pages."""

from __future__ import annotations

import io
import re
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from yuanqing.shell.document.unpack import Limits, Unreadable

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


def from_docx(data: bytes, limits: Limits | None = None) -> str:
    """The words of a DOCX as text: headings, lists and paragraphs; Unreadable with a sentence for anything else."""
    from zipfile import BadZipFile, ZipFile

    import docx
    from docx.opc.exceptions import PackageNotFoundError

    limits = limits or Limits()
    if len(data) > limits.size:
        raise Unreadable(_("文件太大，最多 %(mb)s MB。") % {"mb": limits.size // 1024 // 1024})
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if (
                len(archive.infolist()) > limits.members
                or sum(m.file_size for m in archive.infolist()) > limits.inflated
            ):
                raise Unreadable(_("文件解开以后太大，不能读入。"))
        document = docx.Document(io.BytesIO(data))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise Unreadable(_("打不开这个文件。请另存为 .docx 再上传。")) from error
    return "\n\n".join(filter(None, (_paragraph(one) for one in document.paragraphs)))


def _paragraph(one: object) -> str:
    text = str(one.text).strip()  # type: ignore[attr-defined]
    style = str(getattr(getattr(one, "style", None), "name", "") or "")
    heading = re.match(r"(?:Heading|标题) ?(\d)", style)
    if not text or not heading:
        return text
    return f"{'#' * min(int(heading[1]) + 1, 4)} {text}"
