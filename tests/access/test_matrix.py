"""The authorization matrix: every address × every role × every relation × every method (matrix.yaml says what is right)."""

from __future__ import annotations

import pytest
from tests.access.expected import roles
from tests.access.matrix import Matrix
from tests.access.requests import Stage, plain
from tests.access.routes import VALID, addresses, places_of, rows
from tests.access.world import World

ACTORS = (*roles(), "anonymous", "suspended")


def test_every_address_is_in_the_matrix() -> None:
    missing = sorted(addresses() - set(rows()))
    gone = sorted(set(rows()) - addresses())
    lines = "\n".join(f"  {name}: {_proposal(name)}" for name in missing)
    assert not missing, f"Add to tests/access/matrix.yaml, and say who sees and who does:\n{lines}"
    assert not gone, f"These lines of tests/access/matrix.yaml have no address any more: {gone}"


def _proposal(name: str) -> str:
    noun = name.split(":")[0] if " " not in name else "_".join(name.split("/")[3:4]).replace("-", "_")
    about = f"record: {noun}, see: <duty>.{noun}.view" if "pk" in places_of(name) else ""
    writes = "do: <duty>.<noun>.<step>, send: {}" if name.startswith(("POST", "PUT", "PATCH", "DELETE")) else ""
    return "{" + ", ".join(filter(None, (about, writes))) + "}"


def test_lines_use_known_words() -> None:
    assert {word for row in rows().values() for word in row.given} <= VALID


@pytest.mark.drill
@pytest.mark.parametrize("role", ACTORS)
def test_matrix(world: World, role: str) -> None:
    matrix = Matrix(world)
    matrix.run(role, list(rows().values()))
    print(f"\n{role}: {matrix.cells} cells")
    assert not matrix.wrong, "\n".join([f"{len(matrix.wrong)} of {matrix.cells} cells", *matrix.wrong])


@pytest.mark.drill
def test_absent_and_forbidden_look_the_same(world: World) -> None:
    """Status and body, for every address with a record, in a unit that is none of the actor's."""
    stage = Stage(world)
    differ = []
    for row in rows().values():
        if not row.kind or "pk" not in places_of(row.name) or row.reach == "everywhere":
            continue
        method = row.method if row.is_api else "GET" if row.reads else "POST"
        for role in ("unit_contact", "discipline_officer", "system_administrator"):
            body = {n: v for n, v in row.given.get("send", {}).items() if not str(v).startswith("=")}
            there, not_there = (
                stage.ask(
                    row, role, method, row.address(stage.values(row, role, relation)), body if method != "GET" else None
                )
                for relation in ("none", "unknown")
            )
            if (there.status, plain(there.body)) != (not_there.status, plain(not_there.body)):
                differ.append(f"{row.name} · {role}: {there.status} and {not_there.status}")
    assert not differ, "\n".join(differ)
