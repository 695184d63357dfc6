"""Shares of those invited, in basis points; arithmetic on plain values."""

from __future__ import annotations


def share(part: int, whole: int) -> int:
    """`part` of `whole` in basis points, half up; 0 of nothing."""
    return (2 * 10_000 * part + whole) // (2 * whole) if whole else 0
