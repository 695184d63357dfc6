"""解锁槽: a passphrase or a recovery code opens a holder's secret. Argon2id makes an age identity of it."""

from __future__ import annotations

import secrets

from argon2.low_level import Type, hash_secret_raw

from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.bech32 import identity_of

MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 1  # about 0.15 s on one core
SALT = 16
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
SHORTEST = 12


def _identity(words: str, salt: bytes) -> str:
    plain = " ".join(words.split()).encode()
    return identity_of(hash_secret_raw(plain, salt, PASSES, MEMORY_KIB, LANES, 32, Type.ID))


def lock(secret: str, words: str, context: envelope.Context) -> tuple[bytes, bytes]:
    """(salt, sealed secret)."""
    salt = secrets.token_bytes(SALT)
    return salt, envelope.seal(secret.encode(), context, [envelope.public_of(_identity(words, salt))])


def unlock(sealed: bytes, salt: bytes, words: str, context: envelope.Context) -> str:
    """The secret; Unopenable when the words are wrong."""
    return envelope.unseal(sealed, context, _identity(words, salt)).decode()


def new_code() -> str:
    """Six groups of five: some 148 bits, without letters that are mistaken for one another."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _n in range(5)) for _group in range(6))
