"""Signed checkpoints in the C2SP tlog-checkpoint format (Ed25519 signed note)."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yuanqing.kernel import keys
from yuanqing.kernel.ledger import append, merkle
from yuanqing.kernel.ledger.models import Checkpoint, Entry


def body(origin: str, size: int, root: bytes) -> str:
    """The signed text: origin, size and root, a line each."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_hash(origin: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes that name the key in a signed note."""
    return sha256(origin.encode() + b"\n\x01" + _raw(public)).digest()[:4]


def verifier_key(origin: str) -> str:
    """The public key in the form that checkpoint tools read: name+hash+key."""
    public = keys.signing_key(settings.HOME / "keys").public_key()
    encoded = base64.b64encode(b"\x01" + _raw(public)).decode()
    return f"{origin}+{key_hash(origin, public).hex()}+{encoded}"


def sign(text: str, origin: str) -> str:
    key = keys.signing_key(settings.HOME / "keys")
    signature = base64.b64encode(key_hash(origin, key.public_key()) + key.sign(text.encode())).decode()
    return f"{text}\n— {origin} {signature}\n"


def parse(note: str) -> tuple[str, int, bytes]:
    """(origin, size, root) of a signed note; ValueError when the form or the signature is wrong."""
    text, _, signatures = note.partition("\n\n")
    origin, size, root = text.split("\n")[:3]
    public = keys.signing_key(settings.HOME / "keys").public_key()
    raw = base64.b64decode(signatures.strip().split(" ")[-1])
    if raw[:4] != key_hash(origin, public):
        raise ValueError("signed by another key")
    try:
        public.verify(raw[4:], f"{text}\n".encode())
    except InvalidSignature as error:
        raise ValueError("the signature does not fit the text") from error
    return origin, int(size), base64.b64decode(root)


def folder() -> Path:
    """Where a copy of each checkpoint lies outside the database."""
    path = Path(settings.HOME) / "checkpoints"
    path.mkdir(parents=True, exist_ok=True)
    return path


def take() -> Checkpoint:
    """Sign the tree as it is now; the same size gives the same checkpoint."""
    with transaction.atomic():
        append.lock()
        leaves = [bytes(leaf) for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True).iterator(50_000)]
        size, root = len(leaves), merkle.root(leaves)
        existing = Checkpoint.objects.filter(size=size).first()
        if existing:
            return existing
        note = sign(body(settings.ORIGIN, size, root), settings.ORIGIN)
        checkpoint = Checkpoint.objects.create(size=size, root=root, note=note, at=timezone.now())
    (folder() / f"{size:012d}.txt").write_text(note, encoding="utf-8")
    return checkpoint
