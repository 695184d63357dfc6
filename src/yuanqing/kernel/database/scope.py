"""范围: for whom a transaction is, told to PostgreSQL in a way that injected SQL cannot forge.

A transaction carries a random token (`SET LOCAL yuanqing.token`). Policies ask functions that look up the token's SHA-256
in `kernel_context`, a table which the application's own role can neither read nor write: rows are put there over a second
connection, as the role `…_auth`. Without a token, with a forged or an expired one, sensitive tables are empty.

`NOBODY` is where a web process starts; a request becomes its account (`acting_for`); what an act does once it is allowed,
and figures, which count for everybody the same, are the `SYSTEM`; so are commands and the worker.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus

from yuanqing.kernel.database.connection import auth_role

VARIABLE = "yuanqing.token"
FRESH = 60 * 60  # seconds for which a token is used again
LIFETIME = "26 hours"  # of a row; longer than any transaction begun with a fresh token
MOST = 5000
KEPT = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile")
INSERT = """INSERT INTO kernel_context (token_hash, everything, account_id, persons, reach, denied_paths, denied_ids, expires_at)
            VALUES (%s, %s, %s, %s::uuid[], %s, %s::text[], %s::uuid[], now() + %s::interval)"""
Reached = tuple[str, int | None]  # a unit's path, and how many slashes a path within may have (None: any number)


@dataclass(frozen=True)
class Scope:
    """What a transaction may see: capability → how far it reaches, less what is denied; `everything` for the system alone.

    `persons` are those whose matters are kept from it: the account's own person, and whom it is recused from.
    """

    everything: bool = False
    account_id: UUID | None = None
    persons: tuple[UUID, ...] = ()
    reach: tuple[tuple[str, tuple[Reached, ...]], ...] = ()
    denied_paths: tuple[str, ...] = ()
    denied_ids: tuple[UUID, ...] = ()


NOBODY, SYSTEM = Scope(), Scope(everything=True)

_process = NOBODY
_current: ContextVar[Scope | None] = ContextVar("scope", default=None)
_tokens: dict[tuple[str, Scope], tuple[str, float]] = {}


def become_system() -> None:
    """This process serves nobody in particular: a command, the worker."""
    global _process
    _process = SYSTEM


def of_process() -> Scope:
    return _process


def current() -> Scope:
    return _current.get() or _process


@contextmanager
def acting_for(scope: Scope) -> Iterator[None]:
    """What is read and written inside is read and written within this scope; afterwards as before."""
    before = current()
    token = _current.set(scope)
    _switch(scope, before)
    try:
        yield
    finally:
        _current.reset(token)
        _switch(before, scope)


def as_system() -> Any:
    """For what must see everything whoever asks: acts that are allowed, figures, the ledger's own checks."""
    return acting_for(SYSTEM)


def _switch(to: Scope, from_: Scope) -> None:
    """In a transaction under way; after an error there is nothing to do, since what follows is a rollback."""
    if to is from_ or to == from_ or connection.connection is None or not connection.in_atomic_block:
        return
    if connection.connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.IDLE):
        announce(connection, to, local=True)


def announce(wrapper: Any, scope: Scope, *, local: bool) -> None:
    """Put the scope's token on the connection; straight through the driver, since it is no query of anybody's."""
    if os.environ.get("YUANQING_ROLE") == "owner":
        return  # it migrates, and policies let it
    token = token_of(wrapper, scope) if scope != NOBODY else ""
    with wrapper.connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, %s)", [VARIABLE, token, local])


def token_of(wrapper: Any, scope: Scope) -> str:
    """A token that stands for this scope in this database; "" when there is no table for it yet (before a migration)."""
    key = (str(wrapper.settings_dict["NAME"]), scope)
    known = _tokens.get(key)
    if known is not None and time.monotonic() - known[1] < FRESH:
        return known[0]
    token = secrets.token_urlsafe(32)
    try:
        _register(wrapper, token, scope)
    except psycopg.errors.UndefinedTable:
        return ""
    if len(_tokens) >= MOST:
        _tokens.clear()
    _tokens[key] = (token, time.monotonic())
    return token


def _register(wrapper: Any, token: str, scope: Scope) -> None:
    params = {name: value for name, value in wrapper.get_connection_params().items() if name in KEPT and value}
    params["user"] = auth_role(params.get("user", ""))
    password = os.environ.get("YUANQING_CONTEXT_PASSWORD")
    params |= {"password": password} if password else {}
    values = [
        hashlib.sha256(token.encode()).digest(), scope.everything, scope.account_id, list(scope.persons),
        json.dumps(dict(scope.reach)), list(scope.denied_paths), list(scope.denied_ids), LIFETIME,
    ]  # fmt: skip
    with psycopg.connect(**params, connect_timeout=10, autocommit=True) as auth:
        auth.execute("DELETE FROM kernel_context WHERE expires_at < now()")
        auth.execute(INSERT, values)
