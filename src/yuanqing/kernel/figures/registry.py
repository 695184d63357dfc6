"""The register of figures: what each is called, what it counts and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.lifecycle import Text

if TYPE_CHECKING:
    from yuanqing.kernel.figures.tables import Tables

Span = Literal["month", "year"]
Define = Callable[["Tables"], Any]
D = TypeVar("D", bound=Define)
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
TAKEN = frozenset({"month", "unit_id", "value"})


class FigureError(ValueError):
    """A figure is defined or asked for wrongly: a mistake of the program, never of a user."""


class UnknownFigure(FigureError):
    """Nobody registered a figure of this name."""


@dataclass(frozen=True)
class Figure:
    """指标: one number per month, unit and dimension, with its definition in words.

    `accumulates` says that months add up, so that the year to date may be asked for; a stock such as the matters
    open at the end of a month does not.
    """

    name: str
    label: Text
    unit: Text
    dims: tuple[str, ...]
    definition: Text
    why: Text
    exclusions: Text
    accumulates: bool
    define: Define

    @property
    def columns(self) -> tuple[str, ...]:
        return ("month", "unit_id", *self.dims, "value")


_figures: dict[str, Figure] = {}


def figure(
    name: str,
    *,
    label: Text,
    unit: Text,
    definition: Text,
    why: Text = "",
    exclusions: Text = "",
    dims: Sequence[str] = (),
    accumulates: bool = True,
) -> Callable[[D], D]:
    """Register a function as the one definition of a figure, for instance `violation.problems`, counted in 起."""
    if not NAME.fullmatch(name):
        raise FigureError(f"{name!r}: a figure is called after its noun, for instance 'violation.problems'")
    if set(dims) & TAKEN or len(set(dims)) != len(dims):
        raise FigureError(f"{name}: dimensions {tuple(dims)} repeat each other or {sorted(TAKEN)}")

    def register(define: D) -> D:
        known = _figures.get(name)
        if known and (known.define.__module__, known.define.__qualname__) != (define.__module__, define.__qualname__):
            raise FigureError(f"{name} is defined twice: in {known.define.__module__} and {define.__module__}")
        _figures[name] = Figure(name, label, unit, tuple(dims), definition, why, exclusions, accumulates, define)
        return define

    return register


@cache
def _discover() -> None:
    for _module in noun_modules("figures"):
        pass


def registered() -> dict[str, Figure]:
    """Every figure of every noun, by name."""
    _discover()
    return dict(sorted(_figures.items()))


def get(name: str) -> Figure:
    if name not in _figures:
        _discover()
    if name not in _figures:
        near = get_close_matches(name, _figures, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UnknownFigure(f"no figure is called {name!r}{hint}")
    return _figures[name]
