"""No workbook, table or document that leaves the product holds a live formula, whatever was typed into its cells."""

from __future__ import annotations

import ast
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from yuanqing.shell.document.xlsx import SheetColumn, write_table

SOURCE = Path(__file__).resolve().parents[2] / "src" / "yuanqing"
LIVE = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "\ufeff=1", " =1")  # fmt: skip
WRITERS = {"openpyxl", "xlsxwriter", "csv"}
# outside of shell/document: who reads tables, or writes cells as texts only
OTHERS = {
    "kernel/figures/snapshot.py": "reads what the database copies out",
    "kernel/packs/sheet.py": "writes the cells of a pack as texts",
    "shell/importing/reading.py": "names columns",
    "discipline/monthly_return/rules.py": "reads what is pasted",
}


def test_a_table_holds_texts_never_formulas():
    rows = [[text, text] for text in LIVE]
    data = write_table("表", [SheetColumn("甲", "text"), SheetColumn("乙", "text")], rows, on=date(2026, 11, 1))
    sheet = load_workbook(io.BytesIO(data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) >= 2 * len(LIVE)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name), name
            assert b"ddeLink" not in package.read(name), name


def writers_in(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found & WRITERS


def test_only_the_document_package_writes_workbooks_and_tables():
    elsewhere = {}
    for path in sorted(SOURCE.rglob("*.py")):
        short = str(path.relative_to(SOURCE))
        found = writers_in(path)
        if found and not short.startswith("shell/document/") and short not in OTHERS:
            elsewhere[short] = found
    assert elsewhere == {}


def test_cells_outside_of_the_document_package_are_typed_as_texts():
    """Where a cell's value is set, its type is set with it."""
    for short in ("kernel/packs/sheet.py", "shell/document/cells.py"):
        text = (SOURCE / short).read_text(encoding="utf-8")
        assert "data_type = " in text
        assert '"s"' in text


@pytest.mark.parametrize("text", LIVE)
def test_a_word_document_holds_text_never_a_field(text):
    kept = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(kept)
    with zipfile.ZipFile(io.BytesIO(kept.getvalue())) as package:
        assert b"instrText" not in package.read("word/document.xml")
