"""Worlds that many tests begin from, built once in a process.

    small = stage(found)                          two fixtures: found() returns what a test is given as `small`,
    august = stage(close_august, after=small)     close_august(small) goes on from there

Each stage is a database of its own, copied from the stage before it. A test works on the last stage it asks for: in a
transaction that is rolled back, with its own copy of the objects and of the folder (settings.HOME).
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

STAGE: pytest.StashKey[Stage] = pytest.StashKey()


@dataclass(frozen=True, eq=False)
class Stage:
    """How to build it, from which stage, and what every test has to do when it enters."""

    build: Callable[..., Any]
    after: Stage | None
    enter: Callable[[], None] | None

    @property
    def key(self) -> str:
        own = f"{self.build.__module__}.{self.build.__qualname__}"
        return f"{self.after.key} > {own}" if self.after else own

    @property
    def line(self) -> tuple[Stage, ...]:
        return (*(self.after.line if self.after else ()), self)


@dataclass(frozen=True)
class Built:
    """A stage that stands: its database, its folder, the objects by the keys of the stages of its line."""

    database: str
    home: Path
    things: bytes

    def fresh(self) -> dict[str, Any]:
        found: dict[str, Any] = pickle.loads(self.things)
        return found


def stage(build: Callable[..., Any], *, after: Any = None, enter: Callable[[], None] | None = None) -> Any:
    """A fixture of what `build` returns; `build` is given what the stages before it returned, in order."""
    before = _stage_of(after) if after is not None else None
    this = Stage(build, before, enter or (before.enter if before else None))

    def given(on_stage: dict[str, Any], db: None) -> Any:
        return on_stage[this.key]

    given.stage = this  # type: ignore[attr-defined]
    return pytest.fixture(given)


def _stage_of(fixture: Any) -> Stage | None:
    """The stage behind a fixture, or behind a fixture's function."""
    function = getattr(fixture, "_get_wrapped_function", lambda: fixture)()
    return getattr(function, "stage", None)


def stage_for(item: pytest.Item) -> Stage | None:
    """The last stage that a test asks for; the others must lie before it."""
    definitions = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    asked = [found for defined in definitions.values() if (found := _stage_of(defined[-1].func))]
    if not asked:
        return None
    last = max(asked, key=lambda each: len(each.line))
    keys = {each.key for each in last.line}
    if any(each.key not in keys for each in asked):
        raise pytest.UsageError(f"{item.nodeid} begins from two worlds: {sorted(each.key for each in asked)}")
    return last


class Theatre:
    """The stages of this process; each database keeps its connection, so that a backend is warm for the next test."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.built: dict[str, Built] = {}
        self.open: dict[str, Any] = {}

    def stand(self, wanted: Stage) -> Built:
        if wanted.key not in self.built:
            before = self.stand(wanted.after) if wanted.after else None
            self.built[wanted.key] = self._build(wanted, before)
        return self.built[wanted.key]

    def _build(self, wanted: Stage, before: Built | None) -> Built:
        home = self.place / str(len(self.built))
        if before:
            shutil.copytree(before.home, home)
            self.leave(before.database)
        else:
            home.mkdir(parents=True)
        name = settings.SERVER.clone(template=before.database if before else "")
        things = before.fresh() if before else {}
        with self.on(name), override_settings(HOME=home), transaction.atomic():
            if wanted.enter:
                wanted.enter()
            things[wanted.key] = wanted.build(*(things[each.key] for each in wanted.line[:-1]))
            connection.run_on_commit.clear()  # as in a test, where nothing commits
        self.leave(name)
        return Built(name, home, pickle.dumps(things))

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """Django's connection stands on this database."""
        if connection.in_atomic_block:
            raise RuntimeError("The database was in use before the stage was set; let the fixture `db` come after it.")
        shared = connection.settings_dict["NAME"]
        kept, connection.connection = connection.connection, self.open.pop(name, None)
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.settings_dict["NAME"] = shared
            self.open[name], connection.connection = connection.connection, kept

    def leave(self, name: str) -> None:
        """Close the connection to a database, which otherwise cannot be copied."""
        kept = self.open.pop(name, None)
        if kept is not None:
            kept.close()

    def close(self) -> None:
        for name in list(self.open):
            self.leave(name)
        for built in self.built.values():
            settings.SERVER.drop(built.database)
