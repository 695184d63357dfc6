"""LibreOffice opens what we write, with all pages and rows; skipped where it is not installed."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.shell.document.bulletin import bulletin

from yuanqing.shell.document.docx import write_docx
from yuanqing.shell.document.xlsx import SheetColumn, write_table

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(
    SOFFICE is None, reason="soffice (libreoffice-writer, libreoffice-calc) is not installed"
)


def convert(file: Path, kind: str) -> Path:
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation=file://{file.parent}/profile"]
    done = subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(file.parent), str(file)], capture_output=True, timeout=120
    )
    made = file.with_suffix("." + kind.split(":")[0])
    assert made.exists(), done.stderr.decode()
    return made


def test_the_docx_opens_with_its_pages_turned_and_numbered(tmp_path: Path) -> None:
    file = tmp_path / "bulletin.docx"
    file.write_bytes(write_docx(bulletin()))
    pages = PdfReader(convert(file, "pdf")).pages
    texts = [page.extract_text().replace(" ", "") for page in pages]
    assert sum("示范单位" in text and "名次" in text for text in texts) >= 2
    assert [page.mediabox.width > page.mediabox.height for page in pages].count(True) == 1
    assert all(f"—{number}—" in text for number, text in enumerate(texts, 1))
    assert "一、月报报送情况" in "".join(texts)


def test_the_xlsx_opens_with_text_as_typed(tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    rows = [["=1+1", 3], ["0012", 4], ["＝2", 5], ["@x", 6]]
    file.write_bytes(write_table("表", ["内容", SheetColumn("数", "int")], rows))
    with convert(file, "csv:Text - txt - csv (StarCalc):44,34,76").open(encoding="utf-8") as made:
        assert list(csv.reader(made)) == [["内容", "数"], *([text, str(number)] for text, number in rows)]
