"""What a reader can name is looked up among what she may see; a scope is asked, never read as plain prefixes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

import yuanqing
from yuanqing.kernel.records import Record

SOURCE = Path(yuanqing.__file__).parent
FACES = ("pages.py", "forms.py", "api.py")
MANAGERS = ("objects", "_default_manager", "_base_manager")
OPEN = {"Holder", "PackVersion", "Clause", "Period"}  # the same for everybody
RECORDS = {m.__name__ for m in apps.get_models() if issubclass(m, Record)} - OPEN
# file · model → why its rows are asked for without visible_to
REASONS = {
    "cases/appeal/forms.py Sanction": "one of the choices offered: in the register the reader sees, or about himself",
    "cases/case/forms.py Account": "by the holder of a key who was chosen among those who may work on the case",
    "cases/lead/forms.py Account": "by the holder of a key who was chosen among those who may work on the lead",
    "cases/lead/forms.py Person": "whom a lead is about may work anywhere; only his number leads to him",
    "cases/partner/pages.py Partner": "how many wait for whoever compares fingerprints and sees them all",
    "cases/petition/forms.py Account": "handlers of petitions, by the holders of keys; whom a petition may be given to",
    "cases/petition/forms.py Person": "whom a report is about may work anywhere; only his number leads to him",
    "cases/petition/pages.py SealedValue": "of the petition that was looked up, and still sealed",
    "cases/rereading/pages.py Rereading": "the reader's own",
    "cases/transfer/forms.py Account": "handlers of petitions, by the holders of keys; whom a matter may be given to",
    "cases/transfer/forms.py Person": "whom a report is about may work anywhere; only his number leads to him",
    "cases/transfer/pages.py Partner": "the superior body, which what is about the own head is sealed to",
    "discipline/bulletin/api.py Delivery": "the reader's own",
    "discipline/bulletin/pages.py Delivery": "the reader's own",
    "discipline/bulletin/pages.py TypicalCase": "of bulletins whose drafts the reader checks; shows no words",
    "discipline/monthly_figures/pages.py Unit": "narrowed by the scope of the capability",
    "discipline/monthly_return/pages.py Extension": "of the return that was looked up",
    "discipline/progress/pages.py Unit": "narrowed by the scope of the capability",
    "discipline/review/pages.py ScoreCard": "of the cards that were looked up",
    "discipline/review/pages.py Obligation": "of the card that was looked up",
    "discipline/review/pages.py MonthlyReturn": "of the card that was looked up; counts of whole months",
    "discipline/violation/forms.py Unit": "narrowed by the scope of the capability",
    "education/campaign/forms.py Unit": "narrowed by the scope of the capability",
    "education/certificate/pages.py Certificate": "the reader's own; and by the code printed on it, which is its key",
    "education/column/forms.py Unit": "narrowed by the scope of the capability",
    "education/column/pages.py Account": "the reader whose address this is",
    "education/column/pages.py Article": "published, for everybody",
    "education/examination/pages.py Problem": "of the examination that was looked up, of those that are listed, one's own",
    "education/notice/forms.py Unit": "narrowed by the scope of the capability",
    "education/question/forms.py Unit": "narrowed by the scope of the capability",
    "education/session/forms.py Unit": "narrowed by the scope of the capability",
    "education/session/pages.py Attendance": "the reader's own, of the session that was looked up",
    "education/writing/api.py Match": "of the writing that was looked up",
    "education/writing/pages.py Match": "the author's own",
    "education/writing/pages.py Version": "of the match that was looked up",
    "norms/period/pages.py Unit": "narrowed by the scope of the capability",
    "org/access/pages.py Grant": "of the account that was looked up",
    "org/account/pages.py Account": "the reader's own",
    "org/account/pages.py Grant": "of the accounts that are listed",
    "org/audience/forms.py Post": "codes are known or not; issuing asks the scope of the reader",
    "org/audience/forms.py Unit": "without an account it is a command of the operator",
    "org/signin/pages.py Session": "of the account that was looked up",
    "shell/security/pages.py Session": "one's own",
    "shell/security/pages.py SignIn": "one's own",
}


def _parsed(path: Path) -> ast.Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.above = node  # type: ignore[attr-defined]
    return tree


def _sources(*names: str) -> list[Path]:
    found = (p for p in SOURCE.glob("*/*/*.py") if "migrations" not in p.parts and "demo" not in p.parts)
    return sorted(p for p in found if not names or p.name in names)


def _chain(node: ast.AST) -> list[str]:
    """The names called one after the other on a manager."""
    names = []
    while True:
        above = getattr(node, "above", None)
        if isinstance(above, ast.Attribute):
            names.append(above.attr)
        elif not (isinstance(above, ast.Call) and above.func is node):
            return names
        node = above


def _unscoped() -> Iterator[str]:
    for path in _sources(*FACES):
        for node in ast.walk(_parsed(path)):
            if not (isinstance(node, ast.Attribute) and node.attr in MANAGERS and isinstance(node.value, ast.Name)):
                continue
            if node.value.id in RECORDS and not {"visible_to", "none"} & set(_chain(node)):
                yield f"{path.relative_to(SOURCE)} {node.value.id}"


def test_faces_look_records_up_among_what_the_reader_may_see() -> None:
    """Pickers, filters, errors and imports would otherwise tell names of units and people elsewhere."""
    found = set(_unscoped())
    assert sorted(found - set(REASONS)) == [], "ask visible_to(account), or say here why not"
    assert sorted(set(REASONS) - found) == [], "these reasons are no longer needed"


READ_AS_A_LIST = ("list", "tuple", "set", "sorted", "frozenset", "enumerate", "zip", "any", "all")


def _is_scopes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "scopes"


def _names_of_scopes(function: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=True)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                found |= {t.id for t, value in pairs if isinstance(t, ast.Name) and _is_scopes(value)}
    return found


def _misreadings(path: Path) -> Iterator[int]:
    tree = _parsed(path)
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        known = _names_of_scopes(function)
        for node in ast.walk(function):
            if not (_is_scopes(node) or (isinstance(node, ast.Name) and node.id in known)):
                continue
            above = node.above  # type: ignore[attr-defined]
            is_iterated = isinstance(above, ast.For | ast.comprehension) and above.iter is node
            is_listed = isinstance(above, ast.Call) and getattr(above.func, "id", "") in READ_AS_A_LIST
            is_condition = isinstance(above, ast.keyword) and (above.arg or "").endswith(("__in", "startswith"))
            is_taken_apart = isinstance(above, ast.Subscript | ast.Starred | ast.BinOp)
            if is_iterated or is_listed or is_condition or is_taken_apart:
                yield above.lineno if hasattr(above, "lineno") else node.lineno  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", _sources(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_scopes_are_asked_and_not_read_as_prefixes(path: Path) -> None:
    """A reach may end after some levels and denials cut holes: `within(scope)` in SQL, `scope.covers(path)` elsewhere."""
    assert list(_misreadings(path)) == []


def test_a_scope_read_as_prefixes_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "queries.py"
    wrong.write_text(
        "def a(by):\n    s = by.scopes('x')\n    return Q(path__in=s)\n"
        "def b(by):\n    return [p for p in by.scopes('x')]\n"
        "def c(by):\n    return list(by.scopes('x'))\n"
        "def d(by):\n    s, t = by.scopes('x'), 1\n    return s[0]\n"
    )
    assert len(list(_misreadings(wrong))) == 4
    wrong.write_text("def a(by):\n    s = by.scopes('x')\n    return within(s) if s else s.covers('y')\n")
    assert list(_misreadings(wrong)) == []
