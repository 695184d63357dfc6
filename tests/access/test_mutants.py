"""Planted policy defects: the matrix must find them, or it proves nothing."""

from __future__ import annotations

import os

import pytest
from bench.figures_log import record
from tests.access.hunt import Hunt, sample
from tests.access.mutants import mutants
from tests.access.world import World

MOST = int(os.environ.get("PLANTED_DEFECTS", "140"))  # of some 330; 1000 for all
# Taken out, these change nothing that can be seen, and why.
HARMLESS: dict[str, str] = {}


@pytest.mark.drill
def test_a_few_planted_defects_are_found(world: World) -> None:
    hunt = Hunt(world)
    survivors = [str(m) for m in sample(mutants(), 6) if str(m) not in HARMLESS and not hunt.finds(m)]
    assert survivors == []


@pytest.mark.drill
def test_planted_defects_are_found(world: World) -> None:
    hunt, found, survivors = Hunt(world), 0, []
    for mutant in sample(mutants(), MOST):
        if str(mutant) in HARMLESS:
            continue
        what = hunt.finds(mutant)
        print(f"{mutant}: {what[:150] or 'SURVIVED'} ({hunt.asked} asked)", flush=True)
        found += bool(what)
        if not what:
            survivors.append(str(mutant))
    planted = found + len(survivors)
    record(
        "planted policy defects found", f"{found} of {planted}", "", "≥ 98 % of ≥ 100", found >= 0.98 * planted >= 98
    )
    print("\n".join(survivors))
    assert planted >= 100
    assert found >= 0.98 * planted, "\n".join(survivors)
