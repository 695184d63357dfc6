"""What a browser that runs scripts sends: the report sealed by itself. Plain values in and out.

The ids of the records stand in the headers of what is sealed, so they must be known beforehand: they follow from the
riddle of the form, which is used once.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from yuanqing.kernel.sealing.envelope import is_public

LARGEST = 512 << 10  # bytes of sealed text
LARGEST_WRAP = 4 << 10
FIRST_LINE = b"age-encryption.org/v1\n"


@dataclass(frozen=True)
class Ids:
    """The ids that a form's records will have."""

    report: UUID
    key: UUID
    content: UUID

    @classmethod
    def of(cls, riddle: str) -> Ids:
        return cls(*(_id(riddle, name) for name in ("report", "key", "content")))


def _id(riddle: str, name: str) -> UUID:
    return UUID(bytes=sha256(f"{riddle} {name}".encode()).digest()[:16], version=4)


@dataclass(frozen=True)
class Sealed:
    """浏览器封好的: a public key, the sealed content, and its secret sealed to each holder ("" is the receipt)."""

    public: str
    content: bytes
    wraps: Mapping[str, bytes]

    @classmethod
    def read(cls, text: str) -> Sealed | None:
        """None when it is nothing of the kind."""
        try:
            said: dict[str, Any] = json.loads(text)
            wraps = {str(name): _file(body, LARGEST_WRAP) for name, body in said["wraps"].items()}
            found = cls(str(said["public"]), _file(said["content"], LARGEST), wraps)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return found if is_public(found.public) else None


def _file(text: str, largest: int) -> bytes:
    """An age file in base64; ValueError when it is none or too large."""
    try:
        body = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error
    if not body.startswith(FIRST_LINE) or len(body) > largest:
        raise ValueError("no age file")
    return body
