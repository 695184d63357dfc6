"""Seconds, processor time and peak memory of each step: of this process, and of the database process that serves it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Reading:
    """One step: how long it took, the processor time that other work on the machine does not change, and the peaks of memory.

    Memory in MB; 0 where the system does not tell.
    """

    step: str
    turn: int
    seconds: float
    processor: float
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
        began, worked = time.perf_counter(), self._processor()
        yield
        seconds, worked = time.perf_counter() - began, self._processor() - worked
        self.readings.append(Reading(name, turn, seconds, worked, _peak_mb("self"), _peak_mb(str(self.server_pid))))

    def _processor(self) -> float:
        return time.process_time() + _processor_seconds(self.server_pid)

    def seconds(self, name: str) -> list[float]:
        return [reading.seconds for reading in self.readings if reading.step == name]


def _processor_seconds(pid: int) -> float:
    """User and system time of another process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


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
