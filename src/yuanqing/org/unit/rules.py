"""Chinese sort keys, and what a list of units means for the tree, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import date
from typing import Any

CODE = r"^[0-9A-Za-z][0-9A-Za-z_.-]*$"
LONGEST_PATH = 400
TEXTS = ("name", "short_name", "kind", "peer_group")
PLACED = ("name", "kind", "peer_group", "path")


def sort_key(text: str) -> str:
    """Pinyin of each character with its tone, so that rows sort as a Chinese reader expects; at most 200 characters."""
    from pypinyin import Style, lazy_pinyin  # its dictionary is a third of a process's start; most never need it

    return " ".join(lazy_pinyin(text, style=Style.TONE3))[:200].lower()


def spelling(key: str) -> str:
    """What one types to find a name by its sound: `zhang1 san1` → `zhangsan zs`; at most 240 characters."""
    syllables = [part.rstrip("12345") for part in key.split()]
    return f"{''.join(syllables)} {''.join(part[:1] for part in syllables)}"[:240]


@dataclass(frozen=True)
class Node:
    """A unit as it stands, or as a list wants it to stand.

    `placed_on` is the first day of its running placement, `rooted_on` the day from which it has its present path.
    """

    code: str
    name: str
    parent_code: str
    began_on: date
    short_name: str = ""
    kind: str = ""
    peer_group: str = ""
    is_reporting: bool = True
    path: str = ""
    placed_on: date | None = None
    rooted_on: date | None = None
    ended_on: date | None = None
    id: Any = None


@dataclass(frozen=True)
class Fault:
    """What is wrong at a field of a row (counted from 0); `kind` names the sentence."""

    index: int
    field: str
    kind: str
    values: Mapping[str, Any] = made(default_factory=dict)


@dataclass
class Plan:
    """What a list of units changes: nothing may be written while there are faults."""

    faults: list[Fault] = made(default_factory=list)
    created: list[Node] = made(default_factory=list)
    changed: list[Node] = made(default_factory=list)
    replaced: list[Node] = made(default_factory=list)  # those of `changed`, and units below, that get a new placement
    carried: list[Node] = made(default_factory=list)  # units not in the list whose path changes with a unit above them
    unchanged: int = 0


def plan(known: Mapping[str, Node], rows: Sequence[Mapping[str, Any]], *, on: date, today: date) -> Plan:
    """Lay the rows over the known tree (by code). Changes of name, kind, group and parent take effect `on`."""
    found = Plan()
    wanted = _wanted(known, rows, on, found.faults)
    index = {str(row["code"]): i for i, row in enumerate(rows)}
    found.faults += _parent_faults(known, wanted, index)
    if on > today:
        found.faults.append(Fault(0, "on", "future", {"day": on}))
    if found.faults:
        return found
    paths = Paths(known, wanted, on)
    found.faults += [Fault(index[code], "parent_code", "cycle", {"code": code}) for code in paths.cycles()]
    if not found.faults:
        _sort_out(found, known, wanted, paths, on, index, today)
    return found


def _wanted(
    known: Mapping[str, Node], rows: Sequence[Mapping[str, Any]], on: date, faults: list[Fault]
) -> dict[str, Node]:
    """Each row over what is known; a key that the row lacks (or leaves empty where a value is needed) stays as it is."""
    wanted: dict[str, Node] = {}
    first: dict[str, int] = {}
    for i, row in enumerate(rows):
        code = str(row["code"])
        if code in wanted:
            faults.append(Fault(i, "code", "repeated", {"code": code, "row": first[code] + 1}))
            continue
        first[code] = i
        old = known.get(code)
        began_on = row.get("began_on") or (old.began_on if old else on)
        node = old or Node(code, "", "", began_on)
        given: dict[str, Any] = {key: str(row[key] or "") for key in (*TEXTS, "parent_code") if key in row}
        if row.get("is_reporting") is not None:
            given["is_reporting"] = row["is_reporting"]
        if old and began_on != old.began_on:
            faults.append(Fault(i, "began_on", "began_otherwise", {"day": old.began_on}))
        wanted[code] = replace(node, **given)
        if not wanted[code].name:
            faults.append(Fault(i, "name", "nameless"))
        if old and old.ended_on:
            faults.append(Fault(i, "code", "ended", {"code": code, "day": old.ended_on}))
    return wanted


def _parent_faults(known: Mapping[str, Node], wanted: Mapping[str, Node], index: Mapping[str, int]) -> Iterator[Fault]:
    for code, node in wanted.items():
        if not node.parent_code:
            continue
        parent = wanted.get(node.parent_code) or known.get(node.parent_code)
        if node.parent_code == code:
            yield Fault(index[code], "parent_code", "own_parent", {"code": code})
        elif parent is None:
            yield Fault(index[code], "parent_code", "no_parent", {"code": node.parent_code})
        elif parent.ended_on:
            yield Fault(index[code], "parent_code", "parent_ended", {"code": parent.code, "day": parent.ended_on})


class Paths:
    """The path of every unit once the list is applied, and the day from which it holds."""

    def __init__(self, known: Mapping[str, Node], wanted: Mapping[str, Node], on: date) -> None:
        self.known, self.wanted, self.on = known, wanted, on
        self._path: dict[str, str] = {}

    def node(self, code: str) -> Node:
        return self.wanted.get(code) or self.known[code]

    def cycles(self) -> list[str]:
        """Codes of the list that would stand below themselves."""
        settled: set[str] = set()
        found: list[str] = []
        for start in self.wanted:
            way: list[str] = []
            code = start
            while code and code not in settled and code not in way:
                way.append(code)
                code = self.node(code).parent_code
            if code in way:
                found += [c for c in way[way.index(code) :] if c in self.wanted]
            settled.update(way)
        return found

    def path(self, code: str) -> str:
        """Without recursion: a tree may be deep, and every path is computed once."""
        way: list[str] = []
        while code and code not in self._path:
            way.append(code)
            code = self.node(code).parent_code
        path = self._path.get(code, "")
        for each in reversed(way):
            path = self._path[each] = f"{path}{each}/"
        return path

    def rooted_on(self, code: str) -> date:
        old = self.known.get(code)
        if old is None:
            return self.wanted[code].began_on
        return (old.rooted_on or old.began_on) if self.path(code) == old.path else self.on


def _sort_out(
    found: Plan,
    known: Mapping[str, Node],
    wanted: Mapping[str, Node],
    paths: Paths,
    on: date,
    index: Mapping[str, int],
    today: date,
) -> None:
    for code, node in wanted.items():
        node = replace(node, path=paths.path(code))
        old = known.get(code)
        if len(node.path) > LONGEST_PATH:
            found.faults.append(Fault(index[code], "parent_code", "too_deep"))
        elif old is None:
            found.created.append(node)
            found.faults += _late_parent(node, node.began_on, "began_on", paths, index[code])
            if node.began_on > today:
                found.faults.append(Fault(index[code], "began_on", "future", {"day": node.began_on}))
        elif node == old:
            found.unchanged += 1
        else:
            found.changed.append(node)
            _replace(found, node, old, on, index[code])
            if node.parent_code != old.parent_code:
                found.faults += _late_parent(node, on, "parent_code", paths, index[code])
    moved = [known[n.code].path for n in found.replaced if n.path != known[n.code].path]
    if moved and not found.faults:
        _carry(found, known, wanted, paths, on, index)


def _replace(found: Plan, node: Node, old: Node, on: date, index: int) -> None:
    if all(getattr(node, name) == getattr(old, name) for name in PLACED):
        return
    found.replaced.append(node)
    if old.placed_on and old.placed_on > on:
        found.faults.append(Fault(index, "code", "changed_later", {"code": node.code, "day": old.placed_on}))


def _late_parent(node: Node, day: date, field: str, paths: Paths, index: int) -> Iterator[Fault]:
    if node.parent_code and paths.rooted_on(node.parent_code) > day:
        values = {"code": node.parent_code, "day": paths.rooted_on(node.parent_code)}
        yield Fault(index, field, "parent_later", values)


def _carry(
    found: Plan,
    known: Mapping[str, Node],
    wanted: Mapping[str, Node],
    paths: Paths,
    on: date,
    index: Mapping[str, int],
) -> None:
    """Units that are not in the list follow the units above them; an ended one follows without a new placement."""
    for code, old in known.items():
        path = old.path if code in wanted else paths.path(code)
        if path == old.path:
            continue
        node = replace(old, path=path)
        above = next((c for c in reversed(path.rstrip("/").split("/")) if c in index), "")
        last = old.ended_on or old.placed_on
        if last and last > on:
            values = {"code": code, "day": last}
            found.faults.append(Fault(index.get(above, 0), "parent_code", "below_changed_later", values))
        found.carried.append(node)
        if not old.ended_on:
            found.replaced.append(node)
