"""What a role allows: capabilities are `<duty>.<noun>.<step>`, written in the roles pack with wildcards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from yuanqing.org.scope.rules import KNOWN, Rights, Scope

Roles = Mapping[str, Sequence[str]]
FRESH = 60.0  # seconds after which another process's publication is looked for


class Table:
    """权限表: an edition of what roles allow. It never changes, so what is worked out of it holds for as long as it is in force."""

    def __init__(
        self, roles: Roles, incompatible: Roles, purposes: Roles, administrators: Iterable[str], cite: str
    ) -> None:
        self.roles = {role: tuple(patterns) for role, patterns in roles.items()}
        self.purposes = {purpose: tuple(patterns) for purpose, patterns in purposes.items()}
        self.incompatible = {frozenset((a, b)) for a, others in incompatible.items() for b in others}
        self.administrators = frozenset(administrators)
        self.cite = cite
        self.allows = lru_cache(maxsize=8192)(self._allows)
        self.scope_of = lru_cache(maxsize=64 * KNOWN)(self._scope_of)

    def _allows(self, role: str, capability: str, purpose: str) -> bool:
        if purpose and not _covers(self.purposes.get(purpose, ()), capability):
            return False
        patterns = self.roles.get(role, ())
        noun, _dot, step = capability.rpartition(".")
        return _covers(patterns, capability) or (step == "search" and _covers(patterns, f"{noun}.view"))

    def _scope_of(self, rights: Rights, capability: str) -> Scope:
        reaches = [r.reach for r in rights.held if self.allows(r.role, capability, r.purpose)]
        return Scope(reaches, rights.denied.paths)


_table = Table({}, {}, {}, (), "")
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
    global _table
    _table = Table(roles, incompatible or {}, purposes or {}, administrators, cite)


def installed() -> str:
    """Which edition the table in force is from; "" when it is from none."""
    return _table.cite


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
    if not _table.roles and _shipped is not None:
        _shipped()


def known_roles() -> list[str]:
    return list(_table.roles)


def known_purposes() -> list[str]:
    return list(_table.purposes)


def patterns_of(role: str) -> tuple[str, ...]:
    return _table.roles.get(role, ())


def are_incompatible(one: str, other: str) -> bool:
    """Whether one person may not hold both."""
    return frozenset((one, other)) in _table.incompatible


def is_administrator(role: str) -> bool:
    """Whether the role is one of the three administrators', which nobody acts in for another."""
    return role in _table.administrators


def allows(role: str, capability: str, purpose: str = "") -> bool:
    """Whether the role's patterns, narrowed to the purpose, cover the capability; what is unknown allows nothing.

    Whoever may view records may also find them.
    """
    return _table.allows(role, capability, purpose)


def scope_of(rights: Rights, capability: str) -> Scope:
    """Where these rights have the capability, by the table in force; empty when nowhere."""
    return _table.scope_of(rights, capability)


def _covers(patterns: Iterable[str], capability: str) -> bool:
    return any(fnmatchcase(capability, pattern) for pattern in patterns)


@lru_cache(maxsize=8192)
def covers(patterns: tuple[str, ...], capability: str) -> bool:
    """Whether one of the patterns covers the capability."""
    return any(fnmatchcase(capability, pattern) for pattern in patterns)


def touches(role: str, noun: str) -> bool:
    """Whether the role allows something on the noun (`<duty>.<noun>`) beyond seeing it."""
    return any(_reaches(pattern, noun) for pattern in _table.roles.get(role, ()))


def _reaches(pattern: str, noun: str) -> bool:
    stem, _dot, step = pattern.rpartition(".")
    whole = fnmatchcase(f"{noun}.x", pattern)  # org.* and the like
    return whole or (fnmatchcase(noun, stem) and step not in ("view", "view_draft", "export"))
