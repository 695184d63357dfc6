"""读文稿: the words of a Word file as text with the few marks of Markdown: headings, lists, bold, tables.

The package is judged by our own eyes, as any file that is handed in, before a reader written by others sees it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.store import packages
from yuanqing.kernel.store.contents import Unfit
from yuanqing.shell.document.unpack import Limits, Unreadable

HEADING = re.compile(r"(?:Heading|标题) ?(\d)")
LISTED = re.compile(r"(?:List|列表)")
NUMBERED = re.compile(r"(?:Number|编号)")
TYPED = re.compile(r"([\\*_`\[\]<])")  # what somebody typed that Markdown would read as a mark
AT_FIRST = re.compile(r"^(\s*\d*)([#>+.)-])(?=\s)")
MOST = 200_000  # letters
CELLS = 5_000


def from_docx(data: bytes, limits: Limits | None = None) -> str:
    """At most 200,000 letters; Unreadable with a sentence for anything that is no sound Word file."""
    import docx  # seldom needed
    from docx.opc.exceptions import PackageNotFoundError

    limits = limits or Limits()
    if len(data) > limits.size:
        raise Unreadable(_("文件太大，最多 %(mb)s MB。") % {"mb": limits.size // 1024 // 1024})
    try:
        packages.examine(io.BytesIO(data), len(data), "docx")
        document = docx.Document(io.BytesIO(data))
        found = "\n\n".join(filter(None, _blocks(document)))
    except Unfit as unfit:
        raise Unreadable(str(unfit)) from unfit
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, TypeError, SyntaxError) as error:
        raise Unreadable(_("打不开这个文件。请另存为 .docx 再上传。")) from error
    if len(found) > MOST:
        raise Unreadable(_("文字太长，最多 %(n)s 字。请拆成几篇。") % {"n": MOST})
    return found


def _blocks(document: Any) -> Iterator[str]:
    """Paragraphs and tables in the order of the document; items of a list stay together."""
    items: list[str] = []
    for one in document.iter_inner_content():
        text = _table(one) if hasattr(one, "rows") else _paragraph(one)
        if text.startswith(("- ", "1. ")) and not hasattr(one, "rows"):
            items.append(text)
            continue
        yield "\n".join(items)
        items = []
        yield text
    yield "\n".join(items)


def _paragraph(one: Any) -> str:
    text = AT_FIRST.sub(r"\1\\\2", _runs(one)).strip()
    style = str(getattr(one.style, "name", "") or "")
    heading = HEADING.match(style)
    if not text:
        return ""
    if heading:
        return f"{'#' * min(int(heading[1]) + 1, 4)} {text.replace('**', '')}"
    if LISTED.match(style) or (one._p.pPr is not None and one._p.pPr.numPr is not None):
        return f"{'1.' if NUMBERED.search(style) else '-'} {text}"
    return text


def _runs(one: Any) -> str:
    """The letters, bold ones between marks; neighbours that are bold alike share them."""
    parts: list[tuple[bool, str]] = []
    for run in one.runs:
        is_bold, text = bool(run.bold) and bool(run.text.strip()), run.text
        if parts and parts[-1][0] == is_bold:
            text = parts.pop()[1] + text
        parts.append((is_bold, text))
    return "".join(_marked(TYPED.sub(r"\\\1", text), is_bold) for is_bold, text in parts)


def _marked(text: str, is_bold: bool) -> str:
    kept = text.strip()
    if not is_bold or not kept:
        return text
    before, _kept, after = text.partition(kept)
    return f"{before}**{kept}**{after}"


def _table(one: Any) -> str:
    """As a table of Markdown; the first row is the head. A merged cell says its words once for each place it takes."""
    rows = [[_cell(cell) for cell in row.cells] for row in one.rows]
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    if width * len(rows) > CELLS:
        raise Unreadable(_("文件里的表格太大，请改用 Excel 另外上传。"))
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _cell(cell: Any) -> str:
    words = " ".join(filter(None, (_runs(one).strip() for one in cell.paragraphs)))
    return " ".join(words.replace("|", "\\|").split())
