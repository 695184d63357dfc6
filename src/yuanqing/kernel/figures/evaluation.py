"""Evaluating figures at a close: the expressions of the pages, on DuckDB, over a frozen snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.expressions import compiled, tables_of
from yuanqing.kernel.figures.reading import chosen
from yuanqing.kernel.figures.registry import FigureError, Span, get
from yuanqing.kernel.figures.tables import schema

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "1GB"
SUMMED = "SELECT {keys}, CAST(sum(q.value) AS BIGINT) AS value FROM ({figure}) AS q GROUP BY ALL ORDER BY ALL"
CASTS = {"uuid": "UUID", "string": "VARCHAR", "int64": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


@contextmanager
def engine(memory: str = MEMORY, threads: int = 2) -> Iterator[Any]:
    """A DuckDB in memory, in the organisation's time zone, that loads nothing from the network."""
    import duckdb

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as database:
        database.execute(
            f"SET memory_limit = '{memory}'; SET threads = {threads}; SET GLOBAL TimeZone = '{settings.TIME_ZONE}'"
        )  # the last for every cursor of it
        yield database


def evaluate(
    names: Iterable[str],
    folder: Path,
    months: Sequence[Month],
    *,
    span: Span = "month",
    memory: str = MEMORY,
    threads: int = 2,
) -> dict[str, pa.Table]:
    """Figure → Arrow table of month, unit_id (text), its dimensions and value, sorted by all but the value."""
    wanted = list(dict.fromkeys(names))
    statements = [_statement(name, span) for name in wanted]
    with engine(memory, threads) as database, ThreadPoolExecutor(threads) as side_by_side:
        _show_months(database, months, span)
        for table in sorted(set().union(*(tables_of(name) for name in wanted))):
            _show(database, table, folder)
        return dict(zip(wanted, side_by_side.map(partial(_evaluated, database), wanted, statements), strict=True))


def _show_months(database: Any, months: Sequence[Month], span: Span) -> None:
    database.execute("CREATE TABLE months (month DATE, starts_on DATE, next_on DATE, year_on DATE)")
    for month in dict.fromkeys(months):
        january = Month(month.year, 1).first_day
        start = january if span == "year" else month.first_day
        database.execute(
            "INSERT INTO months VALUES (?, ?, ?, ?)", [month.first_day, start, month.next().first_day, january]
        )


def _show(database: Any, table: str, folder: Path) -> None:
    path = folder / f"{table}.parquet"
    if not path.is_file():
        raise FigureError(f"the snapshot {folder} does not contain {table}")
    known = database.read_parquet(str(path)).columns
    columns = ", ".join(
        f'CAST("{column}" AS {CASTS[kind]}) AS "{column}"' if kind in CASTS else f'"{column}"'
        for column, kind in schema(table).items()
        if column in known
    )
    database.read_parquet(str(path)).project(columns).create_view(table)


def _statement(name: str, span: Span) -> str:
    figure = get(name)
    dims = [f'coalesce(CAST(q."{d}" AS VARCHAR), \'\') AS "{d}"' for d in chosen(figure, figure.dims, span)]
    keys = ", ".join(["q.month", "CAST(q.unit_id AS VARCHAR) AS unit_id", *dims])
    return SUMMED.format(keys=keys, figure=compiled(name, "duckdb"))


def _evaluated(database: Any, name: str, statement: str) -> pa.Table:
    """One figure; over few rows planning is most of it, and that uses one core: figures are evaluated side by side."""
    import duckdb

    try:
        return database.cursor().execute(statement).to_arrow_table()
    except duckdb.BinderException as error:
        raise FigureError(f"{name} reads a column that this snapshot does not contain: {error}") from error


PLACED = """
CREATE TABLE placed AS
SELECT CAST(unit_id AS VARCHAR) AS unit_id, path, row_number() OVER (ORDER BY CAST(unit_id AS VARCHAR)) AS place FROM tree
"""
ABOVE = """
CREATE TABLE above AS SELECT low.place, high.place AS head
FROM (
  SELECT place, unnest(list_transform(range(1, len(string_split(path, '/'))),
    step -> array_to_string(string_split(path, '/')[:step], '/') || '/')) AS path
  FROM placed
) AS low JOIN placed AS high ON high.path = low.path
"""
ROLL_UP = """
SELECT {keys}, summed.value FROM (
  SELECT {kept}, above.head, CAST(sum(figure.value) AS BIGINT) AS value FROM figure
  JOIN placed ON placed.unit_id = figure.unit_id JOIN above ON above.place = placed.place
  GROUP BY ALL
) AS summed JOIN placed ON placed.place = summed.head
ORDER BY {order}
"""


def roll_up(figure: pa.Table, tree: pa.Table, *, memory: str = MEMORY, threads: int = 2) -> pa.Table:
    """An evaluated figure summed up the tree; `tree` holds unit_id and path as they stood in the month."""
    return roll_up_all({"": figure}, tree, memory=memory, threads=threads)[""]


def roll_up_all(
    evaluated: Mapping[str, pa.Table], tree: pa.Table, *, memory: str = MEMORY, threads: int = 2
) -> dict[str, pa.Table]:
    """The same for many figures: the lines upwards are drawn once, and summed along by number instead of by name."""
    with engine(memory, threads) as database:
        database.register("tree", tree)
        database.execute(PLACED)
        database.execute(ABOVE)
        return {name: _rolled_up(database, table) for name, table in evaluated.items()}


def _rolled_up(database: Any, table: pa.Table) -> pa.Table:
    dims = [c for c in table.column_names if c not in ("month", "unit_id", "value")]
    named = [f'"{d}"' for d in dims]
    database.register("figure", table)
    return database.execute(
        ROLL_UP.format(
            kept=", ".join(f"figure.{c}" for c in ("month", *named)),
            keys=", ".join(["summed.month", "placed.unit_id", *(f"summed.{c}" for c in named)]),
            order=", ".join(f"summed.{c}" for c in ("month", "head", *named)),
        )
    ).to_arrow_table()
