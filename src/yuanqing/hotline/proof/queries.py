"""The proof of one report, put together from row, ledger and checkpoint, and checked before it is shown."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from yuanqing.hotline.proof.rules import problems
from yuanqing.hotline.report.models import Report
from yuanqing.kernel.ledger import append, verify
from yuanqing.kernel.ledger.checkpoint import verifier_key
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.records import Record
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.models import SealedValue


def evidence(report: Report) -> dict[str, Any]:
    """`file` (None before a checkpoint covers the report), `problems` and the commitment's own check."""
    value = report.content
    entry = Entry.objects.filter(record_id=value.pk).order_by("-seq").first()
    if entry is None:
        return {"file": None, "problems": [], "is_intact": False}
    found = verify.proof(entry.seq)
    is_intact = store.is_intact(value)
    if not found:
        return {"file": None, "problems": [], "is_intact": is_intact}
    file: dict[str, Any] = {
        "about": "yuanqing hotline report, proof of inclusion, version 1",
        "row": _row(value, entry),
        "salt": bytes(value.salt).hex(),
        "ciphertext_sha256": sha256(store.body_of(value)).hexdigest(),
        "entry": _entry_text(entry),
        "index": found["index"],
        "path": found["path"],
        "checkpoint": found["checkpoint"],
        "verifier_key": verifier_key(settings.ORIGIN),
    }
    return {"file": file, "problems": problems(file, verifier_key=file["verifier_key"]), "is_intact": is_intact}


def is_as_recorded(record: Record) -> bool:
    """Whether the row is what the ledger's last entry about it says: nobody changed it behind the program's back."""
    entry = Entry.objects.select_related("shape").filter(record_id=record.pk).order_by("-seq").first()
    if entry is None:
        return False
    statement = sql.SQL("SELECT {} FROM {} t WHERE t.id = %s").format(
        append.digest_sql(type(record), entry.shape.columns), sql.Identifier(record._meta.db_table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection), [record.pk])
        row = cursor.fetchone()
    return row is not None and bytes(row[0]) == bytes(entry.digest)


def _entry_text(entry: Entry) -> str:
    return verify.leaf_text(
        entry.seq,
        entry.at,
        entry.act,
        entry.model,
        entry.record_id,
        entry.record_version,
        entry.by_id,
        entry.shape_id,
        bytes(entry.digest),
        entry.note,
    )


def _row(value: SealedValue, entry: Entry) -> str:
    """The row as the text whose digest the ledger keeps."""
    statement = sql.SQL("SELECT to_jsonb(r)::text FROM (SELECT {} FROM {} t WHERE t.id = %s) r").format(
        sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(c)) for c in entry.shape.columns),
        sql.Identifier(SealedValue._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection), [value.pk])
        return str(cursor.fetchone()[0])
