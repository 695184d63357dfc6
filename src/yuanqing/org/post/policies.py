"""Who may keep posts and appointments."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking
from yuanqing.org.post.models import Appointment


def refusal(step: str, record: Any, *, by: Any) -> str:
    if record is None:
        return lacking(by, f"org.post.{step}")
    unit = record.post.unit if isinstance(record, Appointment) else record.unit
    return lacking(by, f"org.post.{step}", unit)
