"""Who may open and lapse obligations; fulfilling follows from an act that was itself judged."""

from __future__ import annotations

from typing import Any

from yuanqing.org.account.policies import lacking

# These run inside other acts (a month opens, a return is submitted, an extension is granted) and under their policy.
DERIVED = ("fulfil", "prolong", "owe", "open_for_period", "excuse", "reopen")


def refusal(step: str, record: Any, *, by: Any) -> str:
    return "" if step in DERIVED else lacking(by, f"norms.obligation.{step}")
