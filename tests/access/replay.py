"""Identifiers that somebody else has seen, tried at every address: none may open."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from tests.access.expected import may, roles
from tests.access.pieces import Pieces
from tests.access.requests import FOR_EVERYBODY, OUTSIDE, Stage
from tests.access.routes import Row, places_of, rows
from tests.access.world import World

from yuanqing.org.account.models import Account

SEEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOBODY = "NOBODY-9"  # the code, number or name of nothing
SOME = 250  # a piece
SEERS = ("甲纪检", "集团审核", "党办", "书记", "总负责")  # they work for the whole group


def seen_by(username: str, addresses: Iterable[str]) -> set[UUID]:
    """Every identifier in what this account is shown: paths, forms, fragments, bodies, exports."""
    client = Client()
    client.force_login(Account.objects.get(username=username))
    found: set[UUID] = set()
    for address in addresses:
        response: Any = client.get(address)
        if response.status_code == 200 and not response.streaming:
            found |= {UUID(text) for text in SEEN.findall(response.content.decode("utf-8", "replace"))}
    return found


def pages() -> list[str]:
    """Every list, in both forms, with and without fragments."""
    plain = [r for r in rows().values() if r.reads and not places_of(r.name) and r.sees != "nobody"]
    return [a for r in plain for a in (r.address({}), r.address({}) + "?page_size=100")]


def foreign(world: World) -> dict[UUID, str]:
    """Identifiers of records outside the actors' reach, and what they are of; what is published for everybody is not among them."""
    kinds = sorted({row.kind for row in rows().values() if row.kind} - set(FOR_EVERYBODY))
    found = [
        (world.at[place][kind], f"{kind} of {place}") for kind in kinds for place in OUTSIDE if kind in world.at[place]
    ]
    return {key: what for key, what in reversed(found) if isinstance(key, UUID)}


class Replay:
    """Asks with foreign identifiers and keeps what opened."""

    def __init__(self, world: World, chance: random.Random, stage: Stage | None = None) -> None:
        self.stage, self.world, self.chance = stage or Stage(world), world, chance
        self.asked = 0
        self.hits: list[str] = []
        self.pieces = Pieces(file="")

    def run(self, most: int) -> None:
        """Piece by piece: in addresses, and in what is sent."""
        self.pieces = Pieces()
        self.paths(most)
        for row in rows().values():
            self.piece(f"sent to {row.name}", partial(self.bodies, [row]))

    def piece(self, name: str, ask: Callable[[], None]) -> None:
        if self.pieces.is_right(name):
            return
        asked, hits = self.asked, len(self.hits)
        ask()
        self.pieces.note(name, self.asked - asked, self.hits[hits:])

    def paths(self, most: int) -> None:
        """In the address: a foreign identifier at every address, also at those of another kind."""
        strange = sorted(foreign(self.world).items(), key=lambda found: found[1])
        lines = [
            row for row in rows().values() if row.kind and "pk" in places_of(row.name) and row.reach != "everywhere"
        ]
        lines = [row for row in lines if row.kind != "message"]
        every = len(lines) * len(roles()) * len(strange)
        chosen = self.chance.sample(range(every), min(most, every))
        for start in range(0, len(chosen), SOME):
            self.piece(
                f"{start} of {most} in addresses", partial(self._some, chosen[start : start + SOME], lines, strange)
            )

    def _some(self, numbers: list[int], lines: list[Row], strange: list[tuple[UUID, str]]) -> None:
        for number in numbers:
            rest, at = divmod(number, len(strange))
            line, who = divmod(rest, len(roles()))
            self.path(lines[line], roles()[who], *strange[at])

    def path(self, row: Row, role: str, key: UUID, what: str) -> None:
        place = self.place(row)
        if not self.stage.has(row, role, place):
            place = "unknown"  # the identifier is another one anyway
        values = self.stage.values(row, role, place) | {"pk": key}
        method = row.method if row.is_api else "GET" if row.reads else "POST"
        answer = self.stage.ask(row, role, method, row.address(values), {} if method != "GET" else None, htmx=True)
        self.take(answer.outcome, f"{row.name} · {role} · {what}")

    def bodies(self, lines: Iterable[Row]) -> None:
        """In what is sent: the own record, with a reference to something of another unit."""
        for row in lines:
            swapped = [
                name
                for name, value in row.given.get("send", {}).items()
                if isinstance(value, str) and value.startswith("=")
            ]
            for role in roles() if row.does else ():
                if swapped and may(row, role, self.place(row)):
                    self.swap(row, role, swapped)

    def place(self, row: Row) -> str:
        """Where the record stands: the own one, unless the line or the world has it elsewhere only."""
        known, wanted = self.stage.relations(row), (row.given.get("where") or ["own"])[0]
        return wanted if wanted in known else known[0]

    def swap(self, row: Row, role: str, names: list[str]) -> None:
        place = self.place(row)
        honest = self.stage.body(row, role, place)
        address = row.address(self.stage.values(row, role, place))
        for name in names:
            unknown = (
                uuid4() if isinstance(honest[name], UUID) else [NOBODY] if isinstance(honest[name], list) else NOBODY
            )
            absent = self.stage.ask(row, role, row.method, address, honest | {name: unknown}, htmx=True)
            if absent.outcome == "done":  # not asked of this role: what stands there is not read
                continue
            kind = (
                row.given["send"][name][1:].split(".", 1)[-1]
                if "." in row.given["send"][name]
                else row.given["send"][name][1:]
            )
            for other in OUTSIDE:
                value = self.world.at[other].get(kind) or self.world.at[other].get(row.given["send"][name][1:])
                if value is None:
                    continue
                answer = self.stage.ask(row, role, row.method, address, honest | {name: value}, htmx=True)
                self.take(answer.outcome, f"{row.name} · {role} · {name}={other}")
                if answer.status != absent.status:  # as if there were no such thing
                    self.hits.append(
                        f"{row.name} · {role} · {name}={other}: {answer.status}, what is absent {absent.status}"
                    )

    def take(self, outcome: str, what: str) -> None:
        self.asked += 1
        if outcome in ("shown", "done", "broken"):
            self.hits.append(f"{what}: {outcome}")
