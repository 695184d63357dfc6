"""The kinds of long work: one function each, run by the worker, by a command, or by a test, always the same code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from yuanqing.kernel.lifecycle import Text

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Kind:
    """任务种类: what the work is called and the function that does it; doing it twice must change nothing more."""

    name: str
    label: Text
    function: Callable[..., Any]


kinds: dict[str, Kind] = {}


def job_kind(name: str, *, label: Text) -> Callable[[Function], Function]:
    """Declare `function(work, **arguments) -> outcome sentence` as a kind of long work."""

    def register(function: Function) -> Function:
        known = kinds.get(name)
        if known and known.function.__module__ != function.__module__:
            raise ValueError(f"The job “{name}” is declared twice.")
        kinds[name] = Kind(name, label, function)
        return function

    return register


def kind_of(name: str) -> Kind:
    """The kind; modules that may declare it are imported first."""
    if name not in kinds:
        from yuanqing.kernel.commands import load_tasks
        from yuanqing.kernel.duty import noun_modules

        list(noun_modules("actions"))
        load_tasks()
    return kinds[name]
