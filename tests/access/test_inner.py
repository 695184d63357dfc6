"""No model gives an account rows that hang on records elsewhere, whether a page asks for them or not."""

from __future__ import annotations

import pytest
from tests.access.expected import roles
from tests.access.inner import models, strange_rows
from tests.access.world import World

KNOWN = ("unit", "campaign")  # units stand in the tree, and what one is invited to hangs on a plan


@pytest.mark.drill
@pytest.mark.parametrize("role", roles())
def test_what_a_model_gives_hangs_on_nothing_elsewhere(world: World, role: str) -> None:
    found = set().union(*(strange_rows(world, model, role) for model in models()))
    assert sorted(one for one in found if one.split(" · ")[1].split()[0] not in KNOWN) == []
