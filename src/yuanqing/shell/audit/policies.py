"""Who may look through the traces."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, "kernel.ledger.view" if step == "done" else "shell.reading.view")
