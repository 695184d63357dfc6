"""Appending to the ledger: a handful of statements however many records an act touched."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from yuanqing.kernel import keys
from yuanqing.kernel.database.prepared import prepared_cursor
from yuanqing.kernel.ledger.models import Shape
from yuanqing.kernel.records import Record

LOCK = 0x5955414E  # "YUAN": one writer at a time, so that sequence numbers have no gaps

_known_shapes: dict[tuple[str, tuple[str, ...]], int] = {}
_new_shapes: set[int] = set()


@dataclass(frozen=True)
class Stamp:
    """What all entries of one act share."""

    act: str
    at: datetime
    by_id: UUID | None
    note: str = ""


@dataclass(frozen=True)
class Batch:
    """Entries first_seq..last_seq, and the digest over their leaves."""

    first_seq: int
    last_seq: int
    digest: bytes

    @property
    def size(self) -> int:
        return self.last_seq - self.first_seq + 1


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a digest covers: all concrete ones that are stored, in model order."""
    return tuple(str(f.column) for f in model._meta.local_concrete_fields if not getattr(f, "generated", False))


def shape_id(model: type[models.Model]) -> int:
    """The id of the model's present list of columns; migrating enters it, so that an act only reads."""
    key = (model._meta.label_lower, columns_of(model))
    if key in _known_shapes:
        return _known_shapes[key]
    shape, is_new = Shape.objects.get_or_create(model=key[0], columns=list(key[1]))
    if is_new:  # its transaction may still fail
        _new_shapes.add(shape.pk)
        transaction.on_commit(lambda: _known_shapes.update({key: shape.pk}))
    elif shape.pk not in _new_shapes:
        _known_shapes[key] = shape.pk
    return shape.pk


def list_shapes() -> None:
    """Enter the present columns of every kept record, so that no act has to do it."""
    for model in apps.get_models():
        if issubclass(model, Record):
            shape_id(model)


def digest_sql(model: type[models.Model], columns: Sequence[str], alias: str = "t") -> sql.Composed:
    """SQL for the digest of one row: SHA-256 of the canonical JSON of these columns, the same in every time zone."""
    instants = {f.column for f in model._meta.local_concrete_fields if isinstance(f, models.DateTimeField)}
    in_utc, as_is = sql.SQL("({0}.{1} AT TIME ZONE 'UTC') AS {1}"), sql.SQL("{0}.{1}")
    picked = sql.SQL(", ").join(
        (in_utc if c in instants else as_is).format(sql.Identifier(alias), sql.Identifier(c)) for c in columns
    )
    return sql.SQL("sha256(convert_to((SELECT to_jsonb(r) FROM (SELECT {}) r)::text, 'UTF8'))").format(picked)


@lru_cache(maxsize=256)
def _append_sql(shapes: tuple[tuple[str, int], ...]) -> str:
    """`changed0`, `changed1` … (whole rows of each model's table) → entries, one model after the other."""
    parts = []
    for n, (label, shape) in enumerate(shapes):
        model = apps.get_model(label)
        part = sql.SQL(
            "SELECT {n} AS place, {label}::text AS label, {shape}::bigint AS shape, t.id, t.version, {digest} AS digest FROM {source} t"
        )
        parts.append(
            part.format(
                n=sql.Literal(n),
                label=sql.Literal(label),
                shape=sql.Literal(shape),
                digest=digest_sql(model, columns_of(model)),
                source=sql.Identifier(f"changed{n}"),
            )
        )
    return (
        sql.SQL(
            """
        INSERT INTO kernel_entry (seq, at, act, model, record_id, record_version, by_id, shape_id, digest, note, leaf)
        SELECT n.seq, n.at, n.act, n.label, n.id, n.version, n.by, n.shape, n.digest, n.note,
               kernel_leaf(n.seq, n.at, n.act, n.label, n.id, n.version, n.by, n.shape, n.digest, n.note)
        FROM (SELECT %(at)s::timestamptz AS at, %(act)s::text AS act, %(by)s::uuid AS by, %(note)s::text AS note,
                     (SELECT coalesce(max(seq), 0) FROM kernel_entry) + row_number() OVER (ORDER BY t.place, t.id) AS seq, t.*
              FROM ({parts}) t) n
        RETURNING seq, model, leaf
        """
        )
        .format(parts=sql.SQL(" UNION ALL ").join(parts))
        .as_string(None)
    )


def lock() -> None:
    """Take the writer's place until the transaction ends; must precede the statement that reads the last number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def append_changed(model: type[models.Model], changed: str, params: dict[str, Any], stamp: Stamp) -> Batch | None:
    """Run `changed` (a statement that returns whole rows) and append an entry for each row; None when there is none."""
    return next(iter(_appended(connection.cursor, [(model, changed)], params, stamp)), None)


def append(groups: Sequence[tuple[type[models.Model], Sequence[UUID]]], stamp: Stamp) -> list[Batch]:
    """Append an entry for each of these saved records, model by model under one seal; a batch for each model."""
    sources, params = [], dict[str, Any]()
    for n, (model, ids) in enumerate(groups):
        sources.append((model, f'SELECT * FROM "{model._meta.db_table}" WHERE id = ANY(%(ids{n})s::uuid[])'))  # noqa: S608
        params[f"ids{n}"] = list(ids)
    return _appended(prepared_cursor, sources, params, stamp) if sources else []


def _appended(
    cursors: Callable[[], CursorWrapper],
    sources: Sequence[tuple[type[models.Model], str]],
    params: dict[str, Any],
    stamp: Stamp,
) -> list[Batch]:
    shapes = tuple((model._meta.label_lower, shape_id(model)) for model, _source in sources)
    lock()
    changed = ", ".join(f"changed{n} AS ({source})" for n, (_model, source) in enumerate(sources))
    statement = f"""
        WITH {changed}, appended AS ({_append_sql(shapes)})
        SELECT model, min(seq), max(seq), sha256(string_agg(leaf, ''::bytea ORDER BY seq)),
               CASE WHEN GROUPING(model) = 1 THEN (SELECT chain FROM kernel_seal ORDER BY last_seq DESC LIMIT 1) END
        FROM appended GROUP BY GROUPING SETS ((model), ()) ORDER BY min(seq), GROUPING(model)
        """  # noqa: S608 names of our own tables
    values = {**params, "at": stamp.at, "act": stamp.act, "by": stamp.by_id, "note": stamp.note}
    with cursors() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    for label, first, last, digest, previous in rows:
        if label is None and first is not None:
            seal(Batch(first, last, bytes(digest)), bytes(previous or b""))
    return [Batch(first, last, bytes(digest)) for label, first, last, digest, _previous in rows if label is not None]


def chain_step(previous: bytes, batch: Batch) -> bytes:
    """The next link: it fixes the order, the extent and the content of every batch."""
    return sha256(previous + b"%d-%d" % (batch.first_seq, batch.last_seq) + batch.digest).digest()


def mac(chain: bytes, last_seq: int) -> bytes:
    """The keyed witness of a link; only who holds the key file can make it."""
    return hmac.new(keys.mac_key(settings.HOME / "keys"), b"%d:" % last_seq + chain, sha256).digest()


def seal(batch: Batch, previous: bytes) -> None:
    """Seal what one act wrote; `previous` is the link before it."""
    chain = chain_step(previous, batch)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_seal (last_seq, first_seq, chain, mac) VALUES (%s, %s, %s, %s)",
            [batch.last_seq, batch.first_seq, chain, mac(chain, batch.last_seq)],
        )
