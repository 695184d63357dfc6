"""Every operation, as every role, on records that exist, with values at every edge: no fault of the server, and the description is true.

With GO_ON=fuzz.jsonl a run that was stopped is gone on with where it was (tests/access/pieces.py).
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from bench.figures_log import record
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from tests.access.expected import may, roles
from tests.access.pieces import Pieces
from tests.access.requests import Stage
from tests.access.routes import places_of, rows
from tests.access.world import World

from yuanqing.api import api
from yuanqing.org.account.models import Account

TEXTS = ["", "0", "-1", "\x00", "a\x00b", "\ud7ff", "𠮷" * 50, "a" * 100_000, "长" * 100, "' OR 1=1 --", "%s%(x)s{0}", "../..", "=1+1", "2026-02-30", "9999-12-31", "0001-01-01", "2026-13", "null", "[]", "１２３", "\u202e", "\r\n", " "]  # fmt: skip
NUMBERS = [0, -1, 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1.5, True]
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DAYS = ["0001-01-01", "1900-02-28", "2024-02-29", "2026-02-30", "9999-12-31"]
ODD: list[Any] = [None, [], {}, [None], {"": ""}, [[[]]], *TEXTS, *NUMBERS]
SCHEMA = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str))
DESCRIBED = schemathesis.openapi.from_dict(SCHEMA)
MOST = int(os.environ.get("FUZZ", "60"))  # requests for each operation
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def strategy(operation: Any) -> st.SearchStrategy[Any]:
    """What the description allows, and what it forbids, as schemathesis makes it."""
    return st.one_of(*(operation.as_strategy(generation_mode=kind) for kind in KINDS))


def sharpened(draw: Any, case: Any) -> tuple[dict[str, Any], Any]:
    """Query and body of a case, with a value here and there replaced by one at an edge."""
    query = {
        name: draw(st.sampled_from(ODD)) if draw(st.booleans()) else value for name, value in (case.query or {}).items()
    }
    body = case.body if isinstance(case.body, dict | list | str | int | float | type(None)) else None
    if isinstance(body, dict) and body:
        chosen = draw(st.lists(st.sampled_from(sorted(body, key=str)), max_size=2, unique=True))
        body = {**body, **{name: draw(st.sampled_from(_edges(body[name]))) for name in chosen}}
        day = draw(st.sampled_from((*[None] * 6, *DAYS)))
        body = _dated(body, day) if day else body
    return query, body


def _dated(value: Any, day: str) -> Any:
    """With this day in the place of every day: of many fields the one that matters is seldom drawn by chance."""
    if isinstance(value, dict):
        return {name: _dated(each, day) for name, each in value.items()}
    if isinstance(value, list):
        return [_dated(each, day) for each in value]
    return day if isinstance(value, str) and DAY.fullmatch(value) else value


def _edges(value: Any) -> list[Any]:
    """Values of the same kind, so that they come as far as the program, twice as often as others."""
    like = _like(value)
    return [*like * (1 + 2 * len(ODD) // len(like)), *ODD] if like else ODD


def _like(value: Any) -> list[Any]:
    if isinstance(value, str):
        return DAYS if DAY.fullmatch(value) else TEXTS
    return NUMBERS if isinstance(value, int) and not isinstance(value, bool) else []


def swept(operation: dict[str, Any], base: Any) -> list[tuple[dict[str, Any], Any]]:
    """Every field and every word of the query once with each value at the edge of its kind, all else as it is right."""
    asked = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    found: list[tuple[dict[str, Any], Any]] = [({name: value}, base) for name in asked for value in (*ODD, *DAYS)]
    if isinstance(base, dict):
        places = {(name,): _likely(one) for name, one in _properties(operation).items()}
        places |= {path: [*_like(value), *ODD[:6]] for path, value in _leaves(base)}
        found += [({}, _with(base, path, value)) for path, values in places.items() for value in values]
    return found


def _properties(operation: dict[str, Any]) -> dict[str, Any]:
    """Of the body, as it is described."""
    given = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    known: dict[str, Any] = SCHEMA["components"]["schemas"].get(given.get("$ref", "").rpartition("/")[2], given)
    found: dict[str, Any] = known.get("properties", {})
    return found


def _likely(described: dict[str, Any]) -> list[Any]:
    """Values at the edges of what a field is described to take, and some that are of no kind."""
    kinds = [described, *described.get("anyOf", [])]
    names = {kind.get("type") for kind in kinds}
    days = DAYS if any(kind.get("format") == "date" for kind in kinds) else []
    return [*days, *(TEXTS if "string" in names else []), *(NUMBERS if "integer" in names else []), *ODD[:6]]


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list) and value:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(each, (*path, key))
    else:
        yield path, value


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value at one place."""
    if not path:
        return new
    if isinstance(value, list):
        return [_with(each, path[1:], new) if n == path[0] else each for n, each in enumerate(value)]
    return {**value, path[0]: _with(value.get(path[0]), path[1:], new)}


