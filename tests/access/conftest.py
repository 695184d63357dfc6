"""The world is built once a run into a database of its own; every test works in a copy of it and throws it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from tests.access.world import NOW, World, build
from tests.discipline.monthly_return.house import clock

from yuanqing.org.account import rules


@pytest.fixture(scope="session")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, World]]:
    """The name of the database with the world in it, and the world."""
    server, shared = settings.SERVER, connection.settings_dict["NAME"]
    name = server.clone(f"{server.name()}_world")
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        world = build()
        connections.close_all()
        connection.settings_dict["NAME"] = shared
    yield name, world
    server.drop(name)


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
