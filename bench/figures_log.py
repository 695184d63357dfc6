"""One JSON line per measured figure in var/figures.jsonl: what, value, unit, target, met or not, commit, time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / "var" / "figures.jsonl"


def record(what: str, value: float | int | str, unit: str, target: str, ok: bool, log: Path = LOG) -> dict[str, Any]:
    """Append the figure, print it, and return what was written."""
    figure = {
        "what": what,
        "value": value,
        "unit": unit,
        "target": target,
        "ok": bool(ok),
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    log.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(figure, ensure_ascii=False) + "\n"
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)  # one write: lines of two processes never mix
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)
    sys.stdout.write(f"{'ok  ' if ok else 'MISS'} {what}: {value} {unit} (target {target})\n")
    return figure


def commit() -> str:
    """The commit the figure was measured at, marked when files differ from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
