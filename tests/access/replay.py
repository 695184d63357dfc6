"""Identifiers that somebody else has seen, tried at every address: none may open."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from tests.access.expected import may, roles
from tests.access.requests import OUTSIDE, Stage
from tests.access.routes import Row, places_of, rows
from tests.access.world import World

from yuanqing.org.account.models import Account

SEEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOBODY = "NOBODY-9"  # the code, number or name of nothing
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


def foreign(world: World) -> dict[str, list[Any]]:
    """Kind → keys of records outside the actors' reach."""
    kinds = {row.kind for row in rows().values() if row.kind}
    return {kind: [world.at[place][kind] for place in OUTSIDE if kind in world.at[place]] for kind in sorted(kinds)}


class Replay:
    """Asks with foreign identifiers and keeps what opened."""

    def __init__(self, world: World, chance: random.Random, stage: Stage | None = None) -> None:
        self.stage, self.world, self.chance = stage or Stage(world), world, chance
        self.asked = 0
        self.hits: list[str] = []

    def paths(self, seen: set[UUID], most: int) -> None:
        """In the address: a foreign identifier at every address, also at those of another kind."""
        known = {key for keys in foreign(self.world).values() for key in keys}
        strange = sorted(known & seen | {k for k in known if isinstance(k, UUID)}, key=str)
        lines = [
            row for row in rows().values() if row.kind and "pk" in places_of(row.name) and row.reach != "everywhere"
        ]
        cells = [
            (row, role, key) for row in lines if row.kind not in ("message",) for role in roles() for key in strange
        ]
        for row, role, key in self.chance.sample(cells, min(most, len(cells))):
            place = self.place(row)
            if place == "mine" and row.kind not in self.world.mine[role]:
                place = "unknown"  # the identifier is another one anyway
            values = self.stage.values(row, role, place) | {"pk": key}
            method = row.method if row.is_api else "GET" if row.reads else "POST"
            answer = self.stage.ask(row, role, method, row.address(values), {} if method != "GET" else None, htmx=True)
            self.take(answer.outcome, f"{row.name} · {role} · {key}")

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
