"""Clauses come into being with their pack: whoever may publish it lists them."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, "kernel.packs.publish" if step == "list_clauses" else f"norms.clause.{step}")
