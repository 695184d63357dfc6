"""Every address that writes refuses a request without the reader's own token, and one that comes from elsewhere."""

from __future__ import annotations

import pytest
from tests.access.expected import may, roles
from tests.access.requests import Stage
from tests.access.routes import rows
from tests.access.world import World

TOKENS = {"none": "", "foreign": "A" * 32, "stale": "stale"}


@pytest.mark.drill
@pytest.mark.parametrize("kind", [*TOKENS, "origin"])
def test_a_forged_write_is_refused(world: World, kind: str) -> None:
    stage, wrong, asked = Stage(world), [], 0
    stale = Stage(world).actor("staff").token
    for row in rows().values():
        if not row.does or row.given.get("tokenless"):
            continue
        places = [*row.given.get("where", ()), *stage.relations(row)]
        asking = ((p, r) for p in places for r in roles() if may(row, r, p) and stage.has(row, r, p))
        place, role = next(asking, (places[0], "staff"))
        address = row.address(stage.values(row, role, place))
        body = {n: v for n, v in row.given.get("send", {}).items() if not str(v).startswith("=")}
        if kind == "origin":
            answer = stage.ask(row, role, row.method, address, body, origin="https://elsewhere.example")
        else:
            answer = stage.ask(row, role, row.method, address, body, token=stale if kind == "stale" else TOKENS[kind])
        asked += 1
        if answer.outcome != "forged" or answer.changed:
            wrong.append(f"{row.name} · {role}: {answer.status}, {answer.changed} rows written")
    assert not wrong, "\n".join(wrong)
    assert asked > 150
