"""Roles and rights: who owns the tables, and who only works with them."""

from __future__ import annotations

import os

import psycopg
from psycopg import sql

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database.connection import APP, AUTH, OWNER, TIME_ZONE, auth_role

OLDEST_VERSION = 16
EXTENSIONS = ("btree_gist",)
LIMITS = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION")


def check_version(url: str) -> int:
    """The major version of the server; refuses one that is too old."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        raise OperatorError(f"The database in YUANQING_DATABASE_URL cannot be reached: {str(error).strip()}") from error
    if version < OLDEST_VERSION:
        raise OperatorError(f"PostgreSQL {version} is too old; {OLDEST_VERSION} or newer is needed.")
    return version


def is_in_recovery(url: str) -> bool:
    """Whether the server still reads its journal after a restore; until then it takes no writes."""
    with psycopg.connect(url, autocommit=True) as connection:
        return bool(connection.execute("SELECT pg_is_in_recovery()").fetchone()[0])  # type: ignore[index]


def ensure_role(connection: psycopg.Connection, name: str, password: str = "") -> None:
    """A role that may log in and nothing more. An existing one gets the same limits, if we may set them."""
    role, secret = (
        sql.Identifier(name),
        sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL(""),
    )
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} ").format(role) + LIMITS + secret)
    elif connection.info.parameter_status("is_superuser") == "on":
        connection.execute(sql.SQL("ALTER ROLE {} ").format(role) + LIMITS + secret)
    elif password:
        connection.execute(sql.SQL("ALTER ROLE {}").format(role) + secret)


def ensure_database(connection: psycopg.Connection, name: str, owner: str) -> None:
    """An empty database in UTF-8 whose order and case rules do not depend on the machine."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    builtin = connection.info.server_version >= 170000
    locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'" if builtin else "LOCALE 'C'"
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' " + locale)
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))


def close_database(connection: psycopg.Connection, database: str, app: str, auth: str) -> None:
    """Let the application's two roles into the database and nobody else; a copy of a database does not inherit this."""
    names = {
        "database": sql.Identifier(database),
        "app": sql.Identifier(app),
        "auth": sql.Identifier(auth),
        "zone": sql.Literal(TIME_ZONE),
    }
    for statement in (
        "ALTER DATABASE {database} SET timezone = {zone}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        "GRANT CONNECT ON DATABASE {database} TO {auth}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def grant(connection: psycopg.Connection, owner: str, app: str, auth: str) -> None:
    """In the connected database: the owner owns the schema, the application works with what the owner will create.

    Rights come by default privileges only, so that a migration that takes one away (the ledger's UPDATE) is never
    undone here.
    """
    for extension in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    close_database(connection, connection.info.dbname, app, auth)
    names = {"owner": sql.Identifier(owner), "app": sql.Identifier(app), "auth": sql.Identifier(auth)}
    rights = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public").format(sql.Identifier(owner))
    for statement in (
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}, {auth}",
        "{rights} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "{rights} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app}",
        "{rights} GRANT EXECUTE ON FUNCTIONS TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(**names, rights=rights))


def prepare(
    admin_url: str, database: str, *, owner: str = OWNER, app: str = APP, auth: str = AUTH, app_password: str = ""
) -> None:
    """Roles, database and rights, as superuser; may be repeated, and may be interrupted anywhere."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('yuanqing roles'))")
        ensure_role(connection, owner)
        ensure_role(connection, app, app_password)
        ensure_role(connection, auth, app_password)
        ensure_database(connection, database, owner)
        with psycopg.connect(admin_url, dbname=database, autocommit=True) as inside:
            grant(inside, owner, app, auth)


def prepare_external(owner_url: str, app: str, app_password: str) -> None:
    """On somebody else's server: the application's role and its rights in an existing database, as its owner."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if connection.info.user == app:
            raise OperatorError(
                "YUANQING_OWNER_URL and YUANQING_DATABASE_URL name the same role; the application needs its own."
            )
        ensure_role(connection, app, app_password)
        auth = auth_role(app)
        ensure_role(connection, auth, os.environ.get("YUANQING_CONTEXT_PASSWORD") or app_password)
        grant(connection, connection.info.user, app, auth)
