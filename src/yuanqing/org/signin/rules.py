"""Arithmetic of signing in: how long to wait after failures, what roles demand, what a browser is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

DEVICE_LENGTH = 60
# Browsers name themselves after those they resemble, so the more particular comes first.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Demands:
    """登录要求: what holds for an account with some roles."""

    second_factor: bool
    idle: timedelta


@dataclass(frozen=True)
class Limits:
    """The numbers of the security pack by their codes, and what it demands of the holders of each role."""

    numbers: Mapping[str, int]
    by_role: Mapping[str, tuple[bool, int | None]]

    def __getitem__(self, code: str) -> int:
        return self.numbers[code]

    @classmethod
    def of(cls, parameters: Iterable[Any], demands: Iterable[Any]) -> Limits:
        by_role: dict[str, tuple[bool, int | None]] = {}
        for demand in demands:
            for role in demand.roles:
                factor, idle = by_role.get(role, (False, None))
                shorter = [n for n in (idle, demand.idle_minutes) if n is not None]
                by_role[role] = (factor or demand.second_factor, min(shorter) if shorter else None)
        return cls({p.code: p.value for p in parameters}, by_role)

    def demands(self, roles: Iterable[str]) -> Demands:
        """Whoever holds several roles meets the strictest."""
        found = [self.by_role[role] for role in roles if role in self.by_role]
        minutes = [idle for _factor, idle in found if idle is not None]
        return Demands(any(f for f, _idle in found), timedelta(minutes=min([*minutes, self["idle_minutes"]])))

    @property
    def shortest_idle(self) -> timedelta:
        """Nobody is signed out earlier than this, whatever the role."""
        minutes = [idle for _factor, idle in self.by_role.values() if idle is not None]
        return timedelta(minutes=min([*minutes, self["idle_minutes"]]))


def wait(failures: int, *, free: int, first: int, longest: int) -> int:
    """Seconds to wait after so many failures in a row: none for the first few, then doubling up to the longest."""
    if failures <= free:
        return 0
    return min(longest, first << min(failures - free - 1, 20))


def is_noted(failures: int) -> bool:
    """Whether a failure is worth a line of its own: the first, second, fourth, eighth… of a row, so that a flood of
    them leaves a handful of lines that together still say how many there were."""
    return failures > 0 and failures & (failures - 1) == 0


def device(agent: str) -> str:
    """`Chrome · Windows` for what a browser says of itself; "" when it says nothing known."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)[:DEVICE_LENGTH]


_shipped: Callable[[], Limits] | None = None


def fall_back_on(shipped: Callable[[], Limits]) -> None:
    """Name the function that gives the shipped limits, for as long as none are published."""
    global _shipped
    _shipped = shipped


def shipped_limits() -> Limits:
    if _shipped is None:
        raise LookupError("no security pack is shipped")
    return _shipped()
