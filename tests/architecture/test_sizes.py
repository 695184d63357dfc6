"""One noun is readable in one sitting: modules, functions and templates stay small."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import yuanqing

SOURCE = Path(yuanqing.__file__).parent
MODULES = [p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts]
TEMPLATES = sorted((SOURCE / "templates").rglob("*.html"))


def short(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_never_passes_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_function_never_passes_60_lines(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} in {short(path)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_never_passes_150_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_carries_no_script_and_no_style(path):
    text = re.sub(r"<c-[^>]*>|{%[^%]*%}", "", path.read_text(encoding="utf-8"))  # what components are told is no HTML
    assert " style=" not in text, "styles belong into the style sheet: the content security policy refuses them"
    assert " onclick=" not in text
    assert "<script>" not in text
