"""Who may see what was read: the audit administrator; and each person what concerns himself."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, f"shell.reading.{step}")
