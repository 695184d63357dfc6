"""The English catalogue: every text that the code marks for translation, gathered without GNU gettext.

Python is read by its syntax tree, templates by Django's own reduction of them to gettext calls. What is gathered
goes into the catalogue sorted and without line numbers, so that it changes only when a text does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
Message = tuple[str, str, str]  # context, text, plural; "" where there is none

# function → positions of context, text and plural among its arguments
_PLAIN, _PLURAL, _CONTEXT, _BOTH = (None, 0, None), (None, 0, 1), (0, 1, None), (0, 1, 2)
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _BOTH),
}
_LITERAL = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(n?p?gettext|_)\({_LITERAL}(?:, {_LITERAL})?(?:, {_LITERAL})?(?:, ?count)?\)")
# The text in quotes inside a `{{% translate %}}` of an attribute, or after a filter, is read by Django as well.
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
HEADER = {
    "Project-Id-Version": "yuanqing",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def gather() -> set[Message]:
    """Every message of the product."""
    found: set[Message] = set()
    for path in sources():
        found |= set(in_python(ast.parse(path.read_text(encoding="utf-8"))))
    for path in sorted((SOURCE / "templates").rglob("*.html")):
        found |= set(in_template(path.read_text(encoding="utf-8"), str(path.relative_to(SOURCE))))
    return found


def sources() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def names_of(tree: ast.Module) -> dict[str, str]:
    """What the translation functions are called in this module, mostly `_`."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a translation function, with the function's own name."""
    names = names_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield names[node.func.id], node


def in_python(tree: ast.Module) -> Iterator[Message]:
    for name, node in calls(tree):
        context, text, plural = (_constant(node, position) for position in FUNCTIONS[name])
        if text:
            yield context, text, plural


def _constant(node: ast.Call, position: int | None) -> str:
    if position is None or position >= len(node.args):
        return ""
    argument = node.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def in_template(text: str, origin: str) -> Iterator[Message]:
    for match in _CALL.finditer(templatize(text, origin=origin)):
        name = match[1].replace("_", "gettext") if match[1] == "_" else match[1]
        words = [ast.literal_eval(word) if word else "" for word in match.groups()[1:]]
        context, message, plural = ("" if at is None else words[at] for at in FUNCTIONS[name])
        # Django doubles percent signs for blocks with values; at run time it looks up the text so doubled
        yield context, message, plural


def update(path: Path = CATALOGUE) -> tuple[int, int, int]:
    """Bring the catalogue up to date, keeping translations; returns how many there are, are new and want English."""
    known = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    wanted = {message[:2]: message for message in sorted(gather())}
    book = polib.POFile(wrapwidth=0)
    book.metadata = dict(HEADER)
    for at, message in sorted(wanted.items()):
        book.append(_entry(message, known.get(at)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{book}", encoding="utf-8")
    return len(book), len(wanted.keys() - known.keys()), len([e for e in book if not is_translated(e)])


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    context, text, plural = message
    entry = polib.POEntry(msgid=text, msgctxt=context or None, msgid_plural=plural)
    if PLACEHOLDER.search(text) and "%" in text:
        entry.flags = ["python-format"]
    if plural:
        old = known.msgstr_plural if known is not None else {}
        entry.msgstr_plural = {0: old.get(0, ""), 1: old.get(1, "")}
    else:
        entry.msgstr = known.msgstr if known is not None else ""
    return entry


def is_translated(entry: polib.POEntry) -> bool:
    return all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
