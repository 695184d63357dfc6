"""预备语句: for the few statements that every request or act asks, where planning them each time costs more than they do."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django.db import connection, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


class _Prepared(ServerBindingCursor):
    """Binds on the server, so that the statement's text stays the same and the server keeps its plan."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        cursor: Any = self  # the stubs know no bases
        done = super().execute(query, params, prepare=True, **options)  # type: ignore[misc]
        if connection.queries_logged and cursor._query is None:  # the driver forgets the text of what is kept
            cursor._query = cursor._convert_query(query, params)
        return done


def prepared_cursor() -> CursorWrapper:
    """A cursor whose statements are planned once a connection; parameters need a cast where nothing else says their type."""
    connection.ensure_connection()
    wrapper: Any = connection
    return cast(CursorWrapper, wrapper._prepare_cursor(_Prepared(wrapper.connection)))  # type: ignore[call-arg]


class Lookup:
    """The first row that a text about tables and conditions finds, as one instance of each model whose table it names.

    Where a table is joined from the left and has no row, its place is None.
    """

    def __init__(self, *of: type[models.Model], where: str) -> None:
        self.models, self.where = of, where

    @cached_property
    def _statement(self) -> str:
        names = (f"{m._meta.db_table}.{f.column}" for m in self.models for f in m._meta.concrete_fields)
        return f"SELECT {', '.join(names)} FROM {self.where} LIMIT 1"  # noqa: S608 written by the program

    @cached_property
    def _fields(self) -> list[tuple[type[models.Model], list[str], list[Any]]]:
        """Each model with the names of its columns, and with those that need more than the driver does: (place, field)."""
        return [
            (
                model,
                [f.attname for f in model._meta.concrete_fields],
                [(n, f) for n, f in enumerate(model._meta.concrete_fields) if hasattr(f, "from_db_value")],
            )
            for model in self.models
        ]

    def first(self, **values: Any) -> list[Any] | None:
        with prepared_cursor() as cursor:
            cursor.execute(self._statement, values)
            row = cursor.fetchone()
        if row is None:
            return None
        found, begins = [], 0
        for model, names, converted in self._fields:
            part = list(row[begins : begins + len(names)])
            begins += len(names)
            for place, field in converted:
                part[place] = field.from_db_value(part[place], None, connection)
            is_there = part[names.index(model._meta.pk.attname)] is not None
            found.append(model.from_db(connection.alias, names, part) if is_there else None)
        return found
