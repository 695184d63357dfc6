"""公文稿(DOCX): writes an official document as a Word file in the layout of GB/T 9704-2012.

Fonts are named, not embedded: 方正小标宋简体, 仿宋_GB2312, 楷体_GB2312, 黑体 and 宋体. Where one is not installed, Word and WPS take
the other name given in the font table (华文中宋, 仿宋, 楷体, SimHei, SimSun).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, time

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from yuanqing.shell.document import word_styles
from yuanqing.shell.document.archive import settle
from yuanqing.shell.document.compose import (
    BOTTOM,
    CHARACTER,
    LEFT,
    LETTERHEAD_DROP,
    MILLIMETRE,
    PAGE,
    PITCH,
    RIGHT,
    TOP,
    Grid,
    Line,
    Piece,
    Turn,
    compose,
    letterhead_size,
)
from yuanqing.shell.document.official import OfficialDocument
from yuanqing.shell.document.word_styles import clean, declare, element
from yuanqing.shell.document.word_tables import add_imprint, add_table

FOOTER_RISE = 25.5  # millimetres from the paper's edge to the foot of the number: its dash stands 7 mm below the text
RULE_GAP = 5  # points below the line of 28.95 pt, in which 16 pt type leaves six more: 4 mm in all
TEXT_WIDTH = PAGE[0] - LEFT - RIGHT


def write_docx(document: OfficialDocument) -> bytes:
    """The document as DOCX; the same document always gives the same bytes."""
    word = docx.Document()
    for child in list(word.element.body)[:-1]:
        word.element.body.remove(child)
    forget_thumbnail(word)
    declare(word)
    shape(word.sections[0], sideways=False)
    number_pages(word)
    write_letterhead(word, document)
    write_pieces(word, compose(document))
    add_imprint(word, document, TEXT_WIDTH)
    describe(word, document)
    kept = io.BytesIO()
    word.save(kept)
    return settle(kept.getvalue(), document.signed_on)


def forget_thumbnail(word: Document) -> None:
    """The library's blank document brings a picture of itself along; a picture of an empty page helps nobody."""
    relations = word.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def shape(section: docx.section.Section, *, sideways: bool) -> None:
    """Paper and margins; a page turned sideways keeps its head at the binding edge."""
    margins = (LEFT, RIGHT, BOTTOM, TOP) if sideways else (TOP, BOTTOM, LEFT, RIGHT)
    wide, high = reversed(PAGE) if sideways else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)
    section.footer_distance = Mm(FOOTER_RISE - (BOTTOM - RIGHT if sideways else 0))
    section.header_distance = Mm(15)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(element("w:docGrid", {"w:type": "lines", "w:linePitch": str(int(PITCH * 20))}))


def number_pages(word: Document) -> None:
    """页码: — 1 — at the outer edge, one character in: right on odd pages, left on even ones."""
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, style in ((section.footer, "page_odd"), (section.even_page_footer, "page_even")):
        line = footer.paragraphs[0]
        line.style = word.styles[word_styles.NAMES[style]]
        line.add_run("— ")
        for part in ("begin", "PAGE", "end"):
            run = line.add_run()
            if part == "PAGE":
                instruction = element("w:instrText", {"xml:space": "preserve"})
                instruction.text = " PAGE "
                run._r.append(instruction)
            else:
                run._r.append(element("w:fldChar", {"w:fldCharType": part}))
        line.add_run(" —")


def write_letterhead(word: Document, document: OfficialDocument) -> None:
    """版头: three lines kept free for serial, secrecy and urgency, the red organ 35 mm down, number, red rule."""
    for text in padded([document.serial, document.secrecy, document.urgency]):
        add_line(word, "mark", text)
    size = letterhead_size(document.organ)
    organ = add_line(word, "organ", document.organ)
    organ.runs[0].font.size = Pt(size)
    organ.paragraph_format.space_before = Pt(LETTERHEAD_DROP * MILLIMETRE - 3 * PITCH)
    organ.paragraph_format.line_spacing = Pt(size * 1.15)
    add_line(word, "blank", "")
    if document.number:
        add_line(word, "blank", "")
    if document.signer:
        line = add_line(word, "number_with_signer", document.number)
        line.add_run("\t签发人：")
        line.add_run(clean(document.signer), style=word.styles[word_styles.SIGNER])
    else:
        line = add_line(word, "number", document.number)
    underline(line)
    add_line(word, "blank", "")
    add_line(word, "blank", "")


def underline(line: WordParagraph) -> None:
    """版头分隔线: red, as wide as the text, 4 mm below the number."""
    rule = {"w:val": "single", "w:sz": "18", "w:space": str(RULE_GAP), "w:color": "FF0000"}
    border = element("w:pBdr", {})
    border.append(element("w:bottom", rule))
    word_styles.insert(line._p.get_or_add_pPr(), border)


def padded(marks: list[str]) -> list[str]:
    """The marks that exist from the top, then blank lines up to three."""
    kept = [mark for mark in marks if mark]
    return kept + [""] * (3 - len(kept))


def write_pieces(word: Document, pieces: list[Piece]) -> None:
    """The pieces in order; a new page is a property of the line that follows it, so that no empty line is left."""
    turned = False
    for piece in pieces:
        match piece:
            case Line():
                line = write_line(word, piece)
                line.paragraph_format.page_break_before = turned or None
            case Grid():
                if turned:
                    add_line(word, "gap", "").paragraph_format.page_break_before = True
                add_table(word, piece, text_width(word))
            case Turn(sideways=bool() as sideways):
                shape(word.add_section(WD_SECTION.NEW_PAGE), sideways=sideways)
        turned = piece == Turn()


def write_line(word: Document, piece: Line) -> WordParagraph:
    line = add_line(word, piece.style, piece.text)
    if piece.tail:
        line.add_run(clean(piece.tail), style=word.styles[word_styles.VALUE])
    if piece.remark:
        line.add_run(clean(f"（{piece.remark}）"))
    if piece.shift:
        line.paragraph_format.right_indent = Pt(piece.shift * CHARACTER)
    return line


def add_line(word: Document, style: str, text: str) -> WordParagraph:
    return word.add_paragraph(clean(text), style=word.styles[word_styles.NAMES[style]])


def text_width(word: Document) -> float:
    """Width of the text on the current page, in millimetres."""
    sideways = word.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    return PAGE[1] - BOTTOM - TOP if sideways else TEXT_WIDTH


def describe(word: Document, document: OfficialDocument) -> None:
    """Properties of the file; its dates are the document's, not the clock's."""
    moment = datetime.combine(document.signed_on, time(), UTC).replace(tzinfo=None)
    properties = word.core_properties
    properties.title = clean(" ".join(document.title.split()))
    properties.author = properties.last_modified_by = clean(document.signature or document.organ)
    properties.created = properties.modified = moment
    properties.comments = properties.keywords = ""
    properties.revision = 1
    properties.language = document.language
