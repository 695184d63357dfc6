"""A backup of a database that somebody else's server keeps: dumped past row-level security, restored into an empty one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from tests.drills.test_backup import digests

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.backup import restore, take
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database import roles
from yuanqing.kernel.database.connection import APP, AUTH, OWNER
from yuanqing.org.account import actions as accounts
from yuanqing.org.signin import actions as signing

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reader(own_database: str) -> Iterator[str]:
    """The address as a role that reads past row-level security and can do nothing else, made as the guide says."""
    server, name, password = settings.SERVER, f"yuanqing_test_backup_{os.getpid()}", secrets.token_hex(8)
    with psycopg.connect(server.url(own_database, "superuser"), autocommit=True) as admin:
        words = {
            "role": sql.Identifier(name), "password": sql.Literal(password), "database": sql.Identifier(own_database),
        }  # fmt: skip
        admin.execute(sql.SQL("CREATE ROLE {role} LOGIN BYPASSRLS PASSWORD {password}").format(**words))
        admin.execute(sql.SQL("GRANT pg_read_all_data TO {role}").format(**words))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}").format(**words))
    parts = urlsplit(server.url(own_database))
    user = f"{name}:{password}" if server.external else name
    yield urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}"))
    with psycopg.connect(server.url(own_database, "superuser"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP OWNED BY {role}").format(**words))
        admin.execute(sql.SQL("DROP ROLE {role}").format(**words))


@pytest.fixture
def empty(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database as `yuanqing database prepare` leaves it; the name."""
    server, name = settings.SERVER, f"{own_database}_empty"
    with psycopg.connect(server.url("postgres", "superuser"), autocommit=True) as admin:
        roles.ensure_database(admin, name, OWNER)
    with psycopg.connect(server.url(name, "superuser"), autocommit=True) as inside:
        roles.grant(inside, OWNER, APP, AUTH)
    yield name
    server.drop(name)


def test_dumped_and_restored(own_database, reader, empty, tmp_path, monkeypatch):
    server = settings.SERVER
    account = accounts.open_account(by=SYSTEM, username="zhang", display_name="张三")
    signing.enter(by=SYSTEM, account=account, method="password", source="203.0.113.7", device="")
    monkeypatch.setenv("YUANQING_BACKUP", str(tmp_path / "backups"))
    monkeypatch.setenv("YUANQING_OWNER_URL", server.url(own_database, "owner"))
    with pytest.raises(OperatorError, match="BYPASSRLS"):
        take.take(tmp_path / "home", with_keys=False)
    assert list((tmp_path / "backups").glob("2*")) == []

    monkeypatch.setenv("YUANQING_BACKUP_URL", reader)
    found = take.take(tmp_path / "home", with_keys=False)
    assert found.manifest.kind == "external"
    before = digests(server.url(own_database, "superuser"))
    assert before["org_signin"][0] == 1

    with pytest.raises(OperatorError, match="not empty"):
        restore.restore(tmp_path / "home", found)
    monkeypatch.setenv("YUANQING_DATABASE_URL", server.url(empty))
    monkeypatch.setenv("YUANQING_OWNER_URL", server.url(empty, "owner"))
    restore.restore(tmp_path / "home", found)
    assert digests(server.url(empty, "superuser")) == before
    with psycopg.connect(server.url(empty)) as nobody:  # the application's own role: walls and rights came along
        assert nobody.execute("SELECT count(*) FROM org_signin").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            nobody.execute("UPDATE kernel_entry SET act = 'x'")
