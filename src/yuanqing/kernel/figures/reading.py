"""Reading figures on Django's own connection, inside whatever transaction is under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from yuanqing.kernel.almanac import Month
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.figures.expressions import compiled
from yuanqing.kernel.figures.registry import Figure, FigureError, Span, get

Units = QuerySet[Any] | Iterable[UUID] | UUID | None
MONTHS = """months AS (
  SELECT month, {start} AS starts_on, (month + interval '1 month')::date AS next_on,
         date_trunc('year', month)::date AS year_on
  FROM unnest(%({key}_months)s::date[]) AS month
)"""
SUMMED = """WITH {relations} SELECT {columns}, sum(q.value)::bigint AS value FROM ({figure}) AS q
WHERE {condition} GROUP BY {columns}"""
STARTS = {"month": "month", "year": "date_trunc('year', month)::date"}


@dataclass(frozen=True, slots=True)
class Value:
    """One number: of a month, of a unit (None where units were summed), by dimensions."""

    month: Month
    unit_id: UUID | None
    dims: Mapping[str, str]
    value: int


@dataclass(frozen=True, slots=True)
class Query:
    """SQL text with named parameters, usable as `FROM (text) q` in a larger statement."""

    text: str
    params: dict[str, Any]


def months_relation(months: Sequence[Month], span: Span, key: str) -> Query:
    """The common table expression `months`; the year to date begins on 1 January, everything else is the same."""
    return Query(
        MONTHS.format(start=STARTS[span], key=key), {f"{key}_months": [m.first_day for m in dict.fromkeys(months)]}
    )


def chosen(figure: Figure, by: Sequence[str], span: Span) -> tuple[str, ...]:
    """The dimensions asked for; refuses unknown ones, and the year to date of a stock."""
    unknown = set(by) - set(figure.dims)
    if unknown:
        raise FigureError(f"{figure.name} has no dimension {', '.join(sorted(unknown))}; it has {figure.dims}")
    if span == "year" and not figure.accumulates:
        raise FigureError(f"{figure.name} is a stock: its months do not add up to a year")
    return tuple(dict.fromkeys(by))


def ids_sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """The primary keys of a queryset as SQL; Django itself has none for a queryset that is known to be empty."""
    try:
        text, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::uuid WHERE FALSE", ()
    return text, tuple(params)


def named(rows: QuerySet[Any], key: str) -> Query:
    """The ids of a queryset as SQL with named parameters."""
    return _with_names(*ids_sql(rows), key)


def relation(rows: QuerySet[Any], key: str) -> Query:
    """The columns that a queryset reads, as SQL with named parameters; EmptyResultSet where it is known to have no rows."""
    return _with_names(*rows.query.sql_with_params(), key)


def _with_names(text: str, params: Iterable[Any], key: str) -> Query:
    names = {f"{key}_u{n}": value for n, value in enumerate(params)}
    for name in names:
        text = text.replace("%s", f"%({name})s", 1)
    return Query(text, names)


def scope_relation(units: QuerySet[Any] | Iterable[UUID] | UUID, key: str) -> Query:
    """The common table expression `scope`: the ids of the units asked for; of a single one a plan that is kept knows it is one."""
    if isinstance(units, UUID):
        return Query(f"scope AS (SELECT %({key}_unit)s::uuid AS id)", {f"{key}_unit": units})
    if isinstance(units, QuerySet):
        inner = named(units, key)
        return Query(f"scope(id) AS ({inner.text})", inner.params)
    return Query(f"scope AS (SELECT unnest(%({key}_units)s::uuid[]) AS id)", {f"{key}_units": list(units)})


def counted(name: str, *, scoped: bool = False) -> str:
    """The figure's own SQL, escaped for a driver that reads % as the start of a parameter."""
    return compiled(name, "postgres", scoped=scoped).replace("%", "%%")


def sql_for(
    name: str,
    months: Sequence[Month],
    *,
    units: Units = None,
    by: Sequence[str] = (),
    span: Span = "month",
    each_unit: bool = True,
    key: str = "figure",
) -> Query:
    """A figure as a sub-query with columns month, unit_id, the dimensions in `by`, and value (bigint).

    Dimensions not in `by` are summed away. `key` prefixes the parameters, so that several figures fit one statement.
    """
    dims = chosen(get(name), by, span)
    relations = [months_relation(months, span, key)]
    if units is not None:
        relations.append(scope_relation(units, key))
    columns = ", ".join(["q.month", *(["q.unit_id"] if each_unit else []), *(f'q."{d}"' for d in dims)])
    text = SUMMED.format(
        relations=", ".join(r.text for r in relations),
        columns=columns,
        figure=counted(name, scoped=units is not None),
        condition="TRUE" if units is None else "q.unit_id IN (SELECT id FROM scope)",
    )
    return Query(text, {k: v for r in relations for k, v in r.params.items()})


def fetch(query: Query, dims: Sequence[str], *, each_unit: bool) -> list[Value]:
    """Run a query of this shape, in the order of months, units and dimensions; months without rows have none."""
    first = 2 if each_unit else 1
    order = ", ".join(str(n + 1) for n in range(first + len(dims)))
    with as_system(), connection.cursor() as cursor:  # a number is the same for everybody who may read it
        cursor.execute(f"{query.text} ORDER BY {order}", query.params)
        rows = cursor.fetchall()
    return [
        Value(
            Month.of(row[0]),
            row[1] if each_unit else None,
            {d: "" if v is None else str(v) for d, v in zip(dims, row[first:-1], strict=True)},
            row[-1],
        )
        for row in rows
    ]


def values(
    name: str, months: Sequence[Month], *, units: Units = None, by: Sequence[str] = (), span: Span = "month"
) -> list[Value]:
    """The figure for each month and unit, by the dimensions named; what is zero is left out."""
    return fetch(sql_for(name, months, units=units, by=by, span=span), tuple(dict.fromkeys(by)), each_unit=True)


def totals(
    name: str, months: Sequence[Month], *, units: Units = None, by: Sequence[str] = (), span: Span = "month"
) -> list[Value]:
    """The figure for each month over all the units, by the dimensions named."""
    query = sql_for(name, months, units=units, by=by, span=span, each_unit=False)
    return fetch(query, tuple(dict.fromkeys(by)), each_unit=False)


def total(name: str, month: Month, *, units: Units = None, span: Span = "month") -> int:
    """One number: the month, all the units, all the dimensions."""
    return sum(v.value for v in totals(name, [month], units=units, span=span))


def by_unit(name: str, month: Month, *, units: Units = None, span: Span = "month") -> dict[UUID, int]:
    """Unit → number of the month, all dimensions together; units at zero are left out."""
    return {v.unit_id: v.value for v in values(name, [month], units=units, span=span) if v.unit_id}
