"""What acts there are, and the one place that says whether a step is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext as _

from yuanqing.kernel.barriers import barred
from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.lifecycle import Lifecycle, Text
from yuanqing.kernel.records import Record


class Refused(Exception):
    """The act is not open to this account or in this state; the text is a sentence for the reader."""


class Conflict(Refused):
    """Somebody else was first; the text says who and what."""


class Actor(Protocol):
    """Who acts: an account, or the system itself."""

    pk: Any

    def can(self, capability: str, unit: Any = None) -> bool: ...


class System:
    """系统: acts on schedule, for nobody in particular; its entries have no account."""

    pk = None
    is_authenticated = True
    is_active = True

    def can(self, capability: str, unit: Any = None) -> bool:
        return True

    def scopes(self, capability: str) -> list[str]:
        return [""]

    def __str__(self) -> str:
        return _("系统")


SYSTEM = System()


@dataclass(frozen=True)
class Act:
    """A registered act: what it writes and what it is called."""

    model: type[Record]
    step: str
    label: Text
    is_many: bool
    creates: bool
    function: Callable[..., Any]

    @cached_property
    def name(self) -> str:
        return f"{capability_of(self.model)}.{self.step}"


registry: dict[tuple[type[Record], str], Act] = {}


def noun_of(model: type[models.Model]) -> str:
    """`yuanqing.discipline.violation` for a model defined in that noun."""
    return model.__module__.rpartition(".")[0]


def capability_of(model: type[models.Model]) -> str:
    """`discipline.violation`: the stem of the capabilities that roles list."""
    return noun_of(model).removeprefix("yuanqing.")


@cache
def _policy(noun: str) -> Callable[..., str]:
    refusal_of_noun: Callable[..., str] = import_module(f"{noun}.policies").refusal
    return refusal_of_noun


@cache
def lifecycle_of(model: type[models.Model]) -> Lifecycle | None:
    """The lifecycle of the model, when its noun has one and the model has a state."""
    path = f"{noun_of(model)}.lifecycle"
    if not find_spec(path) or not any(f.name == "state" for f in model._meta.concrete_fields):
        return None
    module = import_module(path)
    found: Lifecycle | None = getattr(module, f"{model.__name__.upper()}_LIFECYCLE", getattr(module, "LIFECYCLE", None))
    return found


def refusal(step: str, record: Record | None, *, by: Any, model: type[Record] | None = None) -> str:
    """Why this account may not take the step now; "" when it may."""
    return forbidden(step, record, by, model or type(record)) or (too_late(step, record) if record else "")


def insist(step: str, record: Record | None, *, by: Any, model: type[Record] | None = None) -> None:
    """Raise Refused, with the reason, unless this account may take the step now: what a form's page asks before it is shown."""
    reason = refusal(step, record, by=by, model=model)
    if reason:
        raise Refused(reason)


def forbidden(step: str, record: Record | None, by: Any, model: type[Any]) -> str:
    if not getattr(by, "is_active", False):
        return _("请先登录。")
    return barred(record, by) or _policy(noun_of(model))(step, record, by=by) or _unmet(step, record)


_conditions: dict[tuple[type[Record], str], list[Callable[[Any], str]]] = {}


def condition(model: type[Record], step: str) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Register what has to be so before the step, whoever takes it: a sentence while it is not, "" once it is.

    It is asked where the lifecycle has the step; elsewhere the lifecycle says why not.
    For a noun above on which a step of a lower one has to wait, and for what has to be looked up among parts of the record;
    who may take it stays with the policy.
    """

    def register(unmet: Callable[[Any], str]) -> Callable[[Any], str]:
        _conditions.setdefault((model, step), []).append(unmet)
        return unmet

    return register


Taken = Callable[[Any, Any], bool]  # record, account
_taken: dict[tuple[type[Record], str], Taken] = {}


def again(model: type[Record], step: str) -> Callable[[Taken], Taken]:
    """Register whether the step was taken as far as it is needed of this account: it stays open, for one more or a
    correction, and is no longer what comes next."""

    def register(is_taken: Taken) -> Taken:
        _taken[model, step] = is_taken
        return is_taken

    return register


def is_taken(step: str, record: Record, *, by: Any) -> bool:
    known = _taken.get((type(record), step))
    return known is not None and known(record, by)


def _unmet(step: str, record: Record | None) -> str:
    if record is None or record._state.adding or too_late(step, record):
        return ""
    discover()
    return next((reason for unmet in _conditions.get((type(record), step), ()) if (reason := unmet(record))), "")


@cache
def discover() -> None:
    """Hooks and conditions stand in the actions of the nouns: all must be known before the first act, in every process."""
    for _module in noun_modules("actions"):
        pass


def too_late(step: str, record: Record) -> str:
    lifecycle = None if record._state.adding else lifecycle_of(type(record))
    return lifecycle.refusal(step, record.state) if lifecycle else ""  # type: ignore[attr-defined]


def open_steps(record: Record, *, by: Any) -> list[tuple[str, Text, str]]:
    """(step, label, reason for refusal) of every act that people take on an existing record, in the order of its lifecycle."""
    lifecycle = lifecycle_of(type(record))
    names = [s.name for s in lifecycle.steps if s.source and not s.is_automatic] if lifecycle else []
    acts = [registry[type(record), n] for n in names if (type(record), n) in registry]
    return [(a.step, a.label, refusal(a.step, record, by=by)) for a in acts]


def register(
    model: type[Record], step: str, function: Callable[..., Any], label: Text, many: bool, creates: bool
) -> Act:
    lifecycle = lifecycle_of(model)
    row = lifecycle.step(step) if lifecycle else None
    definition = Act(model, step, label or (row.label if row else step), many, creates, function)
    registry[model, step] = definition
    return definition
