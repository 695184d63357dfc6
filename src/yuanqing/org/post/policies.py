"""Who may keep posts and appointments, and what stands in the way of an appointment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from yuanqing.kernel.duty import noun_modules
from yuanqing.org.account.policies import lacking
from yuanqing.org.post.models import Appointment


def refusal(step: str, record: Any, *, by: Any) -> str:
    if record is None:
        return lacking(by, f"org.post.{step}")
    unit = record.post.unit if isinstance(record, Appointment) else record.unit
    return lacking(by, f"org.post.{step}", unit)


@dataclass(frozen=True)
class Coming:
    """拟任: an appointment about to be made."""

    post_id: UUID
    person_id: UUID
    starts_on: date


Obstacles = Callable[[Sequence[Coming]], Mapping[Coming, str]]
S = TypeVar("S", bound=Obstacles)
_sources: dict[str, Obstacles] = {}


def stands_in_the_way(source: S) -> S:
    """Register what says, for many appointments at once, why they cannot take effect yet; higher duties do."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


@cache
def _discover() -> None:
    list(noun_modules("actions"))


def obstacles(coming: Sequence[Coming]) -> dict[Coming, str]:
    """The sentence for every appointment that cannot take effect; each source is asked once, whatever their number."""
    _discover()
    found: dict[Coming, str] = {}
    for source in _sources.values() if coming else ():
        for one, sentence in source(coming).items():
            found[one] = f"{found[one]} {sentence}" if one in found else sentence
    return found
