"""What one user has seen, another one tries: in addresses, and in what is sent."""

from __future__ import annotations

import random

import pytest
from bench.figures_log import record
from tests.access.replay import SEERS, Replay, pages, seen_by
from tests.access.routes import rows
from tests.access.world import World


def _replay(world: World, most: int) -> Replay:
    seen = set().union(*(seen_by(name, pages()) for name in SEERS))
    assert len(seen) > 100
    replay = Replay(world, random.Random(42))
    replay.paths(seen, most)
    replay.bodies(rows().values())
    return replay


@pytest.mark.drill
def test_foreign_identifiers_open_nothing(world: World) -> None:
    replay = _replay(world, 1500)
    assert replay.hits == []


@pytest.mark.drill
def test_twenty_thousand_foreign_identifiers_open_nothing(world: World) -> None:
    replay = _replay(world, 22_000)
    record("identifiers replayed", replay.asked, "", "≥ 20,000 and 0 hits", replay.asked >= 20_000 and not replay.hits)
    assert replay.hits == []
    assert replay.asked >= 20_000
