"""Who may shape the tree of units."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit


def refusal(step: str, record: Any, *, by: Any) -> str:
    unit = record.parent if isinstance(record, Unit) and record._state.adding else record
    return lacking(by, f"org.unit.{step}", unit if isinstance(unit, Unit) else None)
