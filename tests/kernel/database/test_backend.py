"""Before each request it is seen, without a question to the server, whether the connection is still there."""

import time

import pytest
from django.db import ProgrammingError, connection


@pytest.fixture
def line(db):
    own = connection.copy()
    own.connect()
    yield own
    own.close()


def test_a_quiet_line_is_there(line, monkeypatch):
    with line.cursor() as cursor:
        cursor.execute("SELECT 1")
    with monkeypatch.context() as silent:
        silent.setattr("psycopg.ClientCursor.execute", lambda *args, **kwargs: pytest.fail("a question"))
        assert line.is_usable()


def test_a_line_after_an_error_is_not(line):
    line.set_autocommit(False)
    with pytest.raises(ProgrammingError), line.cursor() as cursor:
        cursor.execute("SELECT nothing")
    assert not line.is_usable()
    line.rollback()
    assert line.is_usable()


def test_a_line_that_the_server_closed_is_not(line):
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert cursor.fetchone() == (True,)
    until = time.monotonic() + 5
    while line.is_usable() and time.monotonic() < until:
        time.sleep(0.01)
    assert not line.is_usable()


def test_a_line_that_we_closed_is_not(line):
    line.connection.close()
    assert not line.is_usable()
