"""Numbers as they stand in an address or in a hidden field, where anybody may write anything."""

from __future__ import annotations

from typing import Any

DIGITS = 18  # more than any number here has; Python itself refuses to read some thousands


def whole(text: Any) -> int | None:
    """The whole number, not below 0, that the digits say; None for anything else."""
    given = str(text)
    return int(given) if given.isdecimal() and len(given) <= DIGITS else None


def year(text: Any, otherwise: int) -> int:
    """A year of this century, else the other one."""
    given = whole(text)
    return given if given is not None and 2000 <= given <= 2100 else otherwise
