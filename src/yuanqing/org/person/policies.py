"""Who may keep the rolls."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, f"org.person.{step}", record.unit if record is not None else None)


def place_refusal(step: str, unit: Any, *, by: Any) -> str:
    """Why a person may not be put into this unit."""
    return lacking(by, f"org.person.{step}", unit)
