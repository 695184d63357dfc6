"""The team is written by the acts on its lead, whose own policy decides."""

from __future__ import annotations

from typing import Any

from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    return lacking(by, f"cases.verification.{step}")
