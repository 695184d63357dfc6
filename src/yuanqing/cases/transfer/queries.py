"""Choice tables, what may be packed, what stands in a matter, and what a file that came says and is worth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.parcel import queries as parcels
from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.queries import Codes
from yuanqing.cases.parcel.rules import Head
from yuanqing.cases.partner import queries as partners
from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.cases.partner.rules import is_signed, signer_of
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import clock, to_bring_above
from yuanqing.cases.transfer.lifecycle import RUNNING
from yuanqing.cases.transfer.models import Item, PackagePiece, Transfer
from yuanqing.kernel.sealing import envelope, store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedValue
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account

TO_PACK = {"petition": ("registered", "accepted"), "lead": ("passed_on", "sent_up")}  # states in which a matter may go


def due(code: str, start: date) -> date | None:
    return clock(code, start) if code else None


# What may go


def packable_petitions(account: Any) -> Any:
    """Petitions the account opens that wait to be taken up, or that have left without a package."""
    gone = Q(state__in=["forwarded", "sent_up"]) & ~Exists(Item.objects.filter(petition=OuterRef("pk")))
    rows = Petition.objects.visible_to(account).filter(Q(state__in=TO_PACK["petition"]) | gone)
    return rows.select_related("key", "content", "report").order_by("-received_on", "-number")


def packable_leads(account: Any) -> Any:
    """Leads whose passing on or sending up was approved and that have not gone yet."""
    rows = Lead.objects.visible_to(account).filter(state__in=TO_PACK["lead"])
    return rows.exclude(Exists(Item.objects.filter(lead=OuterRef("pk")))).select_related("key", "unit")


# What came


@dataclass(frozen=True)
class Came:
    """来件: a file that was checked: who signed it, what its head says, and under which mailroom's key it lies."""

    partner: Partner
    head: Head
    room: Mailroom
    file: bytes


def package_of(file: bytes) -> Came:
    """A package for this body; ValidationError with the sentence that says what is wrong with it."""
    try:
        note, body = rules.parts_of(file)
        head = rules.head_of(note, rules.PACKAGE)
        partner = _signer(note)
    except ValueError as error:
        raise ValidationError({"file": _("这不是材料包，或者文件不完整。请重新取一份。")}) from error
    _insist_untouched(note, body, head, partner)
    room = next((one for one in Mailroom.objects.select_related("key") if one.key.public == head.to), None)
    if room is None:
        raise ValidationError({"file": _("这个材料包不是发给本机关的，请退回发出的机关。")})
    if head.way not in Codes().ways:
        raise ValidationError({"file": _("材料包写明的往来方式本机关的规则包里没有，请与对方联系。")})
    if Transfer.objects.filter(serial=head.serial, course="in").exists():
        raise ValidationError({"file": _("这个材料包已经收过，不能重复收。")})
    return Came(partner, head, room, file)


def _signer(note: str) -> Partner:
    known = partners.known_verifiers()
    named = signer_of(note, known)
    if not named:
        raise ValidationError(
            {"file": _("材料包的签名不是任何一个已核对的往来机关的。请先登记对方并核对指纹；已停用的不收。")}
        )
    return known[named]


def _insist_untouched(note: str, body: bytes, head: Head, partner: Partner) -> None:
    if not is_signed(note, partner.verifier):
        raise ValidationError({"file": _("签名与封面不符：封面被改动过。不要使用，请与对方联系。")})
    if rules.digest_of(body) != head.digest:
        raise ValidationError({"file": _("内容与封面上的 SHA-256 不符：内容被改动过或者没有传完。请重新取一份。")})


def answered_in(file: bytes, kind: str, account: Any) -> tuple[Transfer, Head, bytes]:
    """A receipt or an answer to what was sent from here, with the transfer it is for; ValidationError otherwise.

    `account` None: for a command, whatever the transfer.
    """
    try:
        note, body = (file.decode(), b"") if kind == rules.RECEIPT else rules.parts_of(file)
        head = rules.head_of(note, kind)
        rows: Any = Transfer.objects.all() if account is None else Transfer.objects.visible_to(account)
        transfer = rows.filter(serial=head.serial, course="out").select_related("partner").first()
        if transfer is None:
            raise ValidationError({"file": _("没有发出过这个材料包，或者您打不开其中的事项。")})
        if not is_signed(note, transfer.partner.verifier):
            raise ValidationError({"file": _("签名不是收件机关的，或者内容被改动过。不要使用，请与对方联系。")})
    except (ValueError, UnicodeDecodeError) as error:
        raise ValidationError({"file": _("这不是回执或答复文件，或者文件不完整。")}) from error
    if kind == rules.RECEIPT and (head.digest != transfer.digest or head.to != partners.own_verifier()):
        raise ValidationError({"file": _("回执上的 SHA-256 与发出的材料包不符。请与对方核对收到的是哪一份。")})
    if kind == rules.ANSWER:
        _insist_untouched(note, body, head, transfer.partner)
    found: Transfer = transfer
    return found, head, body


