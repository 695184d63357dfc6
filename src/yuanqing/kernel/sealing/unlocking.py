"""解锁案卷: a second step after signing in. The secret lies in the database under a key only the browser has.

The cookie alone opens nothing, the database alone opens nothing; after a quarter of an hour without use the row is
worthless and the next look throws it away.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from yuanqing.kernel.sealing import passphrase, store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder, SealingKey, Slot, Unlocked

IDLE = timedelta(minutes=15)
COOKIE = "unlocked"
NONCE = 12


@dataclass(frozen=True)
class Unlocking:
    """An unlocked holder for this request."""

    holder: Holder
    identity: str

    def secret_of(self, key: SealingKey) -> str:
        """The secret of a matter; Unopenable when this holder is none of its recipients."""
        return store.secret_of(key, self.identity, self.holder.pk)


def holder_of(account: Any) -> Holder | None:
    return Holder.objects.active().filter(account_id=account.pk).first() if account.pk else None


def identity_by(holder: Holder, words: str) -> str:
    """The holder's secret by passphrase or recovery code; Unopenable when neither fits."""
    for slot in Slot.objects.filter(holder=holder).order_by("kind"):
        try:
            return passphrase.unlock(
                bytes(slot.sealed), bytes(slot.salt), words, store.slot_context(holder.pk, slot.kind)
            )
        except Unopenable:
            continue
    raise Unopenable


def begin(account: Any, words: str) -> str:
    """Unlock with passphrase or recovery code; returns the cookie's value. Unopenable when they are wrong."""
    holder = holder_of(account)
    if holder is None:
        raise Unopenable
    identity = identity_by(holder, words)
    Unlocked.objects.filter(expires_at__lt=timezone.now()).delete()
    key, nonce, row_id = secrets.token_bytes(32), secrets.token_bytes(NONCE), uuid4()
    body = nonce + AESGCM(key).encrypt(nonce, identity.encode(), f"{row_id}{account.pk}".encode())
    Unlocked.objects.create(
        id=row_id, account_id=account.pk, holder=holder, body=body, expires_at=timezone.now() + IDLE
    )
    return f"{row_id.hex}.{key.hex()}"


def _parts(cookie: str) -> tuple[UUID, bytes] | None:
    row, _dot, key = cookie.partition(".")
    try:
        return UUID(row), bytes.fromhex(key)
    except ValueError:
        return None


def current(account: Any, cookie: str) -> Unlocking | None:
    """The unlocked holder of this account, or None; using it puts the end off."""
    parts = _parts(cookie)
    if parts is None or len(parts[1]) != 32:
        return None
    row = Unlocked.objects.select_related("holder").filter(pk=parts[0], account_id=account.pk).first()
    if row is None or row.expires_at < timezone.now() or row.holder.retired_on is not None:
        return None
    body = bytes(row.body)
    try:
        identity = AESGCM(parts[1]).decrypt(body[:NONCE], body[NONCE:], f"{row.pk}{account.pk}".encode()).decode()
    except InvalidTag:
        return None
    if row.expires_at - timezone.now() < IDLE - timedelta(minutes=1):
        Unlocked.objects.filter(pk=row.pk).update(expires_at=timezone.now() + IDLE)
    return Unlocking(row.holder, identity)


def end(account: Any, cookie: str = "") -> None:
    """Lock again: this browser's row, or all of the account."""
    rows = Unlocked.objects.filter(account_id=account.pk)
    parts = _parts(cookie)
    (rows.filter(pk=parts[0]) if parts else rows).delete()
