"""Figures as expressions: checked once, compiled once in each process for each database."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from yuanqing.kernel.figures.registry import FigureError, get, registered
from yuanqing.kernel.figures.tables import Tables

Dialect = Literal["postgres", "duckdb"]


RELATIONS = frozenset({"months", "scope"})


@cache
def _built(define: Callable[[Tables], Any], scoped: bool = False) -> Any:
    return define(Tables(scoped=scoped))


def expression(name: str) -> Any:
    """The checked Ibis expression of a figure."""
    known = get(name)
    return _checked(name, known.define, known.columns)


@cache
def _checked(name: str, define: Callable[[Tables], Any], columns: tuple[str, ...]) -> Any:
    built = _built(define)
    _check(name, built, columns)
    return built


def check(name: str) -> None:
    """Raise FigureError unless the figure yields its columns, integers only."""
    expression(name)


def _check(name: str, built: Any, columns: tuple[str, ...]) -> None:
    import ibis.expr.operations as operations

    if set(built.columns) != set(columns):
        raise FigureError(f"{name} yields the columns {tuple(built.columns)} instead of {columns}")
    if not built["value"].type().is_integer():
        raise FigureError(f"{name}: a figure is an integer, not {built['value'].type()}")
    inexact = {
        str(node.dtype)
        for node in built.op().find(operations.Value)
        if node.dtype.is_floating() or node.dtype.is_decimal()
    }
    if inexact:
        raise FigureError(f"{name} computes with {', '.join(sorted(inexact))}; use integers or basis points")


@cache
def _compiled(define: Callable[[Tables], Any], dialect: Dialect, scoped: bool) -> str:
    import ibis

    return str(ibis.to_sql(_built(define, scoped), dialect=dialect))


def compiled(name: str, dialect: Dialect, *, scoped: bool = False) -> str:
    """The figure as SQL; it expects a relation called `months` beside the tables, and, if scoped, one called `scope`."""
    expression(name)
    return _compiled(get(name).define, dialect, scoped)


def prepare() -> None:
    """Compile every figure as pages ask for it, so that no reader waits for it."""
    for name in registered():
        for scoped in (False, True):
            compiled(name, "postgres", scoped=scoped)


def tables_of(name: str) -> frozenset[str]:
    """The tables the figure reads, for a snapshot to contain."""
    import ibis.expr.operations as operations

    return frozenset(node.name for node in expression(name).op().find(operations.UnboundTable)) - RELATIONS
