"""信封: what is inside an age file of ours: a header that names its place, the content, padding, the length.

    {"channel":…,"deployment":…,"field":…,"record":…,"version":1}\\n  content  zeros  8 bytes: length of the content

Whoever moves a file to another record, field or installation is found out when it is opened: the header no longer
fits. The whole is padded by Padmé, so that its size says little. Everything that can be wrong gives one error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyrage

VERSION = 1
TRAILER = 8
SMALLEST = 512  # shorter ones are padded to this


class Unopenable(Exception):
    """The file cannot be opened: altered, in the wrong place, or not for this key; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("cannot be opened")


@dataclass(frozen=True)
class Context:
    """Where a sealed value belongs."""

    deployment: str
    channel: str
    record: str
    field: str
    version: int = VERSION

    def header(self) -> bytes:
        """One canonical line."""
        said = {
            "channel": self.channel,
            "deployment": self.deployment,
            "field": self.field,
            "record": self.record,
            "version": self.version,
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def padded_length(length: int) -> int:
    """Padmé: the next length of which only the leading bits vary; at most 12 % longer (Nikitin et al., 2019)."""
    length = max(length, SMALLEST)
    exponent = length.bit_length() - 1
    last_bits = exponent - exponent.bit_length()
    mask = (1 << last_bits) - 1
    return (length + mask) & ~mask


def ending(header: int, content: int) -> bytes:
    """Padding and trailer for a content of this many bytes after a header of that many."""
    total = padded_length(header + content + TRAILER)
    return bytes(total - header - content - TRAILER) + content.to_bytes(TRAILER, "big")


def wrapped(content: bytes, context: Context) -> bytes:
    header = context.header()
    return header + content + ending(len(header), len(content))


def unwrapped(plain: bytes, context: Context) -> bytes:
    """The content; Unopenable unless header, length and padding are exactly what sealing would have made."""
    header = context.header()
    length = int.from_bytes(plain[-TRAILER:], "big")
    fits = len(plain) >= len(header) + TRAILER and plain.startswith(header)
    if not fits or length > len(plain) - len(header) - TRAILER:
        raise Unopenable
    if plain[len(header) + length :] != ending(len(header), length):
        raise Unopenable
    return plain[len(header) : len(header) + length]


def recipient(public: str) -> pyrage.x25519.Recipient:
    return pyrage.x25519.Recipient.from_str(public)


def seal(content: bytes, context: Context, publics: Iterable[str]) -> bytes:
    """An age v1 file for these public keys (age1…)."""
    return bytes(pyrage.encrypt(wrapped(content, context), [recipient(public) for public in publics]))


def unseal(sealed: bytes, context: Context, identity: str) -> bytes:
    """What was sealed in this place; Unopenable for whatever reason."""
    try:
        plain = bytes(pyrage.decrypt(bytes(sealed), [pyrage.x25519.Identity.from_str(identity)]))
    except Exception as error:  # one error for every cause, and none that quotes what it saw
        raise Unopenable from error
    return unwrapped(plain, context)


def new_identity() -> tuple[str, str]:
    """A fresh secret (AGE-SECRET-KEY-1…) and its public key (age1…)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def public_of(identity: str) -> str:
    """The public key of a secret; Unopenable when it is no identity."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except Exception as error:
        raise Unopenable from error


def is_public(text: str) -> bool:
    try:
        recipient(text)
    except Exception:
        return False
    return True


def fingerprint(public: str) -> str:
    """Twenty digits of the key's SHA-256 in groups of four: what people compare."""
    digits = sha256(public.encode()).hexdigest()[:20]
    return " ".join(digits[at : at + 4] for at in range(0, 20, 4))


Job = tuple[str, str, str, bytes, str, str]  # deployment, key, old field, body, public key of the matter, new field


def resealed(jobs: Sequence[Job], identity: str, public: str) -> list[bytes]:
    """The secrets of matters, each sealed to one more holder; Unopenable where one is not what its matter says."""
    found = []
    for deployment, key, old, body, expected, new in jobs:
        secret = unseal(body, Context(deployment, "key", key, old), identity)
        if public_of(secret.decode()) != expected:
            raise Unopenable
        found.append(seal(secret, Context(deployment, "key", key, new), [public]))
    return found
