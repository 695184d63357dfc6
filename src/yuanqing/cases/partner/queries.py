"""The bodies in force, this body's own card, and who opens its mail."""

from __future__ import annotations

from django.conf import settings

from yuanqing.cases.partner import rules
from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.cases.partner.rules import Card
from yuanqing.kernel.ledger import checkpoint
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.models import Holder


def relations() -> dict[str, Entry]:
    return {e.code: e for e in current("transfers").table("relation")}


def relation_label(code: str) -> str:
    table = relations()
    return table[code].label if code in table else code


def mailroom() -> Mailroom | None:
    found: Mailroom | None = Mailroom.objects.in_use().select_related("key").first()
    return found


def own_verifier() -> str:
    return checkpoint.verifier_key(settings.ORIGIN)


def signed(text: str) -> str:
    """A note under this installation's key, the one that signs the ledger's checkpoints."""
    return checkpoint.sign(text, settings.ORIGIN)


def own_card() -> Card | None:
    room = mailroom()
    return Card(room.name, settings.ORIGIN, room.key.public, own_verifier()) if room else None


def own_fingerprint() -> str:
    card = own_card()
    return rules.fingerprint(card.public, card.verifier) if card else ""


def to_let_in(room: Mailroom) -> list[Holder]:
    """Those who receive reports and cannot open the mail yet."""
    receivers = Holder.objects.active().filter(kind="person", receives=True)
    return [holder for holder in receivers if holder.pk not in room.key.recipients]


def known_verifiers() -> dict[str, Partner]:
    """Verifier key → body, of all that were ever confirmed and are in use."""
    return {one.verifier: one for one in Partner.objects.in_use().exclude(verifier="")}
