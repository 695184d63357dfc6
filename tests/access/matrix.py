"""Asks the cells of the matrix."""

from __future__ import annotations

import re

from tests.access.expected import BELOW, WITHOUT_ACCOUNT, may, reading, roles, sees, writing
from tests.access.requests import Answer, Stage, strange, words_of
from tests.access.routes import Row, rows
from tests.access.world import World

OTHERS = ("PUT", "PATCH", "DELETE")
EVERYBODY = (*roles(), *WITHOUT_ACCOUNT)


class Matrix:
    """Asks every cell and keeps what was not right."""

    def __init__(self, world: World, stage: Stage | None = None) -> None:
        self.stage = stage or Stage(world)
        self.cells = 0
        self.wrong: list[str] = []
        self.unproved: list[str] = []

    def run(self, role: str, lines: list[Row]) -> None:
        """Every line. Roles for which all of it is right alike share it: one of them asks everything, each of the others something."""
        for number, row in enumerate(lines):
            known = [r for r in self.stage.relations(row) if self.stage.has(row, role, r)] or ["unknown"]
            alike = [each for each in EVERYBODY if self.sign(row, each) == self.sign(row, role)]
            if alike[number % len(alike)] == role:
                for relation in known:
                    (self.cell if relation == "own" or len(known) == 1 else self.look)(row, role, relation)
            else:
                relation = known[(number + EVERYBODY.index(role)) % len(known)]
                self.try_one(row, role, relation)

    def is_turn(self, role: str) -> bool:
        """Every third time, so that each address is asked so by a third of the roles: the method is as open as GET for everybody alike."""
        return (self.cells + len(role)) % len(OTHERS) == 0

    def sign(self, row: Row, role: str) -> tuple[object, ...]:
        """What is right for the role at this line, wherever the record stands."""
        worked_out, key = self.stage.world.worked_out, ("sign", row.name, role)
        if key not in worked_out:
            known = [r for r in self.stage.relations(row) if self.stage.has(row, role, r)]
            told = tuple(str(row.given.get(how, {}).get(role)) for how in ("says", "silent"))
            worked_out[key] = (told, *((r, reading(row, role, r), writing(row, role, r)) for r in known))
        found: tuple[object, ...] = worked_out[key]
        return found

    def cell(self, row: Row, role: str, relation: str) -> None:
        address = row.address(self.stage.values(row, role, relation))
        right = reading(row, role, relation)
        hidden = not sees(row, role, relation)
        if not row.is_api or row.reads:
            self.expect(row, role, relation, "GET", address, right, htmx=True)
            if relation == "own" or not hidden:
                self.expect(row, role, relation, "GET", address, right)
            if relation in ("own", "none", "recused") and self.is_turn(role):
                self.expect(row, role, relation, "HEAD", address, right | {"closed"}, htmx=True)
        if not row.name.startswith("GET ") or row.name.replace("GET ", "POST ") not in rows():
            self.write(row, role, relation, address)
        if relation in ("own", "none"):
            # they are closed for everybody alike
            method = OTHERS[(self.cells + len(role)) % len(OTHERS)]
            if method != row.method:
                self.expect(
                    row,
                    role,
                    relation,
                    method,
                    address,
                    right - {"shown"}
                    | {"closed", "absent", "faulty", "refused"}
                    | ({"shown"} if row.does == "anybody" or row.given.get("missing") else set()),
                    htmx=True,
                )

    def listen(self, row: Row, role: str, relation: str, words: str) -> None:
        """What the page of the own record, or of none, says to the role and what it keeps to itself."""
        said, kept = (row.given.get(name, {}).get(role, "") for name in ("says", "silent"))
        for one in said if isinstance(said, list) else [said]:
            if relation == "own" and one not in words:
                instead = [words[m.start() :][: len(one) + 20] for m in re.finditer(re.escape(one[:4]), words)]
                self.wrong.append(f"{row.name} · {role} · {relation} · GET: does not say “{one}”, but {instead}")
        if relation == "own" and kept and kept in words:
            self.wrong.append(f"{row.name} · {role} · {relation} · GET: says “{kept}”")

    def look(self, row: Row, role: str, relation: str) -> None:
        """As at a glance, and by one of the other methods."""
        self.glance(row, role, relation)
        address = row.address(self.stage.values(row, role, relation))
        right = reading(row, role, relation)
        if relation in ("none", "recused", "mine") and (not row.is_api or row.reads) and self.is_turn(role):
            self.expect(row, role, relation, "HEAD", address, right | {"closed"}, htmx=True)

    def try_one(self, row: Row, role: str, relation: str) -> None:
        """Reading or writing, whichever comes next."""
        reads = not row.is_api or row.reads
        if reads and (row.name.startswith("GET ") or self.cells % 2):
            address = row.address(self.stage.values(row, role, relation))
            self.expect(row, role, relation, "GET", address, reading(row, role, relation), htmx=True)
        elif not row.name.startswith("GET "):
            self.write(row, role, relation, row.address(self.stage.values(row, role, relation)))

    def glance(self, row: Row, role: str, relation: str) -> None:
        """One reading and one writing request."""
        address = row.address(self.stage.values(row, role, relation))
        if not row.is_api or row.reads:
            self.expect(row, role, relation, "GET", address, reading(row, role, relation))
        if not row.name.startswith("GET "):
            self.write(row, role, relation, address)

    def write(self, row: Row, role: str, relation: str, address: str) -> None:
        right = writing(row, role, relation)
        filler = next((r for r in roles() if may(row, r, relation) and self.stage.has(row, r, relation)), None)
        place = relation if filler else next((p for p in BELOW if any(may(row, r, p) for r in roles())), "own")
        filler = filler or next((r for r in roles() if may(row, r, place)), "")
        if relation == "unknown":
            place, filler = relation, ""
        body = self.bodies(row, filler, place) if row.does else {}
        method = row.method if row.method != "GET" else "POST"
        is_both = relation == "own" and right == {
            "done"
        }  # what is refused is refused alike, so that every second is enough
        for htmx in (False, True) if is_both else (relation != "own" or self.cells % 2 == 0,):
            self.expect(row, role, relation, method, address, right, body=body, htmx=htmx)

    def bodies(self, row: Row, filler: str, place: str) -> dict[str, object]:
        """The same for every role: who may write fills in the page's form."""
        worked_out, key = self.stage.world.worked_out, ("body", row.name, filler, place)
        if key not in worked_out:
            worked_out[key] = self.stage.body(row, filler, place)
        found: dict[str, object] = worked_out[key]
        return found

    def expect(
        self, row: Row, role: str, relation: str, method: str, address: str, right: frozenset[str] | set[str],
        *, body: dict[str, object] | None = None, htmx: bool = False,
    ) -> Answer:  # fmt: skip
        answer = self.stage.ask(row, role, method, address, body, htmx=htmx)
        self.cells += 1
        others = strange(answer.body) if answer.body else []
        if answer.body and answer.status < 400:
            others += self.stage.betrayed(row, answer.body, address)
        if others:
            self.wrong.append(f"{row.name} · {role} · {relation} · {method}: shows what belongs to {', '.join(others)}")
        if method == "GET" and not htmx and ("says" in row.given or "silent" in row.given):
            self.listen(row, role, relation, words_of(answer.body))
        if method == "GET" and answer.location.startswith("/") and answer.outcome != "sign_in":
            there = self.stage.actor(role).client.get(answer.location).status_code
            if there >= 400:
                self.wrong.append(
                    f"{row.name} · {role} · {relation} · GET: leads to {answer.location}, which is {there}"
                )
        if answer.there >= 400:
            self.wrong.append(
                f"{row.name} · {role} · {relation} · {method}: leads to {answer.location}, which is {answer.there}"
            )
        got = answer.outcome
        if method in ("GET", "HEAD") and got == "done":
            got = "shown"  # a receipt, or a trace of reading
        if got not in right or (
            got != "done" and method not in ("GET", "HEAD") and answer.changed and "done" not in right
        ):
            self.wrong.append(
                f"{row.name} · {role} · {relation} · {method}{' htmx' if htmx else ''}: {answer.status} {got}"
                f"{f', {answer.changed} rows written' if answer.changed else ''}, right is {'/'.join(sorted(right))}"
            )
        return answer
