"""The files of a published bulletin as a reader's programs see them: the official page, opened without repair, with all tables."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader

from yuanqing.discipline.bulletin import queries
from yuanqing.shell.document.xlsx import Limits, read_book

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A4 = {(210, 297), (297, 210)}  # a wide table turns the page
MARGINS = {(37, 35, 28, 26), (28, 26, 35, 37)}  # head, foot, back, front; turned with the page
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="soffice (libreoffice-writer, libreoffice-calc) is missing")


@pytest.fixture
def files(three_months: tuple[Any, Any]) -> dict[str, Path]:
    _review, bulletin = three_months
    return {kind: queries.path_of(bulletin, kind) for kind in ("docx", "pdf", "xlsx")}


def converted(file: Path, kind: str, into: Path) -> Path:
    """By LibreOffice without a window; a file that needs repair is not converted."""
    words = [str(SOFFICE), "--headless", f"-env:UserInstallation=file://{into}/profile", "--convert-to", kind]
    done = subprocess.run([*words, "--outdir", str(into), str(file)], capture_output=True, timeout=180, check=False)
    made = into / file.with_suffix(f".{kind}").name
    assert made.exists(), done.stderr.decode()
    return made


def flat(pages: Any) -> str:
    return "".join("".join(page.extract_text().split()) for page in pages)


def millimetres(node: Any, *names: str) -> tuple[int, ...]:
    """Of lengths in twentieths of a point."""
    return tuple(round(int(node.get(f"{W}{name}")) * 25.4 / 1440) for name in names)


def test_every_page_has_the_size_and_margins_of_the_standard(files):
    with zipfile.ZipFile(files["docx"]) as packed:
        sections = list(etree.fromstring(packed.read("word/document.xml")).iter(f"{W}sectPr"))
    assert sections
    for section in sections:
        assert millimetres(section.find(f"{W}pgSz"), "w", "h") in A4
        assert millimetres(section.find(f"{W}pgMar"), "top", "bottom", "left", "right") in MARGINS
    for page in PdfReader(files["pdf"]).pages:
        assert tuple(round(float(side) * 25.4 / 72) for side in page.mediabox[2:]) in A4


@needs_office
def test_the_docx_opens_with_every_section(files, tmp_path):
    pages = PdfReader(converted(files["docx"], "pdf", tmp_path)).pages
    text = flat(pages)
    for words in ("一、", "二、", "三、", "西二厂（0202）", "85.00"):
        assert words in text
    assert f"—{len(pages)}—" in text


@needs_office
def test_the_workbook_comes_back_from_another_program_with_the_same_cells(files, tmp_path):
    (tmp_path / "again").mkdir()
    again = read_book(converted(files["xlsx"], "xlsx", tmp_path / "again"), Limits())
    own = read_book(files["xlsx"], Limits())
    assert again == own
    assert len(own) > 4