def send(client: Client, method: str, path: str, query: dict[str, Any], body: Any) -> Any:
    whole = f"{path}?{urlencode(query, doseq=True, errors='replace')}" if query else path
    if method == "get":
        return client.get(whole)
    return client.generic(method.upper(), whole, json.dumps(body), content_type="application/json")


def fault_of(response: Any, operation: dict[str, Any]) -> str:
    """Why the answer is a fault; "" when it is none."""
    if response.status_code >= 500:
        return f"{response.status_code}"
    if str(response.status_code) not in operation["responses"]:
        return f"{response.status_code} is not described"
    return ""


@dataclass
class Fuzz:
    """Asks operations on records of the world, mostly as roles that may; keeps the first fault of each."""

    world: World
    asked: int = 0
    found: dict[str, str] = field(default_factory=dict)
    pieces: Pieces = field(default_factory=lambda: Pieces(file=""))

    def __post_init__(self) -> None:
        self.stage = Stage(self.world)
        self.clients = {role: self._client(role) for role in roles()}

    def _client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(Account.objects.get(pk=self.world.accounts[role]))
        return client

    def run(self, most: int) -> dict[str, str]:
        for each in DESCRIBED.get_all_operations():
            described = each.ok()
            name = f"{described.method.upper()} {described.path}"
            if self.pieces.is_right(f"{most} of {name}"):
                continue
            before = self.asked
            self.probe(described, most)
            wrong = [self.found[name]] if name in self.found else []
            self.pieces.note(f"{most} of {name}", self.asked - before, wrong)
        return self.found

    def probe(self, described: Any, most: int) -> None:
        method, name = described.method.lower(), f"{described.method.upper()} {described.path}"
        row = rows()[name]
        known = self.stage.relations(row)
        doers = [(role, place) for place in known for role in roles() if row.does and may(row, role, place)] or [
            (role, known[0]) for role in roles()
        ]
        operation = SCHEMA["paths"][described.path][method]

        @settings(
            max_examples=most, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.data())
        def probe(data: Any) -> None:
            role, place = data.draw(st.sampled_from(doers))
            role = data.draw(st.sampled_from((role, role, *roles())))
            case = data.draw(strategy(described))
            query, body = sharpened(data.draw, case)
            address = self._address(row, role, place, case) if data.draw(st.integers(0, 3)) else case.formatted_path
            if name not in self.found:  # what it would draw is drawn all the same: hypothesis counts on that
                self._ask(name, role, address, query, body, operation)

        cache.clear()  # so many requests a minute are allowed
        self._sweep(row, name, doers, operation, most)
        if name not in self.found:
            cache.clear()
            probe()

    def _sweep(self, row: Any, name: str, doers: list[tuple[str, str]], operation: dict[str, Any], most: int) -> None:
        """At most so many of what `swept` gives, by somebody who may, on a record that exists."""
        role, place = doers[0]
        base = json.loads(json.dumps(self.stage.body(row, role, place), default=str)) if row.does else {}
        tried = swept(operation, base)
        address = self._address(row, role, place, None)
        for query, body in random.Random(name).sample(tried, min(most, len(tried))):
            if name not in self.found:
                self._ask(name, role, address, query, body, operation)

    def _ask(
        self, name: str, role: str, address: str, query: dict[str, Any], body: Any, operation: dict[str, Any]
    ) -> None:
        with transaction.atomic():
            response = send(self.clients[role], name.split()[0].lower(), address, query, body)
            transaction.set_rollback(True)
        self.asked += 1
        fault = fault_of(response, operation)
        if fault:
            self.found.setdefault(name, f"{role} · {fault}: {address} {query} {str(body)[:200]}")

    def _address(self, row: Any, role: str, place: str, case: Any) -> str:
        """The address of a record that exists; other places of the address as they were made."""
        at = place if self.stage.has(row, role, place) else "own"
        given = case.path_parameters if case is not None else dict.fromkeys(places_of(row.name), "x")
        made = {name: quote(str(value), safe="") or "x" for name, value in (given or {}).items()}
        return str(row.name.partition(" ")[2].format_map({**made, **self.stage.values(row, role, at)}))


@pytest.mark.drill
def test_no_operation_fails(world: World) -> None:
    assert Fuzz(world).run(6) == {}


