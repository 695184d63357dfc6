"""What a token is and what it covers; pure functions."""

from __future__ import annotations

import secrets
from hashlib import sha256

MARK = "yq_"
LETTERS = 40  # 32 different ones each: 200 bits, so that a plain digest is as good as a slow one
LONGEST_DAYS = 366
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_secret() -> str:
    return MARK + "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))


def digest_of(secret: str) -> str:
    """What is kept of it: hex SHA-256."""
    return sha256(secret.encode()).hexdigest()
