"""The PDF has the geometry of GB/T 9704-2012; read from the file with poppler and pypdf."""

import io
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.shell.document.bulletin import INJECTION, bulletin

from yuanqing.shell.document import pdf
from yuanqing.shell.document.official import OfficialDocument, Paragraph
from yuanqing.shell.document.pdf import write_pdf

MILLIMETRE = 72 / 25.4
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
PDFTOTEXT = shutil.which("pdftotext")
needs_poppler = pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext (poppler-utils) is not installed")


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str


@pytest.fixture(scope="module")
def file() -> bytes:
    return write_pdf(bulletin())


def words(file: bytes, page: int, tmp_path: Path) -> list[Word]:
    """The words of a page with their boxes in millimetres; empty ones left out."""
    source = tmp_path / "document.pdf"
    source.write_bytes(file)
    command = [str(PDFTOTEXT), "-bbox", "-f", str(page), "-l", str(page), str(source), "-"]
    found = WORD.findall(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return [Word(*(float(side) / MILLIMETRE for side in sides), text) for *sides, text in found if text.strip()]


def prose(**more: object) -> OfficialDocument:
    body = (Paragraph("平" * 28 * 60, is_indented=False),)
    return replace(bulletin(), body=body, attachments=(), copies_to="", printed_by="", **more)  # type: ignore[arg-type]


def test_the_page_is_a4_and_a_wide_table_turns_it(file: bytes) -> None:
    sizes = {
        tuple(round(float(side) / MILLIMETRE) for side in page.mediabox[2:])
        for page in PdfReader(io.BytesIO(file)).pages
    }
    assert sizes == {(210, 297), (297, 210)}


@needs_poppler
def test_a_full_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    found = words(write_pdf(prose()), 2, tmp_path)
    lines = [word for word in found if set(word.text) == {"平"}]
    assert len(lines) == 22
    assert {len(line.text) for line in lines} == {28}
    pitches = {round((below.top - above.top) * MILLIMETRE, 2) for above, below in pairwise(lines)}
    assert all(pitch == pytest.approx(28.95, abs=0.02) for pitch in pitches)


@needs_poppler
def test_text_stands_inside_156_by_225_millimetres(tmp_path: Path) -> None:
    lines = [word for word in words(write_pdf(prose()), 2, tmp_path) if set(word.text) == {"平"}]
    assert lines[0].left == pytest.approx(28, abs=0.3)
    assert lines[0].right == pytest.approx(184, abs=0.5)
    middles = [(line.top + line.bottom) / 2 for line in lines]
    assert middles[0] - 8 / MILLIMETRE == pytest.approx(37, abs=1)  # half of 16 pt above the middle of the first line
    assert middles[-1] + 8 / MILLIMETRE <= 297 - 35 + 0.5


@needs_poppler
def test_the_organ_stands_35_mm_below_the_head_and_the_page_number_outside(file: bytes, tmp_path: Path) -> None:
    first = words(file, 1, tmp_path)
    organ = next(word for word in first if "纪检监察组文件" in word.text)
    assert (organ.top + organ.bottom) / 2 - 16 / MILLIMETRE == pytest.approx(37 + 35, abs=1.5)  # set in 32 pt
    assert (organ.left + organ.right) / 2 == pytest.approx(28 + 156 / 2, abs=1)
    number = [word for word in first if word.top > 262]
    assert "".join(word.text for word in number) == "—1—"
    assert number[-1].right == pytest.approx(184 - 14 / MILLIMETRE, abs=1)
    assert (number[0].top + number[0].bottom) / 2 == pytest.approx(262 + 7, abs=1)
    even = [word for word in words(file, 2, tmp_path) if word.top > 262]
    assert even[0].left == pytest.approx(28 + 14 / MILLIMETRE, abs=1)


def test_a_table_repeats_its_head_on_every_page() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(write_pdf(bulletin(120)))).pages]
    with_rows = [page for page in pages if "示范单位" in page]
    assert len(with_rows) >= 3
    assert all("名次" in page and "得分" in page for page in with_rows)


def test_every_text_is_in_the_file_and_nothing_typed_is_run(file: bytes) -> None:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
    solid = re.sub(r"\s", "", text)
    assert re.sub(r"\s", "", INJECTION) in solid
    for words_ in (
        "一、月报报送情况",
        "（一）迟报单位",
        "1.原因",
        "（1）人手不足",
        "附件：1.典型问题",
        "抄送：集团党组成员。",
    ):
        assert words_ in solid


def test_it_is_pdf_a_2b_with_every_font_inside(file: bytes) -> None:
    reader = PdfReader(io.BytesIO(file))
    assert b"<pdfaid:part>2</pdfaid:part>" in file
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in file
    assert reader.metadata is not None
    assert reader.metadata.title == " ".join(bulletin().title.split())
    fonts = {font for page in reader.pages for font in fonts_of(page)}
    assert fonts
    assert all("+Noto" in font for font in fonts)  # subsets, never a font of the operating system


def fonts_of(page: object) -> list[str]:
    resources = page["/Resources"]["/Font"]  # type: ignore[index]
    return [font.get_object()["/BaseFont"] for font in resources.values()]


def test_the_same_document_gives_the_same_bytes(file: bytes) -> None:
    assert write_pdf(bulletin()) == file


def test_a_watermark_is_printed_on_every_page_when_asked(file: bytes) -> None:
    marked = PdfReader(io.BytesIO(write_pdf(bulletin(), watermark="甲某 #{1} 2026-11-12")))
    assert all("甲某" in page.extract_text() for page in marked.pages)
    assert not any("甲某" in page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def test_fonts_of_the_organisation_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANQING_FONTS", str(tmp_path))
    assert pdf.font_folders()[0] == str(tmp_path)
    monkeypatch.setenv("YUANQING_FONTS", str(tmp_path / "missing"))
    assert len(pdf.font_folders()) == 1
