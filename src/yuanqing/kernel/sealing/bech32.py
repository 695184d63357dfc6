"""BIP 173 Bech32, the spelling of age keys: only what turns 32 secret bytes into an identity that age reads."""

from __future__ import annotations

from collections.abc import Iterable

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
PREFIX = "age-secret-key-"


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, mask in enumerate(GENERATOR):
            if top >> bit & 1:
                check ^= mask
    return check


def _expanded(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _regrouped(data: bytes) -> list[int]:
    """Bytes as groups of five bits, the last filled with zeros."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]


def encode(prefix: str, data: bytes) -> str:
    """The Bech32 spelling, in lower case."""
    words = _regrouped(data)
    check = _polymod([*_expanded(prefix), *words, 0, 0, 0, 0, 0, 0]) ^ 1
    words += [check >> 5 * (5 - n) & 31 for n in range(6)]
    return f"{prefix}1{''.join(ALPHABET[word] for word in words)}"


def identity_of(scalar: bytes) -> str:
    """An age identity (AGE-SECRET-KEY-1…) from 32 secret bytes."""
    if len(scalar) != 32:
        raise ValueError("an X25519 secret has 32 bytes")
    return encode(PREFIX, scalar).upper()


def scalar_of(identity: str) -> bytes:
    """The 32 secret bytes of an age identity; ValueError when it is none."""
    text = identity.strip().lower()
    prefix, _one, data = text.rpartition("1")
    if prefix != PREFIX or any(c not in ALPHABET for c in data):
        raise ValueError("no age identity")
    words = [ALPHABET.index(c) for c in data]
    if _polymod([*_expanded(prefix), *words]) != 1:
        raise ValueError("the check letters of the identity do not fit")
    bits = "".join(f"{word:05b}" for word in words[:-6])
    return bytes(int(bits[at : at + 8], 2) for at in range(0, 256, 8))
