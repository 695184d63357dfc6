"""The backend that settings name: `SET LOCAL` of the token at the start of each transaction, never for longer."""

from __future__ import annotations

from django.db.backends.postgresql import base

from yuanqing.kernel.database import scope


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions carry the token of whoever they are for.

    A process that serves nobody in particular (a command, the worker) is the system for as long as it lives; there the
    token stands for the whole connection, which no request ever shares.
    """

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if scope.of_process() is scope.SYSTEM:
            scope.announce(self, scope.SYSTEM, local=False)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit and not scope.current() == scope.of_process() == scope.NOBODY:
            scope.announce(self, scope.current(), local=True)
