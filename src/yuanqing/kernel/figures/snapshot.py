"""The frozen snapshot: tables as Parquet files whose bytes depend on the rows and on nothing else.

Outside a transaction the tables are read by ADBC within one REPEATABLE READ snapshot. Inside one they are read by
COPY on Django's own connection, because nobody else can see what the transaction has written. Both give the same
bytes, and a test holds them to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import RangeField
from django.db import connection, models
from django.db.models import QuerySet
from psycopg.conninfo import make_conninfo

from yuanqing.kernel.database import scope
from yuanqing.kernel.figures.reading import ids_sql
from yuanqing.kernel.figures.registry import FigureError
from yuanqing.kernel.figures.tables import model_of, readable_fields, type_of

if TYPE_CHECKING:
    import pyarrow as pa

SUMS = "SHA256SUMS"
ROW_GROUP = 100_000
LIBPQ = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile")
INSTANT = "(extract(epoch FROM {0}) * 1000000)::bigint"


@dataclass(frozen=True)
class Snapshot:
    """快照: a folder of Parquet files, each with its SHA-256, and one hash over all of them."""

    folder: Path
    files: dict[str, str]
    rows: dict[str, int]
    content_hash: str


@dataclass(frozen=True)
class Column:
    """One column as it is read: its name, the SQL that yields it and its Arrow type."""

    name: str
    source: str
    kind: str


def columns_of(table: str) -> list[Column]:
    return [column for field in readable_fields(model_of(table)) for column in _columns(field)]


def _columns(field: models.Field[Any, Any]) -> Iterator[Column]:
    name, kind = str(field.column), type_of(field)
    if isinstance(field, RangeField):
        for suffix, bound in (("from", "lower"), ("until", "upper")):
            yield Column(f"{name}_{suffix}", f'{bound}("{name}")::text', "string")
    elif kind.startswith("timestamp"):
        yield Column(name, INSTANT.format(f'"{name}"'), "instant")
    elif kind in ("int64", "boolean", "date"):
        yield Column(name, f'"{name}"' + ("::bigint" if kind == "int64" else ""), kind)
    else:
        yield Column(name, f'"{name}"::text', "string")


def _arrow_type(kind: str) -> pa.DataType:
    import pyarrow as pa

    return {"int64": pa.int64(), "instant": pa.int64(), "boolean": pa.bool_(), "date": pa.date32()}.get(
        kind, pa.string()
    )


def select(table: str, rows: QuerySet[Any] | None) -> str:
    """The statement that reads the table in the order of its primary key, with every value written into it."""
    columns = ", ".join(f'{c.source} AS "{c.name}"' for c in columns_of(table))
    key = model_of(table)._meta.pk.column
    text = f'SELECT {columns} FROM "{table}"'  # noqa: S608 (names of our own models)
    if rows is not None:
        if rows.model._meta.db_table != table:
            raise FigureError(f"the rows chosen for {table} are of {rows.model._meta.db_table}")
        inner, params = ids_sql(rows)
        chosen = connection.ops.compose_sql(inner, params)  # type: ignore[attr-defined]
        text += f' WHERE "{key}" IN ({chosen})'
    return f'{text} ORDER BY "{key}"'


@contextmanager
def _reader() -> Iterator[Any]:
    """A function from (statement, columns) to an Arrow table, all statements seeing the same moment."""
    if connection.in_atomic_block:
        with scope.as_system():
            yield _read_by_copy
        return
    from adbc_driver_postgresql import dbapi

    known = {k: v for k, v in connection.get_connection_params().items() if k in LIBPQ and v not in (None, "")}
    with dbapi.connect(make_conninfo(**known)) as adbc, adbc.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(f"SELECT set_config('{scope.VARIABLE}', '{scope.token_of(connection, scope.SYSTEM)}', true)")

        def read(statement: str, columns: list[Column]) -> pa.Table:
            cursor.execute(statement)
            return cursor.fetch_arrow_table()

        yield read
        adbc.rollback()


def _read_by_copy(statement: str, columns: list[Column]) -> pa.Table:
    """COPY as CSV with the types given, so that a code such as 0003 stays text; NULL is unquoted, "" is quoted."""
    from pyarrow import csv

    buffer = BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as copy:
        for data in copy:
            buffer.write(data)
    if not buffer.tell():
        return _schema(columns).empty_table()
    buffer.seek(0)
    return csv.read_csv(
        buffer,
        read_options=csv.ReadOptions(column_names=[c.name for c in columns], use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=_schema(columns),
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _schema(columns: list[Column]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(c.name, _arrow_type(c.kind)) for c in columns])


def _finished(read: pa.Table, columns: list[Column]) -> pa.Table:
    """The table with exactly our types: instants in UTC, no metadata of the driver."""
    import pyarrow as pa

    table = read.cast(_schema(columns)).replace_schema_metadata(None)
    for n, column in enumerate(columns):
        if column.kind == "instant":
            table = table.set_column(n, column.name, table[column.name].cast(pa.timestamp("us", tz="UTC")))
    return table.combine_chunks()


def write_table(table: pa.Table, path: Path) -> str:
    """Write with fixed settings and return the SHA-256; the file appears whole or not at all."""
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    parquet.write_table(
        table,
        partial,
        version="2.6",
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP,
        store_schema=False,
    )
    with partial.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    partial.replace(path)
    return digest


def export_tables(tables: Iterable[str], folder: Path, *, where: Mapping[str, QuerySet[Any]] | None = None) -> Snapshot:
    """Write each table (or the rows chosen for it) to `<table>.parquet`, with a list of hashes beside them.

    The list is what `sha256sum --check` reads; the content hash is the hash of the list.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, rows = {}, {}
    with _reader() as read:
        for name in sorted(set(tables)):
            columns = columns_of(name)
            table = _finished(read(select(name, (where or {}).get(name)), columns), columns)
            files[f"{name}.parquet"] = write_table(table, folder / f"{name}.parquet")
            rows[name] = table.num_rows
    listing = "".join(f"{digest}  {file}\n" for file, digest in files.items())
    (folder / SUMS).write_text(listing)
    return Snapshot(folder, files, rows, hashlib.sha256(listing.encode()).hexdigest())


def verify_snapshot(folder: Path) -> str:
    """The content hash of a snapshot whose files are as listed; FigureError names the first that is not."""
    listing = (folder / SUMS).read_text()
    for line in listing.splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise FigureError(f"{path} is missing or not the file that was frozen")
    return hashlib.sha256(listing.encode()).hexdigest()
