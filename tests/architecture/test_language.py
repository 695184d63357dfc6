"""Chinese is the source text, English a complete catalogue, and no word for people stands outside of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import polib
import pytest

from yuanqing.reference.messages import (
    CATALOGUE,
    PLACEHOLDER,
    SOURCE,
    calls,
    gather,
    is_translated,
    key,
    sources,
    texts,
)

ENTRIES = list(polib.pofile(str(CATALOGUE)))
TEMPLATES = sorted((SOURCE / "templates").rglob("*.html"))
HAN = re.compile(r"[一-鿿]")
WRITTEN = re.compile(r"[一-鿿，、；：（）]")  # in a page, marks are as Chinese as words

# Where Chinese is no text of the interface, or the interface has only Chinese there.
CHINESE_ONLY = {
    "cases/element/rules.py": "patterns that look for names, dates and sums in Chinese texts",
    "demo/*": "a made-up organisation that speaks Chinese",
    "reference/*": "reference pages say everything in both languages",
    "shell/gallery*.py": "samples of made-up content",
    "shell/document/*": "official documents in the layout of GB/T 9704 are Chinese",
    "discipline/bulletin/rules.py": "the bulletin is an official document",
    "discipline/bulletin/queries.py": "the bulletin is an official document",
    "discipline/bulletin_book/*": "the tables of the bulletin",
    "discipline/monthly_figures/queries.py": "rows of the bulletin's tables",
    "discipline/typical_case/rules.py": "patterns that look for names, dates and sums in Chinese texts",
    "education/attendance_import/forms.py": "example lines of the import template",
    "education/question_import/forms.py": "example lines of the import template",
    "discipline/violation_import/forms.py": "example lines of the import template",
    "org/post/tasks.py": "example lines of the import template",
    "shell/importing/values.py": "how people write dates and yes in Chinese",
    "shell/importing/reading.py": "the name of the template's sheet of instructions",
    "kernel/packs/calendar.py": "the content of a pack",
    "kernel/packs/fields.py": "yes and no in a pack's workbook",
    "kernel/packs/sheet.py": "yes and no in a pack's workbook",
    "kernel/scaffold.py": "the files of a new noun",
    "kernel/database/commands.py": "help in both languages before Django is set up",
    "kernel/backup/commands.py": "help in both languages before Django is set up",
    "kernel/bill.py": "help in both languages before Django is set up",
    "kernel/serving.py": "help in both languages before Django is set up",
    "kernel/static_files.py": "help in both languages before Django is set up",
    "kernel/variables.py": "help in both languages before Django is set up",
    "__main__.py": "the product's name",
    "api.py": "the product's name",
    "settings.py": "the name of the language in itself",
    "shell/navigation.py": "the name of the language in itself",
}


def short(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_the_catalogue_holds_what_the_code_says():
    wanted, known = {message[:2] for message in gather()}, {key(entry) for entry in ENTRIES}
    assert wanted - known == set(), "run: yuanqing messages"
    assert known - wanted == set(), "run: yuanqing messages"


def test_nothing_is_without_english():
    assert [entry.msgid for entry in ENTRIES if not is_translated(entry)] == []


def test_english_is_english():
    allowed = {"待查", "是", "否", "2026年3月5日", "2026年10月", "中文"}  # what must be typed, or is shown, in Chinese
    left = [
        (entry.msgid, text)
        for entry in ENTRIES
        for text in texts(entry)
        if HAN.search(re.sub("|".join(sorted(allowed, key=len, reverse=True)), "", text))
    ]
    assert left == []


def placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text)}


def test_placeholders_are_the_same():
    differing = []
    for entry in ENTRIES:
        wanted = placeholders(entry.msgid)
        # a singular may say “one” instead of its number
        differing += [(entry.msgid, text) for text in texts(entry)[-1:] if placeholders(text) != wanted]
        differing += [(entry.msgid, text) for text in texts(entry)[:-1] if not placeholders(text) <= wanted]
    assert differing == []


def test_spaces_and_marks_at_the_ends_are_kept():
    """A text that ends without a full stop is joined to something; English must not end in Chinese punctuation."""
    assert [entry.msgid for entry in ENTRIES for text in texts(entry) if text.endswith(("。", "，", "："))] == []


def test_a_count_does_not_govern_a_verb():
    """“1 leads are overdue”: a text of one form says what is counted first, and its number after a colon."""
    disagreeing = re.compile(r"^%\((?:count|n)\)[ds] (?!of )[^.:;,]*?\b(?:are|wait|await)\b")
    assert [entry.msgid for entry in ENTRIES if not entry.msgid_plural and disagreeing.match(entry.msgstr)] == []


def is_excused(path: Path) -> bool:
    return any(fnmatch(short(path), pattern) for pattern in CHINESE_ONLY)


def bare_texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants with Chinese outside of translation calls, docstrings and regular expressions of the code."""
    inside = {id(node) for _name, call in calls(tree) for node in ast.walk(call)}
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and HAN.search(node.value) and id(node) not in inside | documented:
            yield node


@pytest.mark.parametrize("path", [p for p in sources() if not is_excused(p)], ids=short)
def test_python_says_nothing_in_chinese_outside_the_catalogue(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [(node.lineno, node.value) for node in bare_texts(tree)] == []


@pytest.mark.parametrize("pattern", CHINESE_ONLY)
def test_every_excuse_is_needed(pattern):
    found = [p for p in sources() if fnmatch(short(p), pattern)]
    assert any(True for path in found for _node in bare_texts(ast.parse(path.read_text(encoding="utf-8"))))


TAGS = re.compile(
    r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}|{%.*?%}|{#.*?#}|{{.*?}}|{% comment %}.*?{% endcomment %}",
    re.DOTALL,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_says_nothing_in_chinese_outside_the_catalogue(path):
    if path.name.startswith("gallery"):
        return  # samples of made-up content
    left = TAGS.sub("", path.read_text(encoding="utf-8"))
    assert [line.strip() for line in left.splitlines() if WRITTEN.search(line)] == []
