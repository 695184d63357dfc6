"""Certificates follow from attempts that were passed; the office may revoke one."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step == "award":
        return ""
    return lacking(by, f"education.certificate.{step}", record.unit if record is not None else None)
