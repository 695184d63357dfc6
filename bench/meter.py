"""Seconds and peak memory of each step: of this process, and of the database process that serves it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Reading:
    """One step: how long it took, and the peaks of memory in MB (0 where the system does not tell)."""

    step: str
    turn: int
    seconds: float
    own_mb: int
    server_mb: int


@dataclass
class Meter:
    """Collects readings; `server_pid` is the process behind the connection in use."""

    server_pid: int
    readings: list[Reading] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, turn: int = 0) -> Iterator[None]:
        for pid in ("self", str(self.server_pid)):
            _forget_peak(pid)
        began = time.perf_counter()
        yield
        seconds = time.perf_counter() - began
        self.readings.append(Reading(name, turn, seconds, _peak_mb("self"), _peak_mb(str(self.server_pid))))

    def seconds(self, name: str) -> list[float]:
        return [reading.seconds for reading in self.readings if reading.step == name]


def _forget_peak(pid: str) -> None:
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return


def _peak_mb(pid: str) -> int:
    """The highest resident size since it was forgotten; the server's includes the shared pages it touched."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) // 1024 if found else 0
