"""One JSON line per measured figure in var/figures.jsonl: what, value, unit, target, met or not, commit, time.

python -m bench.figures_log --since 2026-11-26T08:00:00     a table of what was measured since, in UTC
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / "var" / "figures.jsonl"
HEAD = ("what", "value", "target", "held")


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


def since(moment: datetime, log: Path = LOG) -> list[dict[str, Any]]:
    """What was measured since then; of a figure that was measured again, the last time."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    found = [json.loads(line) for line in lines]
    return list({f["what"]: f for f in found if datetime.fromisoformat(f["at"]) >= moment}.values())


def table(figures: list[dict[str, Any]]) -> str:
    """What, value, target, held or not: one line a figure, what was missed at the end."""
    lines = [
        (f["what"], f"{f['value']} {f['unit']}".strip(), str(f["target"]), "ok" if f["ok"] else "MISS") for f in figures
    ]
    lines.sort(key=lambda line: line[3] == "MISS")
    widths = [max(len(line[n]) for line in [HEAD, *lines]) for n in range(len(HEAD))]
    drawn = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [HEAD, *lines]
    ]
    missed = sum(line[3] == "MISS" for line in lines)
    return "\n".join([drawn[0], "-" * len(drawn[0]), *drawn[1:], f"{len(lines)} figures, {missed} missed"])


def commit() -> str:
    """The commit the figure was measured at, marked when files differ from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--since", type=datetime.fromisoformat, default=datetime(2000, 1, 1, tzinfo=UTC))
    taken = since(words.parse_args().since.replace(tzinfo=UTC))
    sys.stdout.write(table(taken) + "\n")
    sys.exit(not taken or any(not figure["ok"] for figure in taken))
