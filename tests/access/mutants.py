"""Planted policy defects: one check taken out at a time, in memory, in the code of functions that are in use already."""

from __future__ import annotations

import ast
import gc
import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import yuanqing

SOURCE = Path(yuanqing.__file__).parent
FILES = ("policies.py", "models.py", "queries.py", "pages.py", "api.py")
QUESTIONS = {
    "lacking",
    "_reaching",
    "refusal",
    "_open",
    "may_fill",
    "closed",
    "_not_above",
    "_about_case",
    "_about_grant",
    "_about_account",
}


# Everybody sees all of these: their `visible_to` gives what there is.
FOR_ALL = ("Period.objects.visible_to", "Clause.objects.visible_to")


@dataclass(frozen=True)
class Mutant:
    """One check that is gone: where it stood, and what was done to it."""

    path: Path
    line: int
    column: int
    kind: str

    @property
    def noun(self) -> str:
        return self.path.parent.name

    @property
    def duty(self) -> str:
        return self.path.parent.parent.name

    @property
    def text(self) -> str:
        """Its file and its line of code, which stay when others move."""
        line = self.path.read_text(encoding="utf-8").splitlines()[self.line - 1]
        return f"{self.path.relative_to(SOURCE)}: {line.strip()}"

    @property
    def name(self) -> str:
        """Another one for every defect, and the same when other lines change: how often the line stood there before is told."""
        lines = [line.strip() for line in self.path.read_text(encoding="utf-8").splitlines()]
        before = lines[: self.line - 1].count(lines[self.line - 1])
        return f"{self.text} · {before} · {self.column} · {self.kind}"

    def __str__(self) -> str:
        return f"{self.path.relative_to(SOURCE)}:{self.line} {self.kind}"


def mutants() -> list[Mutant]:
    found = []
    for path in sorted(p for p in SOURCE.glob("*/*/*.py") if p.name in FILES and "demo" not in p.parts):
        if path.parts[-3] not in ("kernel", "migrations"):
            found += [Mutant(path, *spot) for spot in _spots(ast.parse(path.read_text(encoding="utf-8")), path.name)]
    return found


def _spots(tree: ast.AST, file: str) -> Iterator[tuple[int, int, str]]:
    for node in ast.walk(tree):
        if _asks_who_sees(node) and not ast.unparse(node).startswith(FOR_ALL):
            yield node.lineno, node.col_offset, "visible_to taken out"
        if isinstance(node, ast.FunctionDef) and node.name == "visible_to":
            yield node.lineno, node.col_offset, "visible_to shows everything"
        if (
            file == "policies.py"
            and isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in QUESTIONS
        ):
            yield node.lineno, node.col_offset, f"{node.func.id} says yes"
        if file in ("pages.py", "api.py") and isinstance(node, ast.Raise) and "Refused" in ast.unparse(node):
            yield node.lineno, node.col_offset, "refusal not raised"


def _asks_who_sees(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "visible_to"


class _Change(ast.NodeTransformer):
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def _is(self, node: ast.AST) -> bool:
        return (node.lineno, node.col_offset) == (self.mutant.line, self.mutant.column)  # type: ignore[attr-defined]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not self._is(node):
            return node
        if (
            self.mutant.kind == "visible_to taken out"
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "visible_to"
        ):
            return ast.copy_location(ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], []), node)
        if (
            self.mutant.kind.endswith("says yes")
            and isinstance(node.func, ast.Name)
            and self.mutant.kind.startswith(node.func.id)
        ):
            return ast.copy_location(ast.Constant(""), node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if self._is(node) and self.mutant.kind == "visible_to shows everything":
            node.body = [ast.copy_location(ast.Return(ast.Name("self", ast.Load())), node)]
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return (
            ast.copy_location(ast.Pass(), node) if self._is(node) and self.mutant.kind == "refusal not raised" else node
        )


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


Key = tuple[str, str, int]
Name = str  # file and qualified name, which stay when lines move


def key_of(code: CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def name_of(code: CodeType) -> Name:
    return f"{Path(code.co_filename).relative_to(SOURCE)}:{code.co_qualname}"


@contextmanager
def called() -> Iterator[set[CodeType]]:
    """Filled with the functions of the product that are called meanwhile, in this thread."""
    source, every, found = str(SOURCE), set[CodeType](), set[CodeType]()
    sys.settrace(lambda frame, _event, _what: every.add(frame.f_code))
    try:
        yield found
    finally:
        sys.settrace(None)
        found |= {code for code in every if code.co_filename.startswith(source)}


def changed_by(mutant: Mutant) -> dict[Key, CodeType]:
    """The functions that the defect changes, with their spoilt code."""
    text = mutant.path.read_text(encoding="utf-8")
    tree = ast.fix_missing_locations(_Change(mutant).visit(ast.parse(text)))
    before = {key_of(c): c for c in _codes(compile(text, str(mutant.path), "exec"))}
    after = {key_of(c): c for c in _codes(compile(tree, str(mutant.path), "exec"))}
    changed = {key: code for key, code in after.items() if key in before and _body(code) != _body(before[key])}
    return {key: code for key, code in changed.items() if code.co_name != "<module>"}


class Planting:
    """The functions in use that the defect changes; looked for once, so that it can be put in and taken out many times."""

    def __init__(self, mutant: Mutant) -> None:
        # policies are read when an act first asks for them
        importlib.import_module(".".join(("yuanqing", *mutant.path.relative_to(SOURCE).with_suffix("").parts)))
        self.spoilt = changed_by(mutant)
        self.names: set[Name] = {name_of(code) for code in self.spoilt.values()}
        self.found: list[tuple[FunctionType, CodeType, CodeType]] = []
        for each in gc.get_objects():
            if type(each) is types.FunctionType:  # isinstance would wake lazy objects
                code = self.spoilt.get(key_of(each.__code__))
                if code is not None and code.co_freevars == each.__code__.co_freevars:
                    self.found.append((each, each.__code__, code))

    def is_in(self, model: type) -> bool:
        """Whether the defect is in the module that defines the model."""
        return any(path == sys.modules[model.__module__].__file__ for path, _name, _line in self.spoilt)

    @contextmanager
    def planted(self) -> Iterator[None]:
        for function, _sound, code in self.found:
            function.__code__ = code
        try:
            yield
        finally:
            for function, sound, _code in self.found:
                function.__code__ = sound


def _body(code: CodeType) -> tuple[object, ...]:
    """What a function does, with the functions inside it: these are made anew, from its code, whenever it is called."""
    constants = tuple(_body(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.co_code, constants, code.co_names
