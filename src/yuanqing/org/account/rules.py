"""What a role allows: capabilities are `<duty>.<noun>.<step>`, written in the roles pack with wildcards."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

Roles = Mapping[str, Sequence[str]]
FRESH = 60.0  # seconds after which another process's publication is looked for

_roles: dict[str, tuple[str, ...]] = {}
_labels: dict[str, str] = {}
_source: Callable[[], None] | None = None
_looked_at = float("-inf")


def install(roles: Roles, labels: Mapping[str, str] | None = None) -> None:
    """Make this table of role → capability patterns the one in force; labels are the roles' Chinese names."""
    _roles.clear()
    _roles.update({role: tuple(patterns) for role, patterns in roles.items()})
    _labels.clear()
    _labels.update(labels or {})
    allows.cache_clear()


def follow(source: Callable[[], None]) -> None:
    """Name the function that installs a newer table when there is one; it is called at most once a minute."""
    global _source
    _source = source
    forget()


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


def known_roles() -> list[str]:
    return list(_roles)


def patterns_of(role: str) -> tuple[str, ...]:
    return _roles.get(role, ())


def role_label(role: str) -> str:
    return _labels.get(role, role)


@lru_cache(maxsize=4096)
def allows(role: str, capability: str) -> bool:
    """Whether one of the role's patterns covers the capability; an unknown role allows nothing."""
    return any(fnmatchcase(capability, pattern) for pattern in _roles.get(role, ()))
