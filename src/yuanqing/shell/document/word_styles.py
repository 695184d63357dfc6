"""公文样式: the named paragraph styles of a Word document, their fonts and the names to fall back on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from yuanqing.shell.document.compose import CHARACTER, PITCH

SONG_TITLE, FANGSONG, KAITI, HEITI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
OTHER_NAMES = {SONG_TITLE: "华文中宋", FANGSONG: "仿宋", KAITI: "楷体", HEITI: "SimHei", SONG: "SimSun"}
RED = RGBColor(0xFF, 0, 0)
SIGNER, VALUE = "公文签发人姓名", "公文数据"
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Style:
    """样式: indents are in characters of 16 pt, ``pitch`` is the exact line height in points."""

    name: str
    font: str = FANGSONG
    size: float = 16
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    first: float = 0
    left: float = 0
    right: float = 0
    pitch: float = PITCH
    level: int = 0
    is_red: bool = False
    is_kept_with_next: bool = False
    has_tab: bool = False
    tight: float = CHARACTER - 16


LEFT_ALIGN, CENTER, RIGHT_ALIGN = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
STYLES = {
    "mark": Style("公文密级紧急程度", HEITI, align=LEFT_ALIGN),
    "organ": Style("公文发文机关标志", SONG_TITLE, 50, CENTER, is_red=True, tight=0),
    "number": Style("公文发文字号", align=CENTER, is_kept_with_next=True),
    "number_with_signer": Style("公文发文字号和签发人", align=LEFT_ALIGN, left=1, right=1, has_tab=True),
    "title": Style("公文标题", SONG_TITLE, 22, CENTER, pitch=33, is_kept_with_next=True, tight=0),
    "addressees": Style("公文主送机关"),
    "body": Style("公文正文", first=2),
    "flush": Style("公文正文顶格"),
    "blank": Style("公文空行"),
    "heading1": Style("公文一级标题", HEITI, first=2, level=1, is_kept_with_next=True),
    "heading2": Style("公文二级标题", KAITI, first=2, level=2, is_kept_with_next=True),
    "heading3": Style("公文三级标题", first=2, level=3, is_kept_with_next=True),
    "heading4": Style("公文四级标题", first=2, level=4, is_kept_with_next=True),
    "figure": Style("公文数据行", first=2),
    "verbatim": Style("公文原文", SONG, 9, LEFT_ALIGN, left=2, pitch=14, tight=0),
    "caption": Style("公文表题", HEITI, 14, CENTER, is_kept_with_next=True, tight=0),
    "table_note": Style("公文表注", size=10.5, pitch=16, tight=0),
    "gap": Style("公文表后", size=4, pitch=8, tight=0),
    "cell": Style("公文表格文字", size=10.5, align=LEFT_ALIGN, pitch=14, tight=0),
    "attachment_first": Style("公文附件说明", left=5, first=-3),
    "attachment_next": Style("公文附件说明续", left=5),
    "attachment_mark": Style("公文附件标识", HEITI),
    "signature": Style("公文落款", align=RIGHT_ALIGN),
    "imprint": Style("公文版记", size=14, align=LEFT_ALIGN, pitch=24, tight=0),
    "page_odd": Style("公文单页码", SONG, 14, RIGHT_ALIGN, right=14 / CHARACTER, pitch=14, tight=0),
    "page_even": Style("公文双页码", SONG, 14, LEFT_ALIGN, left=14 / CHARACTER, pitch=14, tight=0),
}
NAMES = {key: style.name for key, style in STYLES.items()}


def clean(text: str) -> str:
    """Text without the characters that no XML file may hold."""
    return UNPRINTABLE.sub("", text)


def element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name) if ":" in name else name, value)
    return made


def declare(word: Document) -> None:
    """Adds the styles, and to the font table the names to fall back on."""
    normal = word.styles["Normal"]
    set_font(normal, FANGSONG, 16)
    normal.paragraph_format.space_after = Pt(0)
    for style in STYLES.values():
        add_style(word, style)
    for name, font in ((SIGNER, KAITI), (VALUE, HEITI)):
        set_font(word.styles.add_style(name, WD_STYLE_TYPE.CHARACTER), font, 16)
    table_of_fonts(word)


def add_style(word: Document, wanted: Style) -> None:
    style = word.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    style.quick_style = True
    set_font(style, wanted.font, wanted.size)
    if wanted.is_red:
        style.font.color.rgb = RED
    if wanted.tight:
        drawn_together = element("w:spacing", {"w:val": str(round(wanted.tight * 20))})
        style.element.get_or_add_rPr().find(qn("w:sz")).addprevious(drawn_together)  # where the schema wants it
    place(style, wanted)


def place(style: ParagraphStyle, wanted: Style) -> None:
    """Indents, pitch and the rules of the standard for lines: exact pitch, no extra space between scripts."""
    layout = style.paragraph_format
    layout.alignment = wanted.align
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(wanted.pitch)
    layout.space_before = layout.space_after = Pt(0)
    layout.widow_control = False
    layout.keep_with_next = wanted.is_kept_with_next or None
    layout.first_line_indent = Pt(wanted.first * CHARACTER) if wanted.first else None
    layout.left_indent = Pt(wanted.left * CHARACTER) if wanted.left else None
    layout.right_indent = Pt(wanted.right * CHARACTER) if wanted.right else None
    if wanted.has_tab:
        layout.tab_stops.add_tab_stop(Pt(27 * CHARACTER), WD_TAB_ALIGNMENT.RIGHT)
    properties = style.element.get_or_add_pPr()
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN", *(() if wanted.pitch == PITCH else ("w:snapToGrid",))):
        insert(properties, element(tag, {"w:val": "0"}))
    if wanted.level:
        insert(properties, element("w:outlineLvl", {"w:val": str(wanted.level - 1)}))


ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
]


def insert(properties: BaseOxmlElement, child: BaseOxmlElement) -> None:
    """Puts a paragraph property where the schema wants it; Word repairs a file whose order is wrong."""
    followers = [qn(f"w:{tag}") for tag in ORDER[ORDER.index(child.tag.rpartition("}")[2]) + 1 :]]
    for sibling in properties:
        if sibling.tag in followers:
            sibling.addprevious(child)
            return
    properties.append(child)


def set_font(style: ParagraphStyle | CharacterStyle, name: str, size: float) -> None:
    """One font for both scripts, so that digits and characters keep the same colour of print."""
    style.font.size = Pt(size)
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def table_of_fonts(word: Document) -> None:
    """字体表: what to take when a font is not installed."""
    lines = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in OTHER_NAMES.items()
    )
    content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{lines}</w:fonts>'
    for part in word.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml" and isinstance(part, Part):
            part._blob = content.encode()
