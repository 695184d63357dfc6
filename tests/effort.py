"""What something cost: processor time, which other work on the machine does not change, and memory beyond what the process had."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Effort:
    """Known when the block has ended: seconds of this process and of its database process, and `megabytes`.

    With `apart`, of the children too that have ended; else no: what another test left running may end in between.
    """

    process: float = 0.0
    database: float = 0.0
    children: float = 0.0
    megabytes: int = 0

    @property
    def seconds(self) -> float:
        return self.process + self.database + self.children


@contextmanager
def effort(*, apart: bool = False) -> Iterator[Effort]:
    found = Effort()
    gc.collect()  # reaps what earlier tests have left
    _forget_peak()
    before, database, held = os.times(), _backend(), _memory("VmRSS")
    yield found
    after = os.times()
    found.process = after.user + after.system - before.user - before.system
    found.database = _backend() - database
    if apart:
        found.children = sum(after[2:4]) - sum(before[2:4])
    found.megabytes = _memory("VmHWM") - held


def _backend() -> float:
    """Zero without an open connection, or where the server runs elsewhere."""
    if connection.connection is None:
        return 0.0
    try:
        fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) // 1024 if found else 0
