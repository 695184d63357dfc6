"""The backend that settings name: `SET LOCAL` of the token at the start of each transaction, never for longer."""

from __future__ import annotations

from select import POLLIN, poll

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from yuanqing.kernel.database import scope

SOUND = (TransactionStatus.IDLE, TransactionStatus.INTRANS)  # a line that is closed, or after an error, is neither


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions carry the token of whoever they are for.

    A process that serves nobody in particular (a command, the worker) is the system for as long as it lives; there the
    token stands for the whole connection, which no request ever shares.
    """

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if scope.of_process() is scope.SYSTEM:
            scope.announce(self, scope.SYSTEM, local=False)

    def is_usable(self) -> bool:
        """Asked before each request; only where the server has said something, such as goodbye, it has to be asked itself."""
        line = self.connection.pgconn
        return (line.transaction_status in SOUND and not _has_spoken(line.socket)) or bool(super().is_usable())

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit and not scope.current() == scope.of_process() == scope.NOBODY:
            scope.announce(self, scope.current(), local=True)


def _has_spoken(socket: int) -> bool:
    """Whether there is something to read, be it that the line was closed."""
    line = poll()
    line.register(socket, POLLIN)
    return bool(line.poll(0))
