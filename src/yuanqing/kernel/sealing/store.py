"""The sealed values and keys themselves: making them, opening them, and checking them without opening."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.envelope import Context, Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedPiece, SealedValue, SealingKey, Wrap

PIECE = 1 << 20


def context_of(value: SealedValue) -> Context:
    """Where the value says it belongs, and which value it is: none can take another's place."""
    return Context(settings.ORIGIN, value.channel, f"{value.belongs_to}/{value.pk}", value.field)


def wrap_context(key_id: UUID, holder_id: UUID | None, generation: int) -> Context:
    return Context(settings.ORIGIN, "key", str(key_id), f"{holder_id or 'receipt'}.{generation}")


def slot_context(holder_id: UUID, kind: str) -> Context:
    return Context(settings.ORIGIN, "slot", str(holder_id), kind)


@dataclass
class Bundle:
    """密封件: a key that is not saved yet, with its secret, wraps and values; `records` and `rows` are to be saved."""

    key: SealingKey
    secret: str
    wraps: list[Wrap] = field(default_factory=list)
    values: list[SealedValue] = field(default_factory=list)
    pieces: list[SealedPiece] = field(default_factory=list)

    def save_rows(self) -> None:
        """Wraps and pieces; the records (key and values) are saved by the act under way."""
        Wrap.objects.bulk_create(self.wraps)
        SealedPiece.objects.bulk_create(self.pieces)


def new_bundle(holders: Sequence[Holder], receipt_public: str = "") -> Bundle:
    """A new identity, its secret sealed to each holder and to the receipt."""
    secret, public = envelope.new_identity()
    recipients = sorted(holder.pk for holder in holders)
    key = SealingKey(pk=uuid4(), public=public, recipients=recipients, has_receipt=bool(receipt_public))
    bundle = Bundle(key, secret)
    bundle.wraps = [new_wrap(key, secret, holder.pk, holder.public) for holder in holders]
    if receipt_public:
        bundle.wraps.append(new_wrap(key, secret, None, receipt_public))
    return bundle


def new_wrap(key: SealingKey, secret: str, holder_id: UUID | None, public: str) -> Wrap:
    context = wrap_context(key.pk, holder_id, key.generation)
    body = envelope.seal(secret.encode(), context, [public])
    return Wrap(key_id=key.pk, holder_id=holder_id, generation=key.generation, body=body)


def recipients_with_escrow(holders: Iterable[Holder]) -> list[Holder]:
    """The holders and the escrow; nothing is sealed that could be lost with one person."""
    escrow = Holder.objects.active().filter(kind="escrow").first()
    if escrow is None:
        raise LookupError(_("还没有建立托管钥匙。"))
    return [*(h for h in holders if h.pk != escrow.pk), escrow]


def secret_of(key: SealingKey, identity: str, holder_id: UUID | None) -> str:
    """The secret of the matter for this holder, or (None) for the receipt."""
    wrap = (key.wraps.filter(holder=holder_id) if holder_id else key.wraps.filter(holder__isnull=True)).first()
    if wrap is None:
        raise Unopenable
    secret = envelope.unseal(bytes(wrap.body), wrap_context(key.pk, holder_id, wrap.generation), identity).decode()
    if envelope.public_of(secret) != key.public:
        raise Unopenable
    return secret


def new_value(key: SealingKey, channel: str, belongs_to: UUID, name: str) -> SealedValue:
    """A value without a body yet; `finish_value` or `sealed_in` completes it."""
    return SealedValue(pk=uuid4(), key=key, channel=channel, belongs_to=belongs_to, field=name)


def finish_value(value: SealedValue, digest: bytes) -> SealedValue:
    """Commit to the body whose SHA-256 this is."""
    value.salt = secrets.token_bytes(16)
    value.commitment = commitment(value.salt, digest)
    return value


def sealed_in(value: SealedValue, content: bytes) -> list[SealedPiece]:
    """Seal a whole content; returns its pieces."""
    body = envelope.seal(content, context_of(value), [value.key.public])
    finish_value(value, sha256(body).digest())
    return pieces_of(value, body)


def pieces_of(value: SealedValue, body: bytes) -> list[SealedPiece]:
    starts = range(0, len(body), PIECE)
    return [SealedPiece(value_id=value.pk, position=n, body=body[at : at + PIECE]) for n, at in enumerate(starts)]


def commitment(salt: bytes, digest: bytes) -> bytes:
    return sha256(salt + digest).digest()


def body_of(value: SealedValue) -> bytes:
    rows = SealedPiece.objects.filter(value=value).order_by("position").values_list("body", flat=True)
    return b"".join(bytes(row) for row in rows)


def is_intact(value: SealedValue) -> bool:
    """Whether the body is the one the ledger's commitment was made for; needs no key."""
    return commitment(bytes(value.salt), sha256(body_of(value)).digest()) == bytes(value.commitment)


def open_value(value: SealedValue, secret: str) -> bytes:
    """The content; Unopenable when the body was altered or belongs elsewhere."""
    return envelope.unseal(body_of(value), context_of(value), secret)


def altered() -> list[UUID]:
    """Values whose body is gone or is not what was committed to, found in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.id FROM kernel_sealedvalue v
            LEFT JOIN LATERAL (SELECT string_agg(p.body, ''::bytea ORDER BY p.position) AS body
                               FROM kernel_sealedpiece p WHERE p.value_id = v.id) b ON true
            WHERE v.destroyed_on IS NULL
              AND sha256(v.salt || sha256(coalesce(b.body, ''::bytea))) IS DISTINCT FROM v.commitment
            ORDER BY v.id
            """
        )
        return [row[0] for row in cursor.fetchall()]