@pytest.mark.drill
def test_no_operation_fails_however_long_one_tries(world: World) -> None:
    fuzz = Fuzz(world, pieces=Pieces())
    found = fuzz.run(MOST)
    record("requests made up for the interface", fuzz.pieces.asked, "", "0 faults of the server", not found)
    assert found == {}


# The test itself is tried: bugs of the usual kinds are planted one at a time, and each must come up.


def _values(given: Any) -> Iterator[Any]:
    """Every plain value among what an operation was given, however deep."""
    if hasattr(given, "model_dump"):
        given = given.model_dump()
    if isinstance(given, dict):
        for value in given.values():
            yield from _values(value)
    elif isinstance(given, list | tuple):
        yield given
        for value in given:
            yield from _values(value)
    else:
        yield given


def _texts(given: Any) -> list[str]:
    return [value for value in _values(given) if isinstance(value, str)]


def _numbers(given: Any) -> list[int]:
    return [value for value in _values(given) if isinstance(value, int) and not isinstance(value, bool)]


Bug = Callable[[dict[str, Any]], bool]
BUGS: dict[str, tuple[str, Bug]] = {
    "an empty word": ("GET /api/org/unit/", lambda g: "" in [g.get("q"), *_texts(g)]),
    "a NUL in a title": ("POST /api/education/column/", lambda g: any("\x00" in text for text in _texts(g))),
    "a very long reason": ("POST /api/org/unit/{pk}/rename/", lambda g: any(len(text) >= 100 for text in _texts(g))),
    "a letter beyond the plane": ("POST /api/org/person/", lambda g: any(ord(c) > 0xFFFF for t in _texts(g) for c in t)),
    "division by a limit": ("GET /api/discipline/bulletin/", lambda g: any(number == 0 for number in _numbers(g))),
    "a negative paragraph": ("PUT /api/education/writing/{pk}/draft/", lambda g: any(n < 0 for n in _numbers(g))),
    "a number of 32 bits": ("PUT /api/education/writing/{pk}/draft/", lambda g: any(n >= 2**31 for n in _numbers(g))),
    "an unknown step": (
        "POST /api/education/induction/{pk}/{step}/", lambda g: g.get("step") not in ("talk", "cancel", "draw")
    ),
    "an empty list": ("POST /api/education/notice/{pk}/sign-on-paper/", lambda g: [] in list(_values(g))),
    "a record of no one": ("GET /api/education/notice/{pk}/", lambda g: True),
    "a formula": ("PUT /api/education/notice/{pk}/text/", lambda g: any(t.startswith("=") for t in _texts(g))),
    "a day at the end of time": (
        "POST /api/discipline/violation/", lambda g: any(getattr(v, "year", 0) == 9999 for v in _values(g))
    ),
    "a blank reason": ("POST /api/org/post/appointments/{pk}/end/", lambda g: any(not t.strip() for t in _texts(g))),
    "a percent sign": ("GET /api/shell/search/", lambda g: any("%" in text for text in _texts(g))),
    "a missing choice": ("GET /api/discipline/violation/", lambda g: any(t not in ("", "x") for t in _texts(g))),
    "nothing where a day is meant": ("POST /api/discipline/violation/{pk}/dismiss/", lambda g: None in list(_values(g))),
}  # fmt: skip


@contextmanager
def planted(name: str, bug: Bug) -> Iterator[None]:
    """The operation fails as a programmer's slip would make it fail."""
    operation = _operation(name)
    honest = operation.view_func

    def spoilt(request: Any, **words: Any) -> Any:
        if bug(words):
            raise KeyError("planted")
        return honest(request, **words)

    operation.view_func = spoilt
    try:
        yield
    finally:
        operation.view_func = honest


def _operation(name: str) -> Any:
    method, path = name.split(" ")
    for router in api._get_bound_routers():  # those that answer; what a file declares is copied into them
        for route, view in router.path_operations.items():
            whole = re.sub(r"\{\w+:", "{", f"/api{router.prefix}{route.removeprefix('/')}")
            for operation in view.operations:
                if whole == path and method in operation.methods:
                    return operation
    raise LookupError(name)


@pytest.mark.drill
def test_planted_bugs_are_found(world: World) -> None:
    known = {f"{o.ok().method.upper()} {o.ok().path}": o.ok() for o in DESCRIBED.get_all_operations()}
    missed = []
    for what, (name, bug) in BUGS.items():
        fuzz = Fuzz(world)
        with planted(name, bug):
            fuzz.probe(known[name], 300)
        if name not in fuzz.found:
            missed.append(f"{what} at {name}, {fuzz.asked} requests")
    found = len(BUGS) - len(missed)
    record("planted bugs of the interface found", found, f"of {len(BUGS)}", "all of ≥ 15", not missed and found >= 15)
    assert not missed, "\n".join(missed)
