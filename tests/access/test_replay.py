"""What one user has seen, another one tries: in addresses, and in what is sent."""

from __future__ import annotations

import random

import pytest
from bench.figures_log import record
from tests.access.replay import SEERS, Replay, foreign, pages, seen_by
from tests.access.world import World


def _replay(world: World, most: int) -> Replay:
    seen = set().union(*(seen_by(name, pages()) for name in SEERS))
    assert len(seen & foreign(world).keys()) > 100  # what is tried as somebody else was seen by somebody
    replay = Replay(world, random.Random(42))
    replay.run(most)
    return replay


@pytest.mark.drill
def test_foreign_identifiers_open_nothing(world: World) -> None:
    replay = _replay(world, 1500)
    assert not replay.pieces.wrong, "\n".join(replay.pieces.wrong)


@pytest.mark.drill
def test_twenty_thousand_foreign_identifiers_open_nothing(world: World) -> None:
    pieces = _replay(world, 20_500).pieces
    value = f"{pieces.asked} asked, {len(pieces.wrong)} hits"
    record("identifiers replayed", value, "", "≥ 20,000 and 0 hits", pieces.asked >= 20_000 and not pieces.wrong)
    assert not pieces.wrong, "\n".join(pieces.wrong)
    assert pieces.asked >= 20_000
