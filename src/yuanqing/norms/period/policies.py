"""Who may open and close months, and grant extensions."""

from __future__ import annotations

from typing import Any

from yuanqing.norms.period.models import Extension
from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    unit = record.unit if isinstance(record, Extension) else None
    return lacking(by, f"norms.period.{step}", unit)
