"""What a role allows: capabilities are `<duty>.<noun>.<step>`, written in the roles pack with wildcards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

Roles = Mapping[str, Sequence[str]]
FRESH = 60.0  # seconds after which another process's publication is looked for

_roles: dict[str, tuple[str, ...]] = {}
_purposes: dict[str, tuple[str, ...]] = {}
_incompatible: set[frozenset[str]] = set()
_administrators: frozenset[str] = frozenset()
_installed = ""
_source: Callable[[], None] | None = None
_shipped: Callable[[], None] | None = None
_looked_at = float("-inf")


def install(
    roles: Roles,
    incompatible: Roles | None = None,
    *,
    purposes: Roles | None = None,
    administrators: Iterable[str] = (),
    cite: str = "",
) -> None:
    """Make this table of role → capability patterns the one in force; and which roles nobody may hold together.

    `purposes` are patterns that narrow a role for a grant; `administrators` the roles of the three administrators.
    """
    global _administrators, _installed
    _installed, _administrators = cite, frozenset(administrators)
    _purposes.clear()
    _purposes.update({purpose: tuple(patterns) for purpose, patterns in (purposes or {}).items()})
    _roles.clear()
    _roles.update({role: tuple(patterns) for role, patterns in roles.items()})
    _incompatible.clear()
    _incompatible.update(frozenset((a, b)) for a, others in (incompatible or {}).items() for b in others)
    allows.cache_clear()


def installed() -> str:
    """Which edition the table in force is from; "" when it is from none."""
    return _installed


def follow(source: Callable[[], None]) -> None:
    """Name the function that installs a newer table when there is one; it is called at most once a minute."""
    global _source
    _source = source
    forget()


def fall_back_on(shipped: Callable[[], None]) -> None:
    """Name the function that installs the shipped table, for as long as none is published."""
    global _shipped
    _shipped = shipped


def forget() -> None:
    """Look again at the next occasion: a new edition was published."""
    global _looked_at
    _looked_at = float("-inf")


def refresh() -> None:
    """Look for a newer table, unless that was done within the last minute."""
    global _looked_at
    now = time.monotonic()
    if _source is not None and now - _looked_at > FRESH:
        _looked_at = now
        _source()
    if not _roles and _shipped is not None:
        _shipped()


def known_roles() -> list[str]:
    return list(_roles)


def known_purposes() -> list[str]:
    return list(_purposes)


def patterns_of(role: str) -> tuple[str, ...]:
    return _roles.get(role, ())


def are_incompatible(one: str, other: str) -> bool:
    """Whether one person may not hold both."""
    return frozenset((one, other)) in _incompatible


def is_administrator(role: str) -> bool:
    """Whether the role is one of the three administrators', which nobody acts in for another."""
    return role in _administrators


@lru_cache(maxsize=8192)
def allows(role: str, capability: str, purpose: str = "") -> bool:
    """Whether the role's patterns, narrowed to the purpose, cover the capability; what is unknown allows nothing.

    Whoever may view records may also find them.
    """
    if purpose and not _covers(_purposes.get(purpose, ()), capability):
        return False
    patterns = _roles.get(role, ())
    noun, _dot, step = capability.rpartition(".")
    return _covers(patterns, capability) or (step == "search" and _covers(patterns, f"{noun}.view"))


def _covers(patterns: Iterable[str], capability: str) -> bool:
    return any(fnmatchcase(capability, pattern) for pattern in patterns)


@lru_cache(maxsize=8192)
def covers(patterns: tuple[str, ...], capability: str) -> bool:
    """Whether one of the patterns covers the capability."""
    return any(fnmatchcase(capability, pattern) for pattern in patterns)


def touches(role: str, noun: str) -> bool:
    """Whether the role allows something on the noun (`<duty>.<noun>`) beyond seeing it."""
    return any(_reaches(pattern, noun) for pattern in _roles.get(role, ()))


def _reaches(pattern: str, noun: str) -> bool:
    stem, _dot, step = pattern.rpartition(".")
    whole = fnmatchcase(f"{noun}.x", pattern)  # org.* and the like
    return whole or (fnmatchcase(noun, stem) and step not in ("view", "view_draft", "export"))
