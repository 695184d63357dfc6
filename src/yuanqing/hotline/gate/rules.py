"""Stateless tokens: sealed under a key outside the database, with a riddle and a time before which they do not count.

Somebody whose browser runs scripts solves the riddle; somebody without waits for the time. Waiting times are handed
out one after another, so that without scripts no more than one form in so many seconds can be sent by all together.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
PLAIN = 320  # tokens are padded to this, so that they are all as long


def key_from(pepper: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=pepper, info=f"yuanqing hotline {purpose}".encode()).derive(b"")


def enclose(said: dict[str, Any], key: bytes) -> str:
    """An opaque token that only this installation reads."""
    nonce = secrets.token_bytes(NONCE)
    plain = json.dumps(said, separators=(",", ":")).encode().ljust(PLAIN)
    return base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, plain, b"")).decode()


def disclose(token: str, key: bytes) -> dict[str, Any]:
    """What a token says; empty when it is none of ours."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
        found: dict[str, Any] = json.loads(AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], b""))
    except (ValueError, InvalidTag):
        return {}
    return found


@dataclass(frozen=True)
class Challenge:
    """What one form carries."""

    riddle: str
    bits: int
    not_before: float
    expires: float
    digits: str  # the receipt that this form will get

    @classmethod
    def read(cls, token: str, key: bytes) -> Challenge | None:
        said = disclose(token, key)
        return cls(**said) if set(said) == set(cls.__dataclass_fields__) else None

    def token(self, key: bytes) -> str:
        return enclose(dict(vars(self)), key)

    def is_solved(self, answer: str) -> bool:
        """Whether the answer's hash begins with enough zero bits."""
        if not answer.isascii() or len(answer) > 20:
            return False
        return leading_zeros(sha256(f"{self.riddle}:{answer}".encode()).digest()) >= self.bits

    def seconds_left(self, now: float) -> int:
        return max(0, int(self.not_before - now + 0.999))


def leading_zeros(digest: bytes) -> int:
    value = int.from_bytes(digest, "big")
    return len(digest) * 8 - value.bit_length()


def solve(riddle: str, bits: int) -> str:
    """What the browser's script does; for programs and tests."""
    number = 0
    while leading_zeros(sha256(f"{riddle}:{number}".encode()).digest()) < bits:
        number += 1
    return str(number)


class Turnstile:
    """Hands out waiting times: at least `wait` seconds from now, and `gap` seconds after the one before."""

    def __init__(self) -> None:
        self._last, self._lock = 0.0, Lock()

    def next(self, now: float, wait: float, gap: float) -> float:
        with self._lock:
            self._last = max(now + wait, self._last + gap)
            return self._last
