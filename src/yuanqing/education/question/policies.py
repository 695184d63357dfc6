"""Who writes questions, and puts them in use."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, f"education.question.{step}", record.unit if record is not None else None)
