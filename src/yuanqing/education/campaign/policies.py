"""Who drafts, publishes and closes the plan of a unit."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, f"education.campaign.{step}", record.unit if record is not None else None)
