"""编排: turns a document into a flat list of styled pieces, numbered once for every writer.

Sizes and places follow GB/T 9704-2012: 3号 is 16 pt, 22 lines of 28 characters on 156 mm × 225 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yuanqing.shell.document.official import (
    Attachment,
    Block,
    FigureLine,
    HeadCell,
    Heading,
    Landscape,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Table,
    Verbatim,
)

MILLIMETRE = 72 / 25.4
PAGE = (210.0, 297.0)
TOP, RIGHT, BOTTOM, LEFT = 37.0, 26.0, 35.0, 28.0
LINES, CHARACTERS = 22, 28
PITCH = 28.95
CHARACTER = 15.75  # 28 of them fill 156 mm when 16 pt type is drawn together by a quarter of a point
LETTERHEAD_DROP = 35.0
TITLE_WIDTH = 19  # characters of 22 pt on one line

DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Line:
    """行: text in a named style; ``shift`` is an indent from the right in characters of 16 pt."""

    style: str
    text: str
    tail: str = ""
    remark: str = ""
    shift: float = 0.0


@dataclass(frozen=True)
class Grid:
    """表: a numbered table with its head laid out."""

    table: Table
    caption: str
    head: tuple[tuple[HeadCell, ...], ...]


@dataclass(frozen=True)
class Turn:
    """换面: a new page (``sideways`` is None), or the beginning and end of pages turned sideways."""

    sideways: bool | None = None


Piece = Line | Grid | Turn


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals: 一, 十, 十二, 二十三."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")


def day(value: date) -> str:
    """成文日期: Arabic numerals without leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def width(text: str) -> float:
    """Width in characters; letters and digits are half as wide."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


class Numbering:
    """编号: counts headings of four levels and tables through one text."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0, 0]
        self.tables = 0

    def heading(self, block: Heading) -> str:
        if not block.numbered:
            return block.text
        level = block.level - 1
        self.counts[level] += 1
        self.counts[level + 1 :] = [0] * (3 - level)
        count = self.counts[level]
        return (f"{chinese(count)}、", f"（{chinese(count)}）", f"{count}.", f"（{count}）")[level] + block.text

    def caption(self, table: Table) -> str:
        if not table.caption:
            return ""
        self.tables += 1
        return f"表{self.tables}　{table.caption}"


def compose(document: OfficialDocument) -> list[Piece]:
    """The pieces of a document in reading order, without letterhead and imprint, which the writers place."""
    numbering = Numbering()
    pieces: list[Piece] = [Line("title", line) for line in title_lines(document.title)]
    pieces.append(Line("blank", ""))
    if document.addressees:
        pieces.append(Line("addressees", document.addressees.rstrip("：:") + "："))
    pieces.extend(flow(document.body, numbering))
    pieces.extend(attachment_list(document.attachments))
    pieces.extend(closing(document))
    for number, attachment in enumerate(document.attachments, 1):
        if attachment.body:
            mark = "附件" if len(document.attachments) == 1 else f"附件{number}"
            pieces += [Turn(), Line("attachment_mark", mark), Line("blank", ""), Line("title", attachment.title)]
            pieces += [Line("blank", ""), *flow(attachment.body, Numbering())]
    return pieces


def flow(blocks: Iterable[Block], numbering: Numbering) -> Iterator[Piece]:
    """Blocks as pieces, in order."""
    for block in blocks:
        match block:
            case Heading():
                yield Line(f"heading{block.level}", numbering.heading(block))
            case Paragraph():
                yield Line("body" if block.is_indented else "flush", block.text)
            case FigureLine():
                yield Line("figure", f"{block.label}：", f"{block.value}{block.unit}", block.remark)
            case Verbatim():
                yield from (Line("verbatim", line) for line in block.text.splitlines())
            case Table():
                head = block.head or (tuple(HeadCell(column.label) for column in block.columns),)
                yield Grid(block, numbering.caption(block), head)
            case PageBreak():
                yield Turn()
            case Landscape():
                yield Turn(sideways=True)
                yield from flow(block.body, numbering)
                yield Turn(sideways=False)


def attachment_list(attachments: tuple[Attachment, ...]) -> Iterator[Piece]:
    """附件说明: one blank line below the text; names without a full stop."""
    if attachments:
        yield Line("blank", "")
    for number, attachment in enumerate(attachments, 1):
        if len(attachments) == 1:
            yield Line("attachment_first", f"附件：{attachment.title}")
        elif number == 1:
            yield Line("attachment_first", f"附件：1.{attachment.title}")
        else:
            yield Line("attachment_next", f"{number}.{attachment.title}")


def closing(document: OfficialDocument) -> Iterator[Piece]:
    """落款: the date four characters from the right, the organ centred above it, as for a sealed document."""
    written = day(document.signed_on)
    if document.signature:
        yield Line("blank", "")
        overhang = (width(document.signature) - width(written)) / 2
        yield Line("signature", document.signature, shift=max(0.0, 4 - overhang))
        yield Line("signature", written, shift=max(4.0, overhang))
    else:
        yield Line("blank", "")
        yield Line("signature", written, shift=4.0)
    if document.notes:
        yield Line("body", f"（{document.notes.strip('（）()')}）")


def imprint(document: OfficialDocument) -> list[tuple[str, str]]:
    """版记: lines of (left, right) text; empty when the document names neither copies nor printer."""
    lines = []
    if document.copies_to:
        lines.append((f"抄送：{document.copies_to.rstrip('。')}。", ""))
    if document.printed_by:
        lines.append((document.printed_by, f"{day(document.printed_on or document.signed_on)}印发"))
    return lines


def title_lines(title: str) -> list[str]:
    """标题: the line breaks given, or one before 关于 when the title is too long for a line."""
    given = [line.strip() for line in title.splitlines() if line.strip()]
    if len(given) != 1 or width(given[0]) <= TITLE_WIDTH:
        return given
    organ, about, rest = given[0].partition("关于")
    if not about or not organ:
        return halves(given[0])
    return [organ, *halves(about + rest)]


def halves(line: str) -> list[str]:
    """A line that is too long, cut into equal parts that do not begin with a closing mark or cut a number."""
    count = -(-int(width(line) + 0.5) // TITLE_WIDTH)
    if count <= 1:
        return [line]
    target = width(line) / count
    parts: list[str] = []
    part = ""
    for character in line:
        full = width(part) >= target and len(parts) < count - 1
        if full and character not in "、，。）》”的" and not (character.isascii() and part[-1].isascii()):
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]


def letterhead_size(organ: str) -> float:
    """发文机关标志: as large as the width allows, never larger than the model of the standard (about 22 mm high)."""
    available = (PAGE[0] - LEFT - RIGHT) * MILLIMETRE
    return min(50.0, round(available / max(width(organ), 1.0) * 0.94, 1))
