"""The database server of the tests: a private embedded one without fsync, or the one in YUANQING_DATABASE_URL.

A template database is migrated once per state of the migrations; every test process works in a copy of it (0.1 s). Copies left by
killed runs are dropped by the next run that is alone. The last run to end stops the private server.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database import roles
from yuanqing.kernel.database.cluster import ensure_started, stop
from yuanqing.kernel.database.connection import APP, AUTH, OWNER
from yuanqing.kernel.database.layout import Layout

PROJECT = Path(__file__).resolve().parents[1]
_CHECKOUT = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]  # two checkouts never share a server or a template
PLACE = Path(
    os.environ.get("YUANQING_TEST_PLACE") or Path(tempfile.gettempdir()) / f"yuanqing-tests-{os.geteuid()}-{_CHECKOUT}"
)
PREFIX, TEMPLATE = "yuanqing_test_", "yuanqing_template_"


class Server:
    """Makes, names and drops the databases of one test process."""

    def __init__(self, external: str) -> None:
        self.external = external
        self.numbers = itertools.count(1)
        self.home = PLACE / "server"
        self._users: int | None = None

    def name(self) -> str:
        """The database of this process."""
        return f"{PREFIX}{os.getpid()}"

    def url(self, database: str, role: str = "app") -> str:
        if not self.external:
            user = {"app": APP, "auth": AUTH, "owner": OWNER, "superuser": "postgres"}[role]
            return f"postgresql://{user}@/{database}?host={quote(str(Layout(self.home).socket), safe='')}"
        parts = urlsplit(self.external)
        if role == "superuser":
            return urlunsplit(parts._replace(path=f"/{database}"))
        _, at, host = parts.netloc.rpartition("@")
        name = {"app": APP, "auth": AUTH}.get(role, OWNER)
        user = f"{name}:{self._password()}"
        return urlunsplit(parts._replace(netloc=f"{user}@{host if at else parts.netloc}", path=f"/{database}"))

    def open(self) -> None:
        """Start the server if it is ours, and make sure that the template exists."""
        PLACE.mkdir(mode=0o711, exist_ok=True)
        if PLACE.stat().st_uid != os.geteuid():
            raise OperatorError(f"{PLACE} belongs to somebody else; set YUANQING_TEST_PLACE to another folder.")
        self._users = os.open(PLACE / "users", os.O_RDWR | os.O_CREAT, 0o600)
        with _exclusive(PLACE / "opening"):
            alone = _try_lock(self._users, fcntl.LOCK_EX)
            if alone:
                self._remove_homes()
            if not self.external:
                os.environ.pop("YUANQING_DATABASE_URL", None)
                ensure_started(self.home, durable=False)
            with self._admin() as connection:
                if alone:
                    self._drop_leftovers(connection, TEMPLATE if self.external else PREFIX, TEMPLATE)
                self._build_template(connection)
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def close(self) -> None:
        if self._users is None:
            return
        with _exclusive(PLACE / "opening"):
            if _try_lock(self._users, fcntl.LOCK_EX) and not self.external:
                url = os.environ.pop("YUANQING_DATABASE_URL", None)
                stop(self.home)
                os.environ.update({"YUANQING_DATABASE_URL": url} if url else {})
        os.close(self._users)
        self._users = None

    def clone(self, name: str = "", template: str = "") -> str:
        """A fresh copy of the migrated template, or of another database that nobody uses."""
        name = name or f"{self.name()}_{next(self.numbers)}"
        with self._admin() as connection:
            words = {
                "name": sql.Identifier(name),
                "template": sql.Identifier(template or template_name()),
                "owner": sql.Identifier(OWNER),
            }
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {name} (FORCE)").format(**words))
            connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}").format(**words))
            roles.close_database(connection, name, APP, AUTH)
        return name

    def drop(self, name: str) -> None:
        with self._admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))

    def _admin(self) -> psycopg.Connection:
        url = self.external or self.url("postgres", "superuser")
        return psycopg.connect(url, autocommit=True)

    def _password(self) -> str:
        """The test roles' password on an external server: the same for every process, and no secret beyond the address."""
        return hashlib.sha256(self.external.encode()).hexdigest()[:24]

    def _drop_leftovers(self, connection: psycopg.Connection, *prefixes: str) -> None:
        """On somebody else's server another machine may be testing: there only templates of earlier migrations go."""
        for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
            if name.startswith(prefixes) and name != template_name():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))

    def _remove_homes(self) -> None:
        """Folders that killed runs left."""
        for folder in PLACE.glob("home-*"):
            if folder.name != f"home-{os.getpid()}":
                shutil.rmtree(folder, ignore_errors=True)

    def _build_template(self, connection: psycopg.Connection) -> None:
        name = template_name()
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        draft = f"{name}_new"
        self.drop(draft)
        password = self._password() if self.external else ""
        if self.external:
            roles.ensure_role(connection, OWNER, password)
            roles.ensure_role(connection, APP, password)
            roles.ensure_role(connection, AUTH, password)
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        roles.ensure_database(connection, draft, OWNER)
        with psycopg.connect(self.url(draft, "superuser"), autocommit=True) as inside:
            roles.grant(inside, OWNER, APP, AUTH)
        self._migrate(draft)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )

    def _migrate(self, database: str) -> None:
        url = self.url(database, "owner")
        environment = {
            **os.environ, "YUANQING_DATABASE_URL": url, "YUANQING_OWNER_URL": url, "YUANQING_HOME": str(PLACE / "migrating"),
            "PYTHONPATH": str(PROJECT / "src"), "DJANGO_SETTINGS_MODULE": "yuanqing.settings",
        }  # fmt: skip
        words = [sys.executable, "-m", "yuanqing", "migrate"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OperatorError(f"The template database could not be migrated:\n{done.stdout}{done.stderr}")


@cache
def template_name() -> str:
    """Asked once, as files may change while tests run. Changes with migrations, locked packages (theirs too), rights, commands."""
    digest = hashlib.sha256()
    migrations = sorted((PROJECT / "src" / "yuanqing" / "migrations").rglob("*.py"))
    rights = Path(roles.__file__)
    beside = (rights.with_name("commands.py"), rights.with_name("walls.py"))
    for path in (PROJECT / "requirements" / "core.txt", rights, *beside, *migrations):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return TEMPLATE + digest.hexdigest()[:16]


def _try_lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
