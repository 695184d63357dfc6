"""What something cost: processor time, which other work on the machine does not change, and memory beyond what the process had."""

from __future__ import annotations

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
    """Known when the block has ended: `seconds` of this process, its children and its database process, and `megabytes`."""

    seconds: float = 0.0
    megabytes: int = 0


@contextmanager
def effort() -> Iterator[Effort]:
    found = Effort()
    _forget_peak()
    before, held = _processor(), _memory("VmRSS")
    yield found
    found.seconds, found.megabytes = _processor() - before, _memory("VmHWM") - held


def _processor() -> float:
    return sum(os.times()[:4]) + _backend()  # with the children that have ended: hostile files are read apart


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
