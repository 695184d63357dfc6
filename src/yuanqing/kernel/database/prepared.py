"""预备语句: for the few statements that every request or act asks, where planning them each time costs more than they do."""

from __future__ import annotations

from typing import Any, cast

from django.db import connection
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
