"""Reading many tables as they were at one moment, without writing anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import IsolationLevel


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction of its own that reads one snapshot and can change nothing; not inside another transaction.

    The driver says so in its BEGIN: the backend's first statement carries the scope's token, after which it would be too late.
    """
    connection.ensure_connection()
    driver = connection.connection
    driver.isolation_level, driver.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        if not driver.closed:
            driver.isolation_level, driver.read_only = None, None
