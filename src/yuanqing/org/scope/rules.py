"""How far rights reach, as plain values; pages, API, search, exports, charts, counts and pickers all ask these.

A path is `G/A/A1/`, the codes from the root down; "" stands above every unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

DEEPEST = 9  # levels below a unit that a grant can name; more is the whole subtree
KNOWN = 512  # what so many accounts may see and do is kept worked out


class Reach(NamedTuple):
    """管辖范围: a unit and so many levels below it: 0 is the unit alone, None the whole subtree; "" is everywhere."""

    path: str
    depth: int | None = None

    def covers(self, path: str) -> bool:
        if not path.startswith(self.path):
            return False
        return self.depth is None or path.count("/", len(self.path)) <= self.depth

    def contains(self, other: Reach) -> bool:
        """Whether everything within the other reach lies within this one."""
        if not self.covers(other.path):
            return False
        if self.depth is None:
            return True
        return other.depth is not None and other.path.count("/", len(self.path)) + other.depth <= self.depth


class Scope(list[str]):
    """辖区: what some rights together reach, less what is denied.

    As a list it names the units at which it begins, outermost first: where a tree is drawn from. Whether a path lies
    within it only `covers` and, in SQL, `within` can tell: a reach may end after some levels, and denials cut holes.
    """

    def __init__(self, reaches: Iterable[Reach] = (), denied: Iterable[str] = ()) -> None:
        outer = _outermost(denied)
        open_ = {r for r in reaches if not any(r.path.startswith(d) for d in outer)}
        self.reaches = tuple(sorted((r for r in open_ if not _is_within_another(r, open_)), key=_order))
        self.denied = tuple(d for d in outer if any(d.startswith(r.path) for r in self.reaches))
        tops = dict.fromkeys(r.path for r in self.reaches)
        super().__init__(path for path in tops if not path or not self._covers(above(path)))

    def _covers(self, path: str) -> bool:
        return any(reach.covers(path) for reach in self.reaches)

    def covers(self, path: str) -> bool:
        """Whether the unit at this path lies within; never where it is denied."""
        return self._covers(path) and not any(path.startswith(d) for d in self.denied)

    def contains(self, other: Scope) -> bool:
        """Whether everything within the other scope lies within this one; denials are the same for one account."""
        return all(any(mine.contains(theirs) for mine in self.reaches) for theirs in other.reaches)

    @property
    def is_everywhere(self) -> bool:
        """Whether it reaches what belongs to no unit."""
        return Reach("") in self.reaches


def as_scope(prefixes: Iterable[str]) -> Scope:
    """A scope as it is; plain prefixes as whole subtrees."""
    return prefixes if isinstance(prefixes, Scope) else Scope(Reach(prefix) for prefix in prefixes)


def together(scopes: Iterable[Iterable[str]]) -> Scope:
    """What lies within any of these scopes of one account."""
    all_of_them = [as_scope(one) for one in scopes]
    denied = (path for one in all_of_them for path in one.denied)
    return Scope((reach for one in all_of_them for reach in one.reaches), denied)


def above(path: str) -> str:
    """The path of the unit above; "" above the root."""
    head, slash, _last = path.rstrip("/").rpartition("/")
    return head + slash


def line(path: str) -> Iterator[str]:
    """The path of the unit itself, then of each one above it up to the root."""
    while path:
        yield path
        path = above(path)


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    found = sorted(set(paths))
    return tuple(p for p in found if not any(p != q and p.startswith(q) for q in found))


def _is_within_another(reach: Reach, reaches: Iterable[Reach]) -> bool:
    return any(other != reach and other.contains(reach) for other in reaches)


def _order(reach: Reach) -> tuple[str, int]:
    return reach.path, -1 if reach.depth is None else reach.depth


class Right(NamedTuple):
    """权限: one role an account holds today, how far, for what purpose, and for whom it stands in (代理)."""

    role: str
    reach: Reach
    purpose: str = ""
    behalf: UUID | None = None


@dataclass(frozen=True)
class Denied:
    """回避范围: units (with what is below them), persons and single records that an account is kept from."""

    paths: frozenset[str] = frozenset()
    persons: frozenset[UUID] = frozenset()
    records: Mapping[str, frozenset[UUID]] = field(default_factory=dict)  # model label → ids

    def __bool__(self) -> bool:
        return bool(self.paths or self.persons or self.records)

    def covers(self, path: str) -> bool:
        return any(path.startswith(denied) for denied in self.paths)


@dataclass(frozen=True, eq=False)
class Rights:
    """今日权限: everything that decides what an account may see and do today; the same rows are the same value."""

    held: tuple[Right, ...] = ()
    denied: Denied = Denied()


@lru_cache(maxsize=KNOWN)
def rights_of(rows: tuple[tuple[Any, ...], ...]) -> Rights:
    """Rows (what, role or model, path, depth, purpose, id) of the rights statement as a value."""
    held: list[Right] = []
    paths: set[str] = set()
    persons: set[UUID] = set()
    records: dict[str, set[UUID]] = {}
    for what, name, path, depth, purpose, pk in rows:
        if what == "right":
            held.append(Right(name, Reach(path, depth), purpose, pk))
        elif what == "unit":
            paths.add(path)
        elif what == "person":
            persons.add(pk)
        else:
            records.setdefault(name, set()).add(pk)
    kept = {name: frozenset(ids) for name, ids in records.items()}
    return Rights(tuple(held), Denied(frozenset(paths), frozenset(persons), kept))
