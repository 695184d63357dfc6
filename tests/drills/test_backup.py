"""A backup taken while units report, and a restore to the last moment: every table is byte by byte what it was."""

from __future__ import annotations

import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench.figures_log import record
from psycopg import sql
from tests.drills.test_crash import WRITERS, Writer, in_home
from tests.kernel.test_serving import served, until  # noqa: F401

from yuanqing.kernel.database.cluster import ensure_started
from yuanqing.kernel.database.connection import database_url

# Every table but the one of who is asking at this moment: whoever restores asks too.
TABLES = """SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind = 'r' AND relpersistence = 'p' AND nspname = 'public' AND relname <> 'kernel_context'"""
ROWS = "SELECT count(*), md5(coalesce(string_agg(row::text, ',' ORDER BY row::text), '')) FROM {} row"
ENOUGH = 200  # acknowledged writes before the backup, and again after it


def digests(url: str) -> dict[str, tuple[int, str]]:
    """Table → (rows, digest over all of them), as the superuser sees it."""
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(TABLES).fetchall()]
        found = {}
        for name in names:
            row = connection.execute(sql.SQL(ROWS).format(sql.Identifier(name))).fetchone()
            assert row is not None
            found[name] = (int(row[0]), str(row[1]))
        return found


def of_home(home: Path) -> dict[str, tuple[int, str]]:
    ensure_started(home)
    return digests(database_url(home, "superuser"))


@pytest.mark.drill
def test_a_backup_while_people_write_is_restored_to_the_last_row(served: Any) -> None:  # noqa: F811
    served.start()
    until(lambda: (served.home / "serve.json").exists())
    house = json.loads(in_home(served.home, "-m", "tests.drills.crash_house"))
    stop = threading.Event()
    writers = [Writer(served.port, house, house["returns"][n::WRITERS], stop) for n in range(WRITERS)]
    [writer.start() for writer in writers]

    def written() -> int:
        return sum(writer.acknowledged.total() for writer in writers)

    until(lambda: written() > ENOUGH)
    began = time.monotonic()
    assert "Proved" in in_home(served.home, "-m", "yuanqing", "backup")
    took, at_backup = time.monotonic() - began, written()
    until(lambda: written() > at_backup + ENOUGH)
    stop.set()
    [writer.join(60) for writer in writers]
    served.parent.send_signal(signal.SIGTERM)
    served.parent.wait(60)

    before = of_home(served.home)
    began = time.monotonic()
    in_home(served.home, "-m", "yuanqing", "restore", "--to", "latest", "--replace")
    back = time.monotonic() - began
    differ = sorted(name for name, found in of_home(served.home).items() if found != before.get(name))
    rows = sum(count for count, _digest in before.values())
    what = f"tables that differ after a restore to the last of {written()} writes"
    record(what, len(differ), f"of {len(before)} with {rows} rows", "0", not differ)
    record("backup while people write; restore", f"{took:.0f}; {back:.0f}", "s", "restore ≤ 900", back <= 900)
    assert differ == []
    assert before["discipline_submission"][0] > ENOUGH / 2
    assert [writer.strange for writer in writers if writer.strange] == []
    assert in_home(served.home, "-m", "yuanqing", "ledger", "verify").startswith("sound")
