"""What a role allows: capabilities are `<duty>.<noun>.<step>`, written in the roles pack with wildcards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

_roles: dict[str, tuple[str, ...]] = {}


def install(roles: Mapping[str, Sequence[str]]) -> None:
    """Make this table of role → capability patterns the one in force."""
    _roles.clear()
    _roles.update({role: tuple(patterns) for role, patterns in roles.items()})
    allows.cache_clear()


def known_roles() -> list[str]:
    return list(_roles)


@lru_cache(maxsize=4096)
def allows(role: str, capability: str) -> bool:
    """Whether one of the role's patterns covers the capability; an unknown role allows nothing."""
    return any(fnmatchcase(capability, pattern) for pattern in _roles.get(role, ()))
