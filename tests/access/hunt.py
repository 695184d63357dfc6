"""Looks for a planted defect with the part of the matrix that is about its noun, and with foreign references in what is sent."""

from __future__ import annotations

import random
from collections.abc import Iterable
from unittest.mock import patch

from tests.access.expected import BELOW, may, roles, sees
from tests.access.matrix import Matrix
from tests.access.mutants import Mutant, planted
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


TRIED = ("none", "own", "recused", "child", "mine")


class Hunt:
    """Without the second wall, since it is the first one that is tried."""

    def __init__(self, world: World, *, wall: bool = False) -> None:
        self.world, self.wall = world, wall
        self.asked = 0
        self.stage = Stage(world)

    def finds(self, mutant: Mutant) -> str:
        """What gave the defect away; "" when nothing did."""
        with planted(mutant) as spoilt:
            if not spoilt:
                return "not planted"
            steps._policy.cache_clear()
            if self.wall:
                return self._look(mutant)
            with patch("yuanqing.shell.middleware.scope_of", lambda account: SYSTEM):
                return self._look(mutant)

    def _look(self, mutant: Mutant) -> str:
        lines = lines_of(mutant)
        matrix = Matrix(self.world, self.stage)
        for row in lines:
            known = matrix.stage.relations(row)
            for role in telling_roles(row):
                for relation in [place for place in TRIED if place in known] or known[:1]:
                    if relation == "mine" and row.kind not in self.world.mine[role]:
                        continue
                    matrix.glance(row, role, relation)
                    self.asked += 1
                    if matrix.wrong:
                        return matrix.wrong[0]
        replay = Replay(self.world, random.Random(1))
        replay.bodies(lines)
        return replay.hits[0] if replay.hits else ""


def sample(found: Iterable[Mutant], count: int) -> list[Mutant]:
    """The same few in every run, from all over the product."""
    known = list(found)
    return random.Random(7).sample(known, min(count, len(known)))


__all__ = ["BELOW", "Hunt", "lines_of", "sample", "telling_roles"]
