"""The number on a certificate, and how much of a name a stranger is told."""

from __future__ import annotations

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that look alike


def new_code() -> str:
    """Twelve letters nobody guesses, in groups of four: 59 bits."""
    drawn = "".join(secrets.choice(LETTERS) for _n in range(12))
    return "-".join(drawn[n : n + 4] for n in (0, 4, 8))


def tidied(text: str) -> str:
    """What somebody typed, as the code is written; "" for what cannot be one."""
    plain = "".join(one for one in text.upper() if one in LETTERS)[:13]
    return "-".join(plain[n : n + 4] for n in (0, 4, 8)) if len(plain) == 12 else ""


def masked(name: str) -> str:
    """The first letter and a circle for each of the others: enough to compare with the paper in hand."""
    return name[:1] + "○" * (len(name) - 1)
