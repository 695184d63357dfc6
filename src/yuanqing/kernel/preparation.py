"""准备: whether tables, shipped packs and static files are as this version wants them, told without loading it.

Preparing takes three processes several seconds each; a service that starts again finds nothing to do nearly always. What was
found in order is noted in the home: the files it came from, and what the database held then. Another database, a restored
one, or a changed file of ours is another note.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import psycopg

from yuanqing.kernel.database.connection import database_url
from yuanqing.kernel.static_files import STAMP, fingerprint

ROOT = Path(__file__).resolve().parents[3]
HELD = """
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()),
       (SELECT concat(count(*), ' ', max(id)) FROM django_migrations),
       (SELECT concat(count(*), ' ', max(published_at)) FROM kernel_packversion)
"""


def has_tables(home: Path) -> bool:
    """Tables and shipped packs are as this version wants them."""
    note = _note(home)
    return note.exists() and note.read_text() == _state(home)


def has_static_files(home: Path) -> bool:
    stamp = home / "static" / STAMP
    return stamp.exists() and stamp.read_text() == fingerprint(ROOT)


def remember(home: Path) -> None:
    state = _state(home)
    if state:
        _note(home).write_text(state)


def has_accounts(home: Path) -> bool:
    """Whether anybody can sign in; the tables are there."""
    with psycopg.connect(database_url(home), connect_timeout=10) as connection:
        found = connection.execute("SELECT EXISTS (SELECT FROM org_account)").fetchone()
    return found == (True,)


def _note(home: Path) -> Path:
    return home / "prepared"


def _state(home: Path) -> str:
    """ "" while the database has no tables."""
    try:
        with psycopg.connect(database_url(home), connect_timeout=10) as connection:
            held = connection.execute(HELD).fetchone()
    except psycopg.Error:
        return ""
    digest = hashlib.sha256(fingerprint(ROOT).encode())
    for folder, _folders, names in sorted(os.walk(ROOT / "src" / "yuanqing" / "migrations")):
        for name in sorted(names):
            if name.endswith(".py"):
                found = (Path(folder) / name).stat()
                digest.update(f"{folder}/{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return f"{digest.hexdigest()}\n{held}\n"
