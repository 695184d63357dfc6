"""Whether a server is alive: a number in a file proves nothing, since numbers are given to other processes again.

Only a process that works in our data folder (or, where the system hides that, was started with it) is ours and may be
signalled.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class PidFile:
    """What postmaster.pid says."""

    pid: int
    status: str
    shared_memory: int | None


def read_pid_file(data: Path) -> PidFile | None:
    """None when there is no file, or one that is not whole."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return None
    memory = lines[6].split() if len(lines) > 6 else []
    return PidFile(abs(pid), lines[7].strip() if len(lines) > 7 else "", int(memory[1]) if len(memory) == 2 else None)


def is_ours(pid: int, data: Path) -> bool:
    """Whether the process exists, is no zombie, and is the server of this data folder."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return _works_in(process, data)
    except psutil.NoSuchProcess:
        return False


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return bool(process.cwd() == str(data))
    except psutil.AccessDenied:
        words = process.cmdline()
        return any(word == "-D" and words[place + 1 : place + 2] == [str(data)] for place, word in enumerate(words))


def leftovers(data: Path) -> bool:
    """Whether processes of an earlier server still run, or still hold its shared memory."""
    found = read_pid_file(data)
    if found and found.shared_memory is not None and _attached(found.shared_memory):
        return True
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data):
                return True
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return False


def _attached(identifier: int) -> bool:
    """Processes attached to a shared memory segment, as Linux lists it; the server's own test for survivors."""
    try:
        lines = Path("/proc/sysvipc/shm").read_text().splitlines()
    except OSError:
        return False
    columns = lines[0].split()
    rows = (dict(zip(columns, line.split(), strict=False)) for line in lines[1:])
    return any(int(row["shmid"]) == identifier and int(row["nattch"]) > 0 for row in rows)
