"""公文表格: real Word tables with a head that is repeated on every page, and the imprint at the foot.

The tables are written as XML: through the object model each cell costs a search, and a bulletin has thousands of them.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from yuanqing.shell.document.compose import Grid, imprint
from yuanqing.shell.document.official import Align, HeadCell, OfficialDocument, head_places
from yuanqing.shell.document.word_styles import HEITI, NAMES, clean

TWIPS = 1440 / 25.4
OUTER, INNER = 8, 4  # eighths of a point
THICK, THIN = 8, 6  # 0.35 mm and 0.25 mm
IMPRINT_INDENT = 280  # one character of 14 pt, in twentieths of a point
FOOT = (
    '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" '
    'w:tblpXSpec="center" w:tblpYSpec="bottom"/>'
)
EDGES = {"top": OUTER, "left": OUTER, "bottom": OUTER, "right": OUTER, "insideH": INNER, "insideV": INNER}


def add_table(word: Document, grid: Grid, width: float) -> None:
    """The caption, the table across ``width`` millimetres, and the note below it."""
    table = grid.table
    if grid.caption:
        word.add_paragraph(clean(grid.caption), style=word.styles[NAMES["caption"]])
    shares = [column.width for column in table.columns]
    widths = [round(width * TWIPS * share / sum(shares)) for share in shares]
    lines = [*head_lines(grid.head, widths, table.size)]
    for number, row in enumerate(table.rows):
        font = HEITI if number in table.emphasised else ""
        cells = zip(row, table.columns, widths, strict=True)
        drawn = (cell(text, share, table.size, column.align, font) for text, column, share in cells)
        lines.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(drawn)}</w:tr>")
    place(word, frame(widths, lines, borders(EDGES)))
    style = "table_note" if table.note else "gap"
    word.add_paragraph(clean(table.note and f"注：{table.note}"), style=word.styles[NAMES[style]])
    if table.note:
        word.add_paragraph("", style=word.styles[NAMES["gap"]])


def place(word: Document, xml: str) -> None:
    """Puts a table behind what is already written."""
    word.element.body._insert_tbl(parse_xml(xml))


def frame(widths: list[int], lines: list[str], edges: str, *, margin: int = 60, position: str = "") -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr>{position}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'{edges}<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"{''.join(lines)}</w:tbl>"
    )


def borders(edges: dict[str, int]) -> str:
    drawn = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for edge, size in edges.items()
    )
    return f"<w:tblBorders>{drawn}</w:tblBorders>"


def cell(text: str, width: int, size: float, align: Align, font: str = "", span: int = 1, merge: str = "") -> str:
    """One cell; ``merge`` is "restart" or "continue" for a cell that covers several rows."""
    letters = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>' if font else ""
    look = f'<w:rPr>{letters}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    runs = f'<w:r>{look}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>' if text else ""
    joined = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{joined}{merged}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{NAMES["cell"]}"/>'
        f'<w:spacing w:before="30" w:after="30" w:line="{round(size * 27)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/></w:pPr>{runs}</w:p></w:tc>'
    )


def head_lines(head: tuple[tuple[HeadCell, ...], ...], widths: list[int], size: float) -> list[str]:
    """The lines of the head, each marked to be repeated on every page."""
    owner: dict[tuple[int, int], tuple[int, HeadCell]] = {}
    for line, column, spanned in head_places(head):
        for down in range(spanned.rows):
            owner[line + down, column] = (down, spanned)
    lines = []
    for line in range(len(head)):
        cells = []
        for column in range(len(widths)):
            if (line, column) not in owner:
                continue
            down, spanned = owner[line, column]
            merge = "" if spanned.rows == 1 else "continue" if down else "restart"
            share = sum(widths[column : column + spanned.columns])
            cells.append(cell("" if down else spanned.text, share, size, "center", HEITI, spanned.columns, merge))
        lines.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>")
    return lines


def add_imprint(word: Document, document: OfficialDocument, width: float) -> None:
    """版记: a table floating at the foot of the last page, thick rules outside, a thin one between its lines.

    Word and WPS place it at the foot; LibreOffice before 7.6 leaves a floating table of full width below the text.
    """
    lines = imprint(document)
    if not lines:
        return
    total = round(width * TWIPS)
    stop = total - 2 * IMPRINT_INDENT
    rows = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{total}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{NAMES["imprint"]}"/><w:tabs><w:tab w:val="right" w:pos="{stop}"/></w:tabs></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(clean(left))}</w:t></w:r>'
        f"{f'<w:r><w:tab/><w:t>{escape(clean(right))}</w:t></w:r>' if right else ''}</w:p></w:tc></w:tr>"
        for left, right in lines
    )
    edges = borders({"top": THICK, "bottom": THICK, "insideH": THIN})
    place(word, frame([total], [rows], edges, margin=IMPRINT_INDENT, position=FOOT))
    word.add_paragraph("", style=word.styles[NAMES["gap"]])
