"""Every address there is: Django's URL configuration, and the operations of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from yuanqing.api import api

MATRIX = Path(__file__).with_name("matrix.yaml")
API = "/api/"
VALID = frozenset(
    (
        "see",
        "record",
        "shared",
        "reach",
        "else",
        "do",
        "where",
        "self",
        "get",
        "send",
        "faulty",
        "missing",
        "with",
        "seen",
        "asks",
        "query",
        "shows",
        "open",
        "tokenless",
        "hidden",
        "asked",
        "says",
        "silent",
    )
)


@dataclass(frozen=True)
class Row:
    """One line of the matrix with the address it is about."""

    name: str
    given: dict[str, Any]

    @property
    def is_api(self) -> bool:
        return " " in self.name

    @property
    def method(self) -> str:
        """How it writes."""
        return self.name.split()[0] if self.is_api else "POST"

    @property
    def sees(self) -> str:
        return str(self.given.get("see", "signed_in"))

    @property
    def kind(self) -> str:
        return str(self.given.get("record", ""))

    @property
    def does(self) -> str:
        return str(self.given.get("do", ""))

    @property
    def reach(self) -> str:
        return str(self.given.get("reach", "unit" if self.kind else "everywhere"))

    @property
    def otherwise(self) -> str:
        return str(self.given.get("else", "absent" if self.kind or "shared" in self.given else "shown"))

    @property
    def reads(self) -> bool:
        return self.name.startswith("GET ") if self.is_api else self.given.get("get", True) is not False

    @property
    def route(self) -> str:
        """The name of the address: `lead:register` also for the line `lead:register~petition`."""
        return self.name.partition("~")[0]

    def address(self, values: dict[str, Any]) -> str:
        """`values` may hold what stands behind the address, under "?"."""
        places = {name: value for name, value in values.items() if name != "?"}
        path = self.route.partition(" ")[2].format_map(places) if self.is_api else reverse(self.route, kwargs=places)
        query = values.get("?") or self.given.get("query")
        return f"{path}?{query}" if query else path


def _patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name}", each


@cache
def addresses() -> frozenset[str]:
    """Names of pages; `GET /api/…` for operations."""
    described = {"api:openapi-json", "api:openapi-view", "api:api-root"}
    pages = {name for name, _p in _patterns(get_resolver()) if not name.startswith("api:") or name in described}
    schema: Any = api.get_openapi_schema()
    operations = {f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods}
    return frozenset(pages | operations)


@cache
def grouped() -> dict[str, list[Row]]:
    """Duty → its lines."""
    groups: dict[str, dict[str, Any]] = yaml.safe_load(MATRIX.read_text(encoding="utf-8"))
    return {duty: [Row(name, given or {}) for name, given in group.items()] for duty, group in groups.items()}


@cache
def rows() -> dict[str, Row]:
    return {row.name: row for group in grouped().values() for row in group}


def places_of(name: str) -> set[str]:
    """The values that an address asks for: {"pk"}, {"pk", "kind"}."""
    name = name.partition("~")[0]
    if " " in name:
        return {part[1:-1] for part in name.split("/") if part.startswith("{")}
    found = next(pattern for known, pattern in _patterns(get_resolver()) if known == name)
    return set(found.pattern.converters)
