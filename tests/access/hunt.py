"""Looks for a planted defect with the part of the matrix that is about its noun, and with foreign references in what is sent.

Every address is asked a few times without any defect, and which functions it calls is remembered: a defect can show only at
addresses that call the function it is in, so only their cells are asked again, until one of them tells.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.access import inner
from tests.access.expected import BELOW, holds, may, roles, sees
from tests.access.matrix import Matrix
from tests.access.mutants import Mutant, Name, Planting, called, name_of
from tests.access.pieces import Pieces
from tests.access.replay import Replay
from tests.access.requests import Stage
from tests.access.routes import Row, rows
from tests.access.world import World

from yuanqing.kernel.acts import steps
from yuanqing.kernel.database.scope import SYSTEM


def lines_of(mutant: Mutant) -> list[Row]:
    """The lines of its noun, or of its duty when it has no address of its own."""
    noun, duty = mutant.noun, mutant.duty
    own = [r for r in rows().values() if _is_about(r, noun)]
    wide = [r for r in rows().values() if _is_about(r, "", duty)]
    own.sort(key=lambda row: row.is_api is not (mutant.path.name == "api.py"))  # its own kind of address first
    telling = [row for row in rows().values() if {"says", "silent"} & set(row.given) and row not in own]
    if own and mutant.path.name in ("pages.py", "api.py", "policies.py"):
        return [*own, *telling]
    return [*own, *telling, *(r for r in wide if r not in own and r not in telling)]


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
            (
                sees(row, role, "own"), may(row, role, "own"), may(row, role, "child"), sees(row, role, "none"),
                holds(role, row.does or "nobody"),
            ), role,
        )  # fmt: skip
    return list(dict.fromkeys([*row.given.get("says", {}), *row.given.get("silent", {}), *found.values()]))


Cell = tuple[Row, str, str]  # an address, a role, a relation
TRIED = ("none", "own", "recused", "child", "mine")


class Hunt:
    """Without the second wall, since it is the first one that is tried."""

    def __init__(self, world: World, pieces: Pieces, *, wall: bool = False) -> None:
        self.world, self.pieces, self.wall = world, pieces, wall
        self.asked = 0
        self.stage = Stage(world)

    def finds(self, mutant: Mutant) -> str:
        """What gave the defect away; "" when nothing did."""
        planting = Planting(mutant)
        if not planting.found:
            return "not planted"
        with self._walls():
            return self._look(planting, lines_of(mutant))

    @contextmanager
    def _walls(self) -> Iterator[None]:
        steps._policy.cache_clear()
        if self.wall:
            yield
        else:
            with patch("yuanqing.shell.middleware.scope_of", lambda account: SYSTEM):
                yield

    def _cells(self, row: Row) -> Iterator[Cell]:
        """Those first where most is to be told: who sees the address, for what lies elsewhere."""
        known = self.stage.relations(row)
        places = [place for place in TRIED if place in known] or known[:1]
        asking = sorted(telling_roles(row), key=lambda role: not sees(row, role, "own"))
        for relation in places:
            for role in asking:
                if self.stage.has(row, role, relation):
                    yield row, role, relation

    def _called_by(self, row: Row) -> set[Name]:
        """The functions of the product that asking the address calls: by who sees most of it, for the own and for what lies elsewhere."""
        worked_out, piece = self.world.worked_out, f"calls of {row.name}"
        if piece not in worked_out:
            if not self.pieces.is_right(piece):
                self.pieces.note(piece, 0, (), " ".join(sorted(self._calls(row))))
            worked_out[piece] = set(self.pieces.told[piece].split())
        found: set[Name] = worked_out[piece]
        return found

    def _calls(self, row: Row) -> set[Name]:
        cells = list(self._cells(row))
        telling = {cells[0][1], *row.given.get("says", {}), *row.given.get("silent", {})}
        matrix = Matrix(self.world, self.stage)
        with called() as found:
            for _row, role, relation in cells:
                if role in telling and relation in ("own", "none", "mine", "unknown"):
                    matrix.glance(row, role, relation)
        return set(map(name_of, found))

    def _look(self, planting: Planting, lines: list[Row]) -> str:
        """Cells first; then what is sent with foreign references, at the addresses that call it."""
        matrix, telling = Matrix(self.world, self.stage), list[Row]()
        for row in lines:
            if not planting.names & self._called_by(row):
                continue
            telling.append(row)
            for _row, role, relation in self._cells(row):
                self.asked += 1
                with planting.planted():
                    matrix.glance(row, role, relation)
                if matrix.wrong and self._is_sound((row, role, relation)):
                    return matrix.wrong[0]
                matrix.wrong.clear()
        models = [m for m in inner.models() if planting.is_in(m)]
        for model, role in [(model, role) for model in models for role in roles()]:
            sound = inner.strange_rows(self.world, model, role)
            with planting.planted():
                strange = sorted(inner.strange_rows(self.world, model, role) - sound)
            if strange:
                return f"{role} is given {strange[0]}"
        replay = Replay(self.world, random.Random(1), self.stage)
        with planting.planted():
            replay.bodies(telling)
        return replay.hits[0] if replay.hits else ""

    def _is_sound(self, cell: Cell) -> bool:
        """Whether the cell is right without the defect: what is wrong anyway tells nothing."""
        matrix = Matrix(self.world, self.stage)
        matrix.glance(*cell)
        return not matrix.wrong


def sample(found: Iterable[Mutant], count: int) -> list[Mutant]:
    """The same few in every run, from all over the product."""
    known = list(found)
    return random.Random(7).sample(known, min(count, len(known)))


__all__ = ["BELOW", "Hunt", "lines_of", "sample", "telling_roles"]
