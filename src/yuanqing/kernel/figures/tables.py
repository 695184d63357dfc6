"""The tables a figure may read: Ibis schemas derived from the Django models, so that there is no second definition.

A figure sees the columns classified open or internal, nothing sensitive or sealed, and neither does a snapshot.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from django.apps import apps
from django.contrib.postgres.fields import RangeField
from django.db import models

from yuanqing.kernel.figures.registry import FigureError
from yuanqing.kernel.secrecy import MACHINE_FIELDS, classification

MONTHS = {"month": "date", "starts_on": "date", "next_on": "date", "year_on": "date"}
READABLE = ("open", "internal")
TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.UUIDField, "uuid"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "timestamp('UTC', 6)"),
    (models.DateField, "date"),
    (models.IntegerField, "int64"),
    (models.JSONField, "string"),  # cast("json") to look inside
    (models.CharField, "string"),
    (models.TextField, "string"),
)


@cache
def model_of(table: str) -> type[models.Model]:
    for model in apps.get_models():
        if model._meta.db_table == table:
            return model
    raise FigureError(f"no model keeps a table called {table!r}")


def readable_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Fields that figures and snapshots may contain, in the order of the model."""
    levels = classification(model)
    return [f for f in model._meta.concrete_fields if f.name in MACHINE_FIELDS or levels.get(f.name) in READABLE]


def value_field(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The field whose values the column holds: a foreign key holds the key it points at."""
    return value_field(field.target_field) if isinstance(field, models.ForeignKey) else field


def type_of(field: models.Field[Any, Any]) -> str:
    """The Ibis type of a column, or "" when figures cannot read it (ranges, amounts that are no integers)."""
    kept = value_field(field)
    return next((name for kind, name in TYPES if isinstance(kept, kind)), "")


@cache
def schema(table: str) -> dict[str, str]:
    """Column → Ibis type. Integers are all 64 bits wide, so that sums never overflow."""
    found = {str(f.column): type_of(f) for f in readable_fields(model_of(table)) if not isinstance(f, RangeField)}
    return {column: kind for column, kind in found.items() if kind}


class Tables:
    """数据表: what a figure is given; `t.discipline_violation` is that table, `t.months` the months asked for.

    When scoped, the counts below keep only the units of a relation called `scope`, before anything is summed: a
    database cannot move such a condition inwards by itself, and a page asks for one unit out of many thousands.
    """

    def __init__(self, *, scoped: bool = False) -> None:
        self._scoped = scoped

    @property
    def months(self) -> Any:
        """month (its first day), starts_on, next_on (first day after) and year_on (1 January)."""
        import ibis

        return ibis.table(MONTHS, name="months")

    def __getattr__(self, table: str) -> Any:
        if table.startswith("__"):
            raise AttributeError(table)
        import ibis

        return ibis.table(schema(table), name=table)

    def _chosen(self, rows: Any) -> Any:
        if not self._scoped:
            return rows
        import ibis

        scope = ibis.table({"id": "uuid"}, name="scope")
        return rows.semi_join(scope, rows.unit_id == scope.id)

    def per_month(self, rows: Any, *, on: str, by: tuple[str, ...] = (), value: str = "") -> Any:
        """Count rows (or sum the integer column `value`) by the month in which the date or instant `on` lies.

        Written once it serves the month and the year to date: for the latter `starts_on` is 1 January.
        """
        picked = self._chosen(
            rows.select("unit_id", *by, happened_on=_day(rows[on]), amount=rows[value] if value else 1)
        )
        months = self.months
        inside = [picked.happened_on >= months.starts_on, picked.happened_on < months.next_on]
        return _summed(picked.join(months, inside), by)

    def open_in_month(
        self, rows: Any, *, began: str, ended: str, by: tuple[str, ...] = (), at: Literal["start", "end"] = "end"
    ) -> Any:
        """Count rows that had begun before the month started (or ended) and were not finished by then.

        A stock, so register it with `accumulates=False`.
        """
        picked = self._chosen(
            rows.select("unit_id", *by, began_on=_day(rows[began]), ended_on=_day(rows[ended]), amount=1)
        )
        months = self.months
        edge = months.month if at == "start" else months.next_on
        still = [picked.began_on < edge, picked.ended_on.isnull() | (picked.ended_on >= edge)]
        return _summed(picked.join(months, still), by)


def _day(column: Any) -> Any:
    """The day in the organisation's time zone, in which every session runs."""
    return column.date() if column.type().is_timestamp() else column


def _summed(joined: Any, by: tuple[str, ...]) -> Any:
    return joined.group_by("month", "unit_id", *by).aggregate(value=lambda t: t.amount.cast("int64").sum())
