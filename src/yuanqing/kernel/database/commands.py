"""Commands of the database: start, stop, look, open a prompt, prepare somebody else's server, migrate."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from yuanqing.kernel.commands import Needs, OperatorError, argument, command
from yuanqing.kernel.database import cluster
from yuanqing.kernel.database.connection import database_url, external_url, home
from yuanqing.kernel.database.layout import Layout, binary_folder

LOCK = "SELECT pg_advisory_lock(hashtext('yuanqing migrate'))"


@command("database start", help="启动内置数据库 · start the embedded database", needs=Needs.NOTHING)
def start() -> str:
    if external_url():
        cluster.ensure_started(home())
        return "YUANQING_DATABASE_URL is set; that server answers and is new enough."
    started = cluster.ensure_started(home())
    return f"PostgreSQL {'started' if started else 'was running already'} (process {cluster.running_pid(home())})."


@command("database stop", help="停止内置数据库 · stop the embedded database", needs=Needs.NOTHING)
def stop() -> str:
    return "PostgreSQL stopped." if cluster.stop(home()) else "No embedded PostgreSQL was running."


@command("database status", help="数据库状态 · say whether the database answers, and where", needs=Needs.NOTHING)
def status() -> str:
    import psycopg

    pid = None if external_url() else cluster.running_pid(home())
    if not external_url() and pid is None:
        return f"Embedded PostgreSQL, not running. Data: {Layout(home()).data}"
    try:
        with psycopg.connect(database_url(home()), connect_timeout=5) as connection:
            size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
            version = connection.info.parameter_status("server_version")
    except psycopg.OperationalError as error:
        raise OperatorError(f"The database does not answer: {str(error).strip()}") from error
    kind = f"Embedded PostgreSQL {version}, process {pid}" if pid else f"PostgreSQL {version} by YUANQING_DATABASE_URL"
    return f"{kind}, database {size[0] if size else '?'}. Address: {_without_password(database_url(home()))}"


@command(
    "database psql",
    help="打开 SQL 提示符 · open an SQL prompt (--role app, owner or superuser)",
    arguments=[
        argument("--role", choices=("app", "owner", "superuser"), default="app"),
        argument("rest", nargs="*", metavar="psql argument", help="after --"),
    ],
    needs=Needs.NOTHING,
)
def psql(role: str, rest: list[str]) -> None:
    cluster.ensure_started(home())
    program = str(binary_folder() / "psql")
    os.execv(program, [program, database_url(home(), role), *rest])  # noqa: S606 - replaces this process by our own psql


@command(
    "database prepare",
    help="为外部数据库建立应用角色 · create the application's role on an external server",
    needs=Needs.NOTHING,
)
def prepare() -> str:
    from yuanqing.kernel.database.roles import check_version, prepare_external

    owner = os.environ.get("YUANQING_OWNER_URL")
    application = external_url()
    if not owner or not application:
        raise OperatorError(
            "Set YUANQING_OWNER_URL (owner of the database) and YUANQING_DATABASE_URL (the application's role) first."
        )
    parts = urlsplit(application)
    check_version(owner)
    prepare_external(owner, unquote(parts.username or ""), unquote(parts.password or ""))
    return f"The role {parts.username} may now work in the database; run “yuanqing migrate” next."


@command(
    "migrate",
    help="升级数据库结构 · bring the tables up to date (--plan only shows what would happen)",
    arguments=[argument("--plan", action="store_true")],
    role="owner",
)
def migrate(plan: bool) -> str:
    """As the owning role, one process at a time: the others wait and then find nothing left to do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from yuanqing.kernel.ledger.append import list_shapes

    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return "\n".join(str(step) for step, _ in pending) or "Nothing to migrate."
    if not pending:
        executor.check_replacements()  # what was made step by step counts as made together
        return "The tables are up to date."
    call_command("migrate", interactive=False, verbosity=0)
    list_shapes()
    return f"Applied {len(pending)} migrations."


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":…@") if password else url
