"""Who may close a month."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, f"discipline.review.{step}")
