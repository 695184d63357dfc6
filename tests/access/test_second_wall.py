"""The database itself: every sensitive table refuses whoever has no token, a forged one or another's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from tests.access.world import World

from yuanqing.cases.rereading.models import Rereading
from yuanqing.kernel.database.scope import NOBODY, SYSTEM, Scope, acting_for, token_of
from yuanqing.kernel.secrecy import sensitive_models
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import scope_of

# Without a wall, and why. Whoever adds a line here says it in docs/adr/0012 too.
OPEN = {
    "org_account": "read to find out who is there; its sensitive field is a password's hash",
    "org_token": "as the account: read to find out who asks; it holds digests of tokens",
    "org_link": "read to find out who comes with it; it holds digests of one-time links",
    "org_recusal": "read to find out what must be hidden",
    "kernel_slot": "keys, sealed to their owners; read to be opened",
    "hotline_report": "written and read without an account, so there is nobody to ask about; all it says is sealed",
    "hotline_letter": "as the report",
    "shell_file": "belongs to no unit; who may have it is decided by the registry of purposes",
    "education_notice": "belongs to no unit; who may have it is decided by its audience",
}
TABLES = sorted(
    {m._meta.db_table for m in sensitive_models() if m._meta.db_table not in OPEN} | {"education_draft"}  # no record
)
EXACT = ("Violation", "Writing", "Induction", "Petition")  # the wall hides no row that the pages would show


@pytest.fixture
def outside(built: tuple[str, World]) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the application's own role that is nobody's."""
    with psycopg.connect(settings.SERVER.url(built[0])) as found:
        yield found


def test_every_sensitive_table_has_a_wall(db: None) -> None:
    """If this fails: add `Wall("<table>", by_unit("<capability>"))` in a migration (see migrations/discipline/0002_guards.py) and
    `wall = ("<capability>",)` to the model's Secrecy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind IN ('r', 'p')"
        )
        walled = {name for (name,) in cursor.fetchall()}
    assert [table for table in TABLES if table not in walled] == []


def test_no_view_and_no_function_leads_around_the_wall(db: None) -> None:
    # the last asks what its table's wall asks, see tests/cases/likeness/test_likeness.py
    known = {"kernel_context_now", "discipline_own_matters", "cases_texts_by_mark"}
    with connection.cursor() as cursor:
        cursor.execute("""SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'
                          AND (relkind = 'm' OR relkind = 'v' AND NOT coalesce(reloptions::text ~ 'security_invoker=(true|on)', false))""")
        assert cursor.fetchall() == []
        cursor.execute("""SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
                          WHERE nspname = 'public' AND prosecdef AND proname NOT LIKE 'procrastinate%'""")
        assert {name for (name,) in cursor.fetchall()} <= known


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", ["no", "empty", "forged", "expired"])
def test_without_a_token_of_ones_own_there_is_nothing(
    world: World, outside: psycopg.Connection[Any], table: str, kind: str
) -> None:
    with acting_for(SYSTEM), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0, f"the world has no row of {table}: add one to tests/access/world.py"
    token = {"no": None, "empty": "", "forged": secrets.token_urlsafe(32), "expired": _expired(world)}[kind]
    if token is not None:
        outside.execute("SELECT set_config('yuanqing.token', %s, true)", [token])
    assert _count(outside, table) == 0
    changed = outside.execute(f"WITH x AS (UPDATE {table} SET id = id RETURNING 1) SELECT count(*) FROM x").fetchone()
    assert changed == (0,)


def _count(outside: psycopg.Connection[Any], table: str) -> int:
    found = outside.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _expired(world: World) -> str:
    token = token_of(connection, Scope(account_id=world.accounts["staff"], everything=True))
    with psycopg.connect(
        settings.SERVER.url(connection.settings_dict["NAME"], "superuser"), autocommit=True
    ) as superuser:
        superuser.execute(
            "UPDATE kernel_context SET expires_at = now() - interval '1 second' WHERE everything AND account_id IS NOT NULL"
        )
    return token


def test_the_application_cannot_make_or_read_contexts(outside: psycopg.Connection[Any]) -> None:
    for statement in (
        "SELECT * FROM kernel_context",
        "INSERT INTO kernel_context VALUES ('\\x00', true, NULL, '{}', '{}', '{}', '{}', now() + interval '1 day')",
        "UPDATE kernel_context SET everything = true",
        "DELETE FROM kernel_context",
        "SET ROLE yuanqing_auth",
        "SET ROLE yuanqing_owner",
        "ALTER TABLE discipline_violation DISABLE ROW LEVEL SECURITY",
        "DROP POLICY within_reach ON discipline_violation",
        "CREATE OR REPLACE FUNCTION kernel_everything() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "COPY kernel_context TO STDOUT",
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege), outside.transaction():
            outside.execute(statement)


def test_each_account_finds_what_its_pages_would_show(world: World) -> None:
    """Without any `visible_to`, the database gives no row more than the account may see; of its own matters none."""
    leaks, empty = [], True
    for role, pk in world.accounts.items():
        account = Account.objects.get(pk=pk)
        for model in sensitive_models():
            if model._meta.db_table in OPEN:
                continue
            with acting_for(SYSTEM):
                allowed = set(model.objects.visible_to(account).values_list("pk", flat=True))  # type: ignore[attr-defined]
                allowed |= _to_read_again(account, model)
            with acting_for(scope_of(account)):
                found = set(model._base_manager.values_list("pk", flat=True))
            empty = empty and not found
            if not found <= allowed:
                leaks.append(f"{role}: {len(found - allowed)} rows of {model.__name__}")
            if model.__name__ in EXACT and found != allowed:
                leaks.append(f"{role}: the wall hides {len(allowed - found)} rows of {model.__name__} that it may see")
    assert leaks == []
    assert not empty


def _to_read_again(account: Account, model: Any) -> set[Any]:
    """Of a lead drawn for him a blind reader is shown some papers, without seeing the lead itself."""
    drawn = Rereading.objects.visible_to(account).values("easing__lead")
    field = {"Lead": "pk", "Paper": "lead", "Easing": "lead"}.get(model.__name__, "")
    return set(model._base_manager.filter(**{f"{field}__in": drawn}).values_list("pk", flat=True)) if field else set()


def test_a_token_ends_with_its_transaction(own_database: str) -> None:
    """Persistent connections: what was said for one request is gone before the next."""
    from django.db import transaction

    with acting_for(NOBODY), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('yuanqing.token', true)")
        assert cursor.fetchone()[0] == ""
    account = Scope(reach=(("discipline.violation.view", (("x/", None), ("y/", 2))),))
    with acting_for(account), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT path, levels, kernel_everything() FROM kernel_reach('discipline.violation.view')")
        assert cursor.fetchall() == [("x/", None, False), ("y/", 2, False)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), kernel_everything() FROM kernel_reach('discipline.violation.view')")
        assert cursor.fetchone() == (0, True)  # a test's process is the system, for the connection's whole life


def test_a_web_process_begins_as_nobody(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from yuanqing.kernel.database import scope

    monkeypatch.setattr(scope, "_process", NOBODY)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_everything(), current_setting('yuanqing.token', true)")
        assert cursor.fetchone()[0] is False
    connection.close()
