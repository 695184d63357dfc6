"""The authorization matrix: every address × every role × every relation × every method (matrix.yaml says what is right)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from bench.figures_log import record
from tests.access.expected import sees
from tests.access.matrix import EVERYBODY, Matrix
from tests.access.pieces import Pieces
from tests.access.requests import Stage, plain
from tests.access.routes import VALID, Row, addresses, grouped, places_of, rows
from tests.access.world import World

from yuanqing.shell import navigation


def test_every_address_is_in_the_matrix() -> None:
    known = {row.route for row in rows().values()}
    missing = sorted(addresses() - known)
    gone = sorted(known - addresses())
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


def test_lines_that_take_any_answer_say_why() -> None:
    assert [row.name for row in rows().values() if len(str(row.given.get("missing", "a reason"))) < 5] == []


def test_some_addresses_at_a_glance(world: World) -> None:
    """Some addresses once, by one role after the other, where they are closed to most: what every run can afford of the whole."""
    matrix = Matrix(world)
    for number, row in list(enumerate(rows().values()))[::7]:
        known = matrix.stage.relations(row)
        closed = [relation for relation in ("none", "sibling", "recused", "parent") if relation in known] or known
        role, relation = EVERYBODY[number % len(EVERYBODY)], closed[number % len(closed)]
        matrix.glance(row, "staff" if relation == "mine" else role, relation)
    assert not matrix.wrong, "\n".join(matrix.wrong)
    assert matrix.cells > 60


@dataclass
class Tally:
    """What the roles asked together."""

    cells: int = 0
    wrong: int = 0
    roles: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    """One figure for all the roles that were asked."""
    found = Tally()
    yield found
    if found.roles:
        who = "every role" if len(found.roles) == len(EVERYBODY) else ", ".join(sorted(found.roles))
        what = f"cells of the authorization matrix, {len(rows())} lines, {who}"
        value = f"{found.cells} asked, {found.wrong} wrong"
        record(what, value, "", "≥ 20,000 as every role, 0 wrong", not found.wrong)


@pytest.mark.drill
@pytest.mark.parametrize("role", EVERYBODY)
def test_matrix(world: World, role: str, tally: Tally, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        navigation, "KEPT_SECONDS", 3600
    )  # nothing that is written stays, so that its numbers stay as well
    matrix, pieces = Matrix(world), Pieces()
    for duty, lines in grouped().items():
        cells, wrong = matrix.cells, len(matrix.wrong)
        if not pieces.is_right(f"{role} · {duty}"):
            matrix.run(role, lines)
            pieces.note(f"{role} · {duty}", matrix.cells - cells, matrix.wrong[wrong:])
    tally.cells += pieces.asked
    tally.wrong += len(pieces.wrong)
    tally.roles |= {role}
    print(f"\n{role}: {pieces.asked} cells")
    assert not pieces.wrong, "\n".join([f"{len(pieces.wrong)} of {pieces.asked} cells", *pieces.wrong])


def _answer(stage: Stage, row: Row, role: str, method: str, relation: str) -> tuple[int, bytes]:
    """Status and body, without what was asked for: pages tell it back so that one can return to them."""
    address = row.address(stage.values(row, role, relation))
    body = {n: v for n, v in row.given.get("send", {}).items() if not str(v).startswith("=")}
    answer = stage.ask(row, role, method, address, body if method != "GET" else None)
    return answer.status, plain(answer.body).replace(address.encode(), b"")


@pytest.mark.drill
def test_absent_and_forbidden_look_the_same(world: World) -> None:
    """Status and body, for every address with a record, in a unit that is none of the actor's."""
    stage = Stage(world)
    differ = []
    for row in rows().values():
        if not row.kind or "pk" not in places_of(row.name) or "none" not in stage.relations(row):
            continue
        method = row.method if row.is_api else "GET" if row.reads else "POST"
        for role in ("unit_contact", "discipline_officer", "system_administrator"):
            seen = [_answer(stage, row, role, method, relation) for relation in ("none", "unknown")]
            if seen[0] != seen[1] and not sees(row, role, "none"):
                differ.append(f"{row.name} · {role}: {seen[0][0]} and {seen[1][0]}")
    assert not differ, "\n".join(differ)
