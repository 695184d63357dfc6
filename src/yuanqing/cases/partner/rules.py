"""Signed notes of other bodies, and the card on which a body tells its keys; plain values in and out.

A note is text, an empty line, and a line `— name base64(four bytes that name the key, Ed25519 signature)`, as in the C2SP
signed-note format in which the ledger's checkpoints are written; a verifier key is `name+hash+base64(1, public key)`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CARD = "yuanqing partner card v1"
LONGEST = 20_000  # bytes of a note


@dataclass(frozen=True)
class Card:
    """名片: what a body tells about itself."""

    name: str
    origin: str
    public: str  # age public key under which it receives
    verifier: str


def public_key(verifier: str) -> tuple[str, bytes, Ed25519PublicKey]:
    """(name, the four bytes that name the key, the key) of a verifier key; ValueError when it is none."""
    parts = verifier.strip().split("+", 2)
    if len(parts) != 3:
        raise ValueError("not a verifier key")
    name, named, encoded = parts
    try:
        raw = base64.b64decode(encoded, validate=True)
        told = bytes.fromhex(named)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not a verifier key") from error
    if len(raw) != 33 or raw[0] != 1 or told != sha256(name.encode() + b"\n" + raw).digest()[:4]:
        raise ValueError("not a verifier key")
    return name, told, Ed25519PublicKey.from_public_bytes(raw[1:])


def parts_of(note: str) -> tuple[str, bytes]:
    """(signed text, raw signature with its four bytes) of a note with one signature; ValueError when it has not this form."""
    text, gap, last = note.rpartition("\n\n— ")
    line = last.rstrip("\n")
    if not gap or "\n" in line or len(note) > LONGEST:
        raise ValueError("not a signed note")
    try:
        raw = base64.b64decode(line.rpartition(" ")[2], validate=True)
    except binascii.Error as error:
        raise ValueError("not a signed note") from error
    if len(raw) != 68:
        raise ValueError("not a signed note")
    return f"{text}\n", raw


def signer_of(note: str, verifiers: Iterable[str]) -> str:
    """Which of these verifier keys the note names; "" when none. Whether the signature fits is another question."""
    named = parts_of(note)[1][:4]
    return next((one for one in verifiers if public_key(one)[1] == named), "")


def is_signed(note: str, verifier: str) -> bool:
    """Whether this key signed exactly this text, and nothing beside the text was altered either."""
    text, raw = parts_of(note)
    name, named, key = public_key(verifier)
    if raw[:4] != named or note != f"{text}\n— {name} {base64.b64encode(raw).decode()}\n":
        return False
    try:
        key.verify(raw[4:], text.encode())
    except InvalidSignature:
        return False
    return True


def lines_of(note: str, kind: str) -> dict[str, str]:
    """`name: value` of each line below the first, which says what kind of note it is; ValueError when it says another."""
    first, *rest = parts_of(note)[0].rstrip("\n").split("\n")
    if first != kind:
        raise ValueError("another kind of note")
    found = dict(line.partition(": ")[::2] for line in rest)
    if len(found) != len(rest):
        raise ValueError("a line stands twice")
    return found


def text_of(kind: str, lines: Iterable[tuple[str, str]]) -> str:
    """The text to be signed; a value is one line."""
    return "".join([f"{kind}\n", *(f"{name}: {' '.join(value.split())}\n" for name, value in lines)])


def card_text(card: Card) -> str:
    lines = (("name", card.name), ("origin", card.origin), ("age", card.public), ("verifier", card.verifier))
    return text_of(CARD, lines)


def card_of(note: str) -> Card:
    """The card, when whoever holds its signing key signed it; ValueError otherwise."""
    said = lines_of(note, CARD)
    card = Card(said.get("name", ""), said.get("origin", ""), said.get("age", ""), said.get("verifier", ""))
    if not card.name or not is_signed(note, card.verifier):
        raise ValueError("the signature does not fit the text")
    return card


def fingerprint(public: str, verifier: str) -> str:
    """Twenty-four hexadecimal digits over both keys of a body in groups of four: what two people compare."""
    digits = sha256(f"{public}\n{verifier}".encode()).hexdigest()[:24]
    return " ".join(digits[at : at + 4] for at in range(0, 24, 4))


def same_digits(one: str, other: str) -> bool:
    return "".join(one.split()).lower() == "".join(other.split()).lower()
