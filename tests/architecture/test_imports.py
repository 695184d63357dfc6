"""A package imports what stands below it, never above; inside a noun the outer files import the inner ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import yuanqing

SOURCE = Path(yuanqing.__file__).parent
DUTIES = ("kernel", "hotline", "org", "norms", "shell", "education", "discipline", "cases")
NOUN_FILES = (
    "models",
    "lifecycle",
    "rules",
    "policies",
    "queries",
    "actions",
    "forms",
    "figures",
    "api",
    "pages",
    "tasks",
)
MACHINERY = ("kernel", "shell")  # not made of nouns alone
OUTER = ("pages", "api", "tasks")  # the ring that may draw with the shell
# what draws nothing: papers, messages, words to be found, long work; duties above the shell may use them inside too
PLAIN = tuple(f"yuanqing.shell.{part}." for part in ("document", "inbox", "search", "job", "file"))


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Names of our own modules imported at the top of a module; what a function imports is late on purpose."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("yuanqing."):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("yuanqing."))


def rank(name: str) -> int:
    part = name.split(".")[1] if "." in name else ""
    return DUTIES.index(part) if part in DUTIES else len(DUTIES)


ALL = list(modules())


def test_every_package_has_its_place():
    packages = {p.name for p in SOURCE.iterdir() if (p / "__init__.py").exists()}
    assert packages == {*DUTIES, "demo", "reference", "migrations"}


@pytest.mark.parametrize("name", [name for name, _tree in ALL])
def test_imports_point_downward(name):
    tree = dict(ALL)[name]
    for target in imported(tree):
        if rank(target) <= rank(name):
            continue
        drawing = rank(name) > 0 and name.split(".")[-1] in OUTER and target.startswith("yuanqing.shell.")
        assert drawing, f"{name} imports {target}, which stands above it"


def noun_of(name: str) -> tuple[str, str, str] | None:
    parts = name.split(".")
    return (parts[1], parts[2], parts[3]) if len(parts) == 4 and parts[1] in DUTIES else None


@pytest.mark.parametrize("name", [name for name, _tree in ALL if (n := noun_of(name)) and n[0] not in MACHINERY])
def test_a_noun_has_only_the_known_files(name):
    duty, noun, file = noun_of(name)
    assert file in NOUN_FILES or (duty, noun) == ("norms", "packs"), f"{name}: not one of {NOUN_FILES}"


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, _tree in ALL
        if (n := noun_of(name)) and n[2] in ("rules", "models", "policies", "queries", "actions")
    ],
)
def test_the_inner_files_of_a_noun_know_nothing_of_pages(name):
    for target in imported(dict(ALL)[name]):
        draws = target.startswith("yuanqing.shell.") and not target.startswith(PLAIN)
        assert not draws or name.startswith("yuanqing.shell."), f"{name} draws: {target}"
        assert target.split(".")[-2:-1] not in (["pages"], ["api"], ["tasks"]), f"{name} imports {target}"


@pytest.mark.parametrize(
    "name", [name for name, _tree in ALL if name.endswith(".rules") and name.startswith("yuanqing.discipline.")]
)
def test_rules_are_plain_arithmetic(name):
    """Pure functions on plain values: of Django only the translation of sentences."""
    for node in ast.walk(dict(ALL)[name]):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("django"):
            assert node.module == "django.utils.translation", f"{name} imports {node.module}"
