"""The DOCX has the geometry of GB/T 9704-2012; read from the file's own XML."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree
from tests.shell.document.bulletin import INJECTION, bulletin

from yuanqing.shell.document.docx import write_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MILLIMETRE = 1440 / 25.4  # twentieths of a point


@pytest.fixture(scope="module")
def file() -> bytes:
    return write_docx(bulletin())


def part(file: bytes, name: str) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read(f"word/{name}.xml"))


def text(node: etree._Element) -> str:
    return "".join(node.itertext(f"{W}t"))


def lines(file: bytes, words: str) -> list[etree._Element]:
    return [line for line in part(file, "document").iter(f"{W}p") if words in text(line)]


def style(file: bytes, name: str) -> etree._Element:
    return next(s for s in part(file, "styles").iter(f"{W}style") if s.find(f"{W}name").get(f"{W}val") == name)


def test_the_page_is_a4_with_the_margins_of_the_standard(file: bytes) -> None:
    last = list(part(file, "document").iter(f"{W}sectPr"))[-1]
    size, margins = last.find(f"{W}pgSz"), last.find(f"{W}pgMar")
    found = [round(int(size.get(f"{W}{name}")) / MILLIMETRE) for name in ("w", "h")]
    assert found == [210, 297]
    found = [round(int(margins.get(f"{W}{name}")) / MILLIMETRE, 1) for name in ("top", "bottom", "left", "right")]
    assert found == [37.0, 35.0, 28.0, 26.0]


def test_a_wide_table_turns_the_page_and_turns_it_back(file: bytes) -> None:
    sections = list(part(file, "document").iter(f"{W}sectPr"))
    assert [s.find(f"{W}pgSz").get(f"{W}orient", "portrait") for s in sections] == ["portrait", "landscape", "portrait"]


@pytest.mark.parametrize(
    ("name", "font", "half_points"),
    [
        ("公文正文", "仿宋_GB2312", "32"),
        ("公文标题", "方正小标宋简体", "44"),
        ("公文一级标题", "黑体", "32"),
        ("公文二级标题", "楷体_GB2312", "32"),
        ("公文三级标题", "仿宋_GB2312", "32"),
        ("公文版记", "仿宋_GB2312", "28"),
        ("公文单页码", "宋体", "28"),
    ],
)
def test_fonts_and_sizes(file: bytes, name: str, font: str, half_points: str) -> None:
    look = style(file, name).find(f"{W}rPr")
    assert look.find(f"{W}rFonts").get(f"{W}eastAsia") == font
    assert look.find(f"{W}sz").get(f"{W}val") == half_points


def test_twenty_two_lines_of_exactly_28_95_points(file: bytes) -> None:
    spacing = style(file, "公文正文").find(f"{W}pPr/{W}spacing")
    assert spacing.get(f"{W}line") == "579"
    assert spacing.get(f"{W}lineRule") == "exact"
    assert 22 * 579 <= 225 * MILLIMETRE < 23 * 579


def test_twenty_eight_characters_fill_the_line(file: bytes) -> None:
    drawn_together = int(style(file, "公文正文").find(f"{W}rPr/{W}spacing").get(f"{W}val"))
    assert 28 * (320 + drawn_together) <= 156 * MILLIMETRE < 28.1 * (320 + drawn_together)


def test_the_letterhead_is_red_with_a_red_rule_below_the_number(file: bytes) -> None:
    assert style(file, "公文发文机关标志").find(f"{W}rPr/{W}color").get(f"{W}val") == "FF0000"
    (number,) = lines(file, "源纪通〔2026〕11号")
    assert number.find(f"{W}pPr/{W}pBdr/{W}bottom").get(f"{W}color") == "FF0000"


def test_page_numbers_stand_outside(file: bytes) -> None:
    assert part(file, "settings").find(f"{W}evenAndOddHeaders") is not None
    kinds = {r.get(f"{W}type") for r in part(file, "document").iter(f"{W}footerReference")}
    assert kinds == {"default", "even"}
    aligned = {style(file, name).find(f"{W}pPr/{W}jc").get(f"{W}val") for name in ("公文单页码", "公文双页码")}
    assert aligned == {"right", "left"}


def test_tables_are_tables_and_repeat_their_heads(file: bytes) -> None:
    tables = list(part(file, "document").iter(f"{W}tbl"))
    heads = [len(list(table.iter(f"{W}tblHeader"))) for table in tables]
    assert heads == [2, 1, 2, 0]  # statistics, scores, statistics turned sideways, imprint
    assert len(tables[1].findall(f"{W}tr")) == 61
    spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in tables[0].findall(f"{W}tr")[0].findall(f"{W}tc")]
    assert [1 if span is None else int(span.get(f"{W}val")) for span in spans] == [1, 1, 2, 2]


def test_paragraph_properties_stand_in_the_order_of_the_schema(file: bytes) -> None:
    """Word offers to repair a file whose order is wrong."""
    from yuanqing.shell.document.word_styles import ORDER

    for name in ("document", "styles"):
        for properties in part(file, name).iter(f"{W}pPr"):
            places = [ORDER.index(child.tag.removeprefix(W)) for child in properties]
            assert places == sorted(places), etree.tostring(properties)


def test_letter_properties_stand_in_the_order_of_the_schema(file: bytes) -> None:
    order = ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "kern", "sz", "szCs", "lang"]
    for name in ("公文正文", "公文发文机关标志", "公文一级标题", "公文版记"):
        places = [order.index(child.tag.removeprefix(W)) for child in style(file, name).find(f"{W}rPr")]
        assert places == sorted(places)


def test_every_relation_points_at_a_part_that_is_there(file: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(file))
    relations = etree.fromstring(package.read("_rels/.rels"))
    assert {relation.get("Target") for relation in relations} <= set(package.namelist())
    assert len(relations) == 3


def test_typed_text_stays_text(file: bytes) -> None:
    assert len(lines(file, INJECTION)) == 1


def test_signs_that_xml_cannot_hold_are_left_out() -> None:
    file = write_docx(replace(bulletin(0), notes="甲\x00\x0b乙\ud800"))
    assert len(lines(file, "（甲乙）")) == 1


def test_the_same_document_gives_the_same_bytes(file: bytes) -> None:
    assert write_docx(bulletin()) == file


def test_the_file_bears_the_date_of_the_document(file: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(file))
    assert {member.date_time for member in package.infolist()} == {(2026, 11, 12, 0, 0, 0)}
    assert package.read("docProps/core.xml").count(b"2026-11-12T00:00:00Z") == 2
    assert write_docx(replace(bulletin(), signed_on=date(2026, 11, 13))) != file
