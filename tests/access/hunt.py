"""Looks for a planted defect with the part of the matrix that is about its noun, and with foreign references in what is sent.

Each cell is asked once without any defect, and which functions it calls is remembered: a defect can show only in cells that
call the function it is in, so only those are asked again.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CodeType
from unittest.mock import patch

from tests.access.expected import BELOW, may, roles, sees
from tests.access.matrix import Matrix
from tests.access.mutants import SOURCE, Key, Mutant, changed_by, key_of, planted
from tests.access.replay import Replay
from tests.access.requests import Stage
from tests.access.routes import Row, rows
from tests.access.world import World

from yuanqing.kernel.acts import steps
from yuanqing.kernel.database.scope import SYSTEM


def lines_of(mutant: Mutant) -> list[Row]:
    """The lines of its noun, or of its duty when it has no address of its own."""
    noun, duty = mutant.noun, mutant.path.parent.parent.name
    own = [r for r in rows().values() if _is_about(r, noun)]
    wide = [r for r in rows().values() if _is_about(r, "", duty)]
    return (
        own
        if own and mutant.path.name in ("pages.py", "api.py", "policies.py")
        else [*own, *(r for r in wide if r not in own)]
    )


def _is_about(row: Row, noun: str, duty: str = "") -> bool:
    if duty:
        return f"/api/{duty}/" in row.name or (not row.is_api and row in _group(duty))
    return (
        row.name.startswith(f"{noun}:") or f"/{noun.replace('_', '-')}/" in row.name or row.kind.split(".")[0] == noun
    )


def _group(duty: str) -> list[Row]:
    from tests.access.routes import grouped

    return grouped().get(duty, [])


def telling_roles(row: Row) -> list[str]:
    """One role for each way in which the line can be answered."""
    found: dict[tuple[bool, ...], str] = {}
    for role in roles():
        found.setdefault(
            (sees(row, role, "own"), may(row, role, "own"), may(row, role, "child"), sees(row, role, "none")), role
        )
    return list(found.values())


Cell = tuple[Row, str, str]  # an address, a role, a relation
TRIED = ("none", "own", "recused", "child", "mine")


class Hunt:
    """Without the second wall, since it is the first one that is tried."""

    def __init__(self, world: World, *, wall: bool = False) -> None:
        self.world, self.wall = world, wall
        self.asked = 0
        self.called: dict[tuple[str, str, str], set[Key]] = {}
        self.stage = Stage(world)

    def finds(self, mutant: Mutant) -> str:
        """What gave the defect away; "" when nothing did."""
        spoilt = set(changed_by(mutant))
        with self._walls():
            cells = [cell for cell in self._cells(lines_of(mutant)) if spoilt & self._called_by(cell)]
            with planted(mutant) as number:
                return self._look(cells) if number else "not planted"

    @contextmanager
    def _walls(self) -> Iterator[None]:
        steps._policy.cache_clear()
        if self.wall:
            yield
        else:
            with patch("yuanqing.shell.middleware.scope_of", lambda account: SYSTEM):
                yield

    def _cells(self, lines: Iterable[Row]) -> Iterator[Cell]:
        for row in lines:
            known = self.stage.relations(row)
            for role in telling_roles(row):
                for relation in [place for place in TRIED if place in known] or known[:1]:
                    if relation != "mine" or row.kind in self.world.mine[role]:
                        yield row, role, relation

    def _called_by(self, cell: Cell) -> set[Key]:
        """The functions of the product that asking this cell calls."""
        row, role, relation = cell
        key = (row.name, role, relation)
        if key not in self.called:
            called: set[CodeType] = set()
            matrix = Matrix(self.world, self.stage)
            sys.setprofile(lambda frame, event, _what: called.add(frame.f_code) if event == "call" else None)
            try:
                matrix.glance(row, role, relation)
            finally:
                sys.setprofile(None)
            self.called[key] = {key_of(c) for c in called if c.co_filename.startswith(str(SOURCE))}
        return self.called[key]

    def _look(self, cells: list[Cell]) -> str:
        matrix = Matrix(self.world, self.stage)
        for row, role, relation in cells:
            matrix.glance(row, role, relation)
            self.asked += 1
            if matrix.wrong:
                return matrix.wrong[0]
        replay = Replay(self.world, random.Random(1))
        replay.bodies({row.name: row for row, _role, _relation in cells}.values())
        return replay.hits[0] if replay.hits else ""


def sample(found: Iterable[Mutant], count: int) -> list[Mutant]:
    """The same few in every run, from all over the product."""
    known = list(found)
    return random.Random(7).sample(known, min(count, len(known)))


__all__ = ["BELOW", "Hunt", "lines_of", "sample", "telling_roles"]
