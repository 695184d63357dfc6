"""Whoever owns the database and edits the ledger or a record is found: 200 random edits, each on its own copy of the rows."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from bench.figures_log import record
from django.conf import settings
from django.db import connection

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.ledger import checkpoint, verify
from yuanqing.org.unit import actions as units

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
EDITS = 200


@pytest.fixture
def superuser(own_database: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection with every trigger off."""
    with psycopg.connect(settings.SERVER.url(own_database, "superuser"), autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        yield conn


def history() -> int:
    """A few dozen acts with two checkpoints in between; returns the number of entries."""
    shutil.rmtree(checkpoint.folder())
    root = units.found(by=SYSTEM, code="G", name="示范集团", began_on=date(2024, 1, 1))
    for n in range(12):
        unit = units.found(by=SYSTEM, code=f"G{n}", name=f"单位{n}", parent=root, began_on=date(2024, 1, 1))
        units.rename(unit, by=SYSTEM, name=f"新名{n}", on=date(2025, 1, 1), reason="改")
        if n in (3, 8):
            checkpoint.take()
    return verify.verify().entries


def tamper(conn: psycopg.Connection, chance: random.Random, size: int) -> str:
    """One random edit; returns what was done. Leaves are recomputed where a careful forger would."""
    seq = chance.randint(1, size)
    leaf = "leaf = kernel_leaf(seq, at, act, model, record_id, record_version, by_id, shape_id, digest, note)"
    kinds = {
        "edit the note": ("UPDATE kernel_entry SET note = note || '改' WHERE seq = %s", [seq]),
        "edit the act": ("UPDATE kernel_entry SET act = 'org.unit.end' WHERE seq = %s", [seq]),
        "edit the time": ("UPDATE kernel_entry SET at = at - interval '1 day' WHERE seq = %s", [seq]),
        "edit the leaf": ("UPDATE kernel_entry SET leaf = sha256(leaf) WHERE seq = %s", [seq]),
        "edit and recompute": (
            f"WITH e AS (UPDATE kernel_entry SET act = 'org.unit.end' WHERE seq = {seq}) SELECT 1; "
            f"UPDATE kernel_entry SET {leaf} WHERE seq = {seq}",
            None,
        ),
        "delete one": ("DELETE FROM kernel_entry WHERE seq = %s", [seq]),
        "cut the tail": ("DELETE FROM kernel_entry WHERE seq >= %s", [seq]),
        "cut tail and seals": (
            f"DELETE FROM kernel_entry WHERE seq >= {seq}; DELETE FROM kernel_seal WHERE last_seq >= {seq}; "
            f"DELETE FROM kernel_checkpoint WHERE size >= {seq}",
            None,
        ),
        "insert at the end": (
            "INSERT INTO kernel_entry (seq, at, act, model, record_id, record_version, by_id, shape_id, digest, note, leaf) "
            "SELECT %s, at, act, model, record_id, record_version, by_id, shape_id, digest, "
            "note, leaf FROM kernel_entry WHERE seq = %s",
            [size + 1, seq],
        ),
        "swap two": (
            f"UPDATE kernel_entry SET seq = -1 WHERE seq = {seq}; "
            f"UPDATE kernel_entry SET seq = {seq} WHERE seq = {seq % size + 1}; "
            f"UPDATE kernel_entry SET seq = {seq % size + 1} WHERE seq = -1",
            None,
        ),
        "edit a seal": (
            "UPDATE kernel_seal SET chain = sha256(chain) WHERE first_seq <= %s AND last_seq >= %s",
            [seq, seq],
        ),
        "edit a checkpoint": ("UPDATE kernel_checkpoint SET root = sha256(root)", []),
        "edit a record": (
            "UPDATE org_placement SET name = name || '改' WHERE ctid IN (SELECT ctid FROM org_placement ORDER BY random() LIMIT 1)",
            [],
        ),
        "delete a record": (
            "DELETE FROM org_placement WHERE ctid IN (SELECT ctid FROM org_placement ORDER BY random() LIMIT 1)",
            [],
        ),
        "add a record": (
            "INSERT INTO org_unit SELECT (forged.r).* FROM (SELECT jsonb_populate_record(u, jsonb_build_object("
            "'id', gen_random_uuid(), 'code', 'X', 'path', 'X/')) AS r FROM org_unit u LIMIT 1) forged",
            [],
        ),
        "truncate": ("TRUNCATE kernel_entry", []),
        "truncate everything": ("TRUNCATE kernel_entry, kernel_seal, kernel_checkpoint", []),
    }
    name = chance.choice(sorted(kinds))
    statement, values = kinds[name]
    conn.execute(statement, values)
    return f"{name} at {seq}"


TABLES = ("kernel_entry", "kernel_seal", "kernel_checkpoint", "org_unit", "org_placement")


def test_every_tampering_is_found(superuser):
    size = history()
    for table in TABLES:
        superuser.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
    chance, missed = random.Random(20261105), []
    for _ in range(EDITS):
        what = tamper(superuser, chance, size)
        if verify.verify().is_sound:
            missed.append(what)
        for table in TABLES:
            superuser.execute(f"DELETE FROM {table}")
            superuser.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
        connection.close()
    assert verify.verify().is_sound, "the honest ledger must be sound again"
    record("tampering found", EDITS - len(missed), "of 200", EDITS, not missed)
    assert missed == []
