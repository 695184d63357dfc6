"""Who may know who sees a record: the security and audit administrators, and who heads the record's unit."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit


def refusal(step: str, unit: Unit | None, *, by: Any) -> str:
    return lacking(by, f"org.access.{step}", unit)
