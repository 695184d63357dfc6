"""密钥: the secrets of this installation, each made once and kept in one closed folder.

A secret appears under its name only when it is completely written (a link to a finished temporary file), so two
processes that start at once agree on the one that came first, and a crash leaves nothing half made.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

SECRET = "django.secret"  # noqa: S105 - the name of a file
LEDGER_MAC = "ledger.mac"
LEDGER_SIGNING = "ledger.key"
RECEIPT_PEPPER = "receipt.pepper"
FACTORS = "factors.key"


def secret_key(folder: Path) -> str:
    """Django's SECRET_KEY: signs sessions and form tokens."""
    return _kept(folder / SECRET, lambda: secrets.token_urlsafe(48).encode()).decode()


def mac_key(folder: Path) -> bytes:
    """32 bytes under which the ledger's salted commitments are made; the file holds them in hex."""
    return bytes.fromhex(_kept(folder / LEDGER_MAC, lambda: secrets.token_hex(32).encode()).decode())


def pepper(folder: Path) -> bytes:
    """32 bytes without which a receipt leads nowhere; the file holds them in hex and belongs into every backup."""
    return bytes.fromhex(_kept(folder / RECEIPT_PEPPER, lambda: secrets.token_hex(32).encode()).decode())


def factor_key(folder: Path) -> bytes:
    """The key that seals the secrets of second factors in the database; URL-safe base64 of 32 bytes."""
    return _kept(folder / FACTORS, lambda: urlsafe_b64encode(secrets.token_bytes(32)))


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The Ed25519 key that signs ledger checkpoints; the file is unencrypted PKCS#8 PEM."""
    key = load_pem_private_key(_kept(folder / LEDGER_SIGNING, _new_signing_key), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{folder / LEDGER_SIGNING} does not hold an Ed25519 key.")
    return key


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of the file, which is made first when it does not exist."""
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _write(draft, make() + b"\n")
        with suppress(FileExistsError):  # when another process was first, its secret holds
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_bytes().strip()


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