def body_of(transfer: Transfer, part: str) -> bytes:
    rows = PackagePiece.objects.filter(transfer=transfer, part=part).order_by("position")
    return b"".join(bytes(body) for body in rows.values_list("body", flat=True))


def room_of(transfer: Transfer) -> Mailroom | None:
    """The mailroom under whose key a package lies that is not opened yet."""
    found: Mailroom | None = Mailroom.objects.filter(key__in=transfer.guards).select_related("key").first()
    return found


def opened_package(transfer: Transfer, unlocking: Unlocking) -> dict[str, Any]:
    """What a package that came says, in memory alone; Unopenable when it was altered or the key does not fit."""
    room = room_of(transfer)
    if room is None:
        raise Unopenable
    secret = unlocking.secret_of(room.key)
    return parcels.contents(body_of(transfer, "package"), transfer.partner.origin, secret, transfer.matters)


def opened_answer(transfer: Transfer, head: Head, body: bytes, unlocking: Unlocking) -> str:
    """What the other body answered; Unopenable unless it is sealed to a mailroom that the reader opens."""
    room = next((one for one in Mailroom.objects.select_related("key") if one.key.public == head.to), None)
    if room is None:
        raise Unopenable
    place = parcels.place_of(transfer.partner.origin, head, "answer")
    return envelope.unseal(body, place, unlocking.secret_of(room.key)).decode()


# What is said about it


def text_in(value: SealedValue | None, unlocking: Unlocking) -> str:
    """The cover or the answer; "" when there is none or it cannot be opened."""
    if value is None:
        return ""
    try:
        return str(json.loads(store.open_value(value, unlocking.secret_of(value.key))).get("text", ""))
    except (Unopenable, ValueError):
        return ""


def receipt_of(transfer: Transfer) -> str:
    """The receipt for a package that was registered: the same bytes whenever it is asked for."""
    assert transfer.received_on is not None
    head = Head(transfer.serial, transfer.number, transfer.partner.verifier, transfer.received_on, transfer.digest)
    return partners.signed(head.text(rules.RECEIPT))


# Lists, desks and clocks


def visible(account: Any) -> Any:
    return Transfer.objects.visible_to(account).select_related("partner", "receiver", "sent_by")


def overdue(today: date) -> list[Transfer]:
    return to_bring_above(Transfer.objects.running(), today)


def above(transfer: Transfer) -> list[UUID]:
    """Accounts before whom a late transfer is brought: those whose keys open every matter of it and who may send such
    things or decide about their terms, but the one who has to sign for it."""
    holders = Holder.objects.active().filter(kind="person", account_id__isnull=False)
    keys = list(Item.objects.filter(transfer=transfer).values_list("guard__recipients", flat=True))
    ids = {h.account_id for h in holders if keys and all(h.pk in key for key in keys)}
    accounts: Iterable[Account] = Account.objects.filter(pk__in=ids, is_active=True).exclude(pk=transfer.receiver_id)
    return [one.pk for one in accounts if one.can("cases.transfer.pack") or one.can("cases.transfer.prolong")]


def waiting(account: Any) -> dict[str, int]:
    """What the account can open and waits, and how much is late."""
    rows = Transfer.objects.visible_to(account).order_by()
    found: dict[str, int] = rows.aggregate(
        arrived=Count("pk", filter=Q(state="arrived")),
        to_sign=Count("pk", filter=Q(state="sent", course="inside", receiver=account.pk)),
        to_answer=Count("pk", filter=Q(state="taken") | Q(state="delivered", course="inside", receiver=account.pk)),
        late=Count("pk", filter=Q(state__in=RUNNING, due_on__lt=timezone.localdate())),
    )
    return found


def of_matter(account: Any, **matter: Any) -> Sequence[Transfer]:
    """The transfers in which a petition or a lead went or came, for its own page."""
    return list(visible(account).filter(Exists(Item.objects.filter(transfer=OuterRef("pk"), **matter))))
