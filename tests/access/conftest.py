"""The world is built once a run into a database of its own; every test works in a copy of it and throws it away.

KEPT_WORLD=folder keeps it for the next run, which saves a drill that is gone on with the minutes of building it. Whoever changes what the
world is made of removes the folder.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from tests.access.world import NOW, World, build
from tests.discipline.monthly_return.house import clock

from yuanqing.org.account import rules


def kept_in(folder: Path) -> str:
    """The database that belongs to the folder: the records of one world are not those of another."""
    return f"yuanqing_kept_world_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}"


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, World]]:
    """The name of the database with the world in it, and the world."""
    server, name = settings.SERVER, f"{settings.SERVER.name()}_world"
    kept = Path(os.environ.get("KEPT_WORLD", ""))
    if kept.name and (kept / "world").is_file():
        shutil.copytree(kept / "home", settings.HOME, dirs_exist_ok=True)
        server.clone(name, kept_in(kept))
        world: World = pickle.loads((kept / "world").read_bytes())
    else:
        world = _build_in(server.clone(name), django_db_blocker)
        if kept.name:
            shutil.copytree(settings.HOME, kept / "home", dirs_exist_ok=True)
            server.clone(kept_in(kept), name)
            (kept / "world").write_bytes(pickle.dumps(world))
    yield name, world
    server.drop(name)


def _build_in(name: str, django_db_blocker: Any) -> World:
    shared = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        world = build()
        connections.close_all()
        connection.settings_dict["NAME"] = shared
    return world


@pytest.fixture
def world(built: tuple[str, World], django_db_blocker: Any) -> Iterator[World]:
    """The world on the morning of 3 November 2026; whatever a test writes is rolled back."""
    name, found = built
    shared = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), clock(NOW):
        connection.close()
        connection.settings_dict["NAME"] = name
        rules.forget()  # roles that a test before published elsewhere
        with transaction.atomic():
            yield found
            transaction.set_rollback(True)
        connections.close_all()
    connection.settings_dict["NAME"] = shared
    rules.forget()
