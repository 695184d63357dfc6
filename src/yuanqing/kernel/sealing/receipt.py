"""回执: 24 random digits shown once; with the installation's pepper they give a lookup tag and an identity.

79.7 bits of chance need no slow derivation. The pepper lies in keys/, outside the database: who has the database
alone can neither look up a receipt nor try digits.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yuanqing.kernel.sealing.bech32 import identity_of
from yuanqing.kernel.sealing.envelope import public_of

DIGITS = 24
NOT_DIGITS = re.compile(r"[\s\-–—·.,，]+")
FULL_WIDTH = {ord(c): str(n) for n, c in enumerate("０１２３４５６７８９")}


@dataclass(frozen=True)
class Receipt:
    """What a receipt leads to: the tag under which the report is found, and the secret that opens it."""

    tag: bytes
    identity: str

    @property
    def public(self) -> str:
        return public_of(self.identity)


def new_digits() -> str:
    return "".join(secrets.choice("0123456789") for _n in range(DIGITS))


def spelled(digits: str) -> str:
    """Six groups of four."""
    return " ".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def read_digits(text: str) -> str:
    """The digits as typed, with or without spaces and dashes; "" when they cannot be a receipt."""
    digits = NOT_DIGITS.sub("", text.translate(FULL_WIDTH))
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def derive(digits: str, pepper: bytes, deployment: str) -> Receipt:
    info = b"yuanqing receipt v1 " + deployment.encode()
    made = HKDF(algorithm=SHA256(), length=64, salt=pepper, info=info).derive(digits.encode())
    return Receipt(made[:32], identity_of(made[32:]))
