"""Acts on keys: enrol, retire, change the passphrase, let in and shut out, open the escrow, destroy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import act, keep, note, once_saved
from yuanqing.kernel.records import Record
from yuanqing.kernel.sealing import envelope, escrow, passphrase, store
from yuanqing.kernel.sealing.models import Ceremony, Holder, SealedPiece, SealedValue, SealingKey, Slot, Wrap


@dataclass(frozen=True)
class Enrolment:
    """A new secret and the recovery code to be shown once."""

    secret: str
    public: str
    passphrase: str
    code: str


def new_enrolment(words: str) -> Enrolment:
    """ValidationError when the passphrase is too short."""
    if len(words.strip()) < passphrase.SHORTEST:
        raise ValidationError(_("解锁口令至少 %(n)s 个字。") % {"n": passphrase.SHORTEST})
    secret, public = envelope.new_identity()
    return Enrolment(secret, public, words, passphrase.new_code())


@act(Holder, creates=True, label=gettext_lazy("启用钥匙"))
def enrol(*, by: Any, name: str, fresh: Enrolment, account_id: UUID | None = None, receives: bool = False) -> Holder:
    """A person's key with its two slots; only the account itself may do it."""
    holder = Holder(
        pk=uuid4(),
        account_id=account_id or by.pk,
        name=name,
        public=fresh.public,
        receives=receives,
        since_on=timezone.localdate(),
    )
    slots = [_slot(holder, "passphrase", fresh.secret, fresh.passphrase)]
    slots.append(_slot(holder, "recovery", fresh.secret, fresh.code))
    once_saved(lambda: keep_all(slots))
    note(fingerprint=holder.fingerprint)
    return holder


def keep_all(records: Iterable[Record]) -> None:
    for record in records:
        keep(record)


def _slot(holder: Holder, kind: str, secret: str, words: str) -> Slot:
    salt, sealed = passphrase.lock(secret, words, store.slot_context(holder.pk, kind))
    return Slot(holder=holder, kind=kind, salt=salt, sealed=sealed)


@act(Slot, label=gettext_lazy("更换解锁口令"))
def change_words(slot: Slot, *, by: Any, secret: str, words: str) -> None:
    """A new passphrase or recovery code for the same secret."""
    if envelope.public_of(secret) != slot.holder.public:
        raise ValidationError(_("没有解锁，不能更换。"))
    slot.salt, slot.sealed = passphrase.lock(secret, words, store.slot_context(slot.holder_id, slot.kind))


@act(Holder, creates=True, label=gettext_lazy("建立托管钥匙"))
def found_escrow(*, by: Any, public: str, needed: int, custodians: int) -> Holder:
    """The escrow's public key; its secret was split before and is kept nowhere here."""
    return Holder(
        pk=uuid4(),
        kind="escrow",
        name=_("托管"),
        public=public,
        needed=needed,
        custodians=custodians,
        since_on=timezone.localdate(),
    )


@act(Holder, creates=True, label=gettext_lazy("登记上级机关公钥"))
def register_superior(*, by: Any, name: str, public: str) -> Holder:
    """The key that matters of a higher body leave under."""
    if not envelope.is_public(public):
        raise ValidationError({"public": _("这不是 age 公钥（应以 age1 开头）。")})
    return Holder(pk=uuid4(), kind="superior", name=name, public=public, since_on=timezone.localdate())


@act(Holder, label=gettext_lazy("接收举报"))
def set_receiving(holder: Holder, *, by: Any, receives: bool) -> None:
    holder.receives = receives
    note(receives=receives)


@act(Holder, label=gettext_lazy("停用钥匙"))
def retire(holder: Holder, *, by: Any, reason: str) -> None:
    """Nothing new is sealed to it; what is still sealed to it is re-sealed matter by matter."""
    if not reason.strip():
        raise ValidationError(_("请写明停用的理由。"))
    holder.retired_on, holder.receives = timezone.localdate(), False
    note(reason=reason)


@act(SealingKey, label=gettext_lazy("准许查看"))
def admit(key: SealingKey, *, by: Any, secret: str, holder: Holder) -> None:
    """Seal the matter's secret to one more holder."""
    _must_open(key, secret)
    if holder.retired_on is not None:
        raise ValidationError(_("这把钥匙已经停用。"))
    if holder.pk in key.recipients:
        raise ValidationError(_("%(name)s 已经能打开。") % {"name": holder.name})
    key.recipients = sorted([*key.recipients, holder.pk])
    store.new_wrap(key, secret, holder.pk, holder.public).save()
    note(holder=holder.name, fingerprint=holder.fingerprint)


@act(SealingKey, label=gettext_lazy("取消查看并重新封存"))
def expel(key: SealingKey, *, by: Any, secret: str, holders: Sequence[Holder], receipt_public: str = "") -> None:
    """A new identity for the matter without these holders; everything is sealed anew and the old secret is worthless.

    The receipt's public key is known to the matter (it stands inside the sealed content), so that the reporter's
    receipt goes on opening it.
    """
    _must_open(key, secret)
    gone = {holder.pk for holder in holders}
    staying = [h for h in Holder.objects.filter(pk__in=key.recipients) if h.pk not in gone]
    if not any(h.kind == "person" for h in staying):
        raise ValidationError(_("至少要留下一个能打开的人。"))
    if key.has_receipt and not receipt_public:
        raise ValidationError(_("缺少举报人回执的公钥，不能重新封存。"))
    contents = [(v, store.open_value(v, secret)) for v in key.values.filter(destroyed_on__isnull=True)]
    fresh, key.public = envelope.new_identity()
    key.generation += 1
    key.recipients = sorted(h.pk for h in staying)
    Wrap.objects.filter(key=key).delete()
    wraps = [store.new_wrap(key, fresh, h.pk, h.public) for h in staying]
    if receipt_public:
        wraps.append(store.new_wrap(key, fresh, None, receipt_public))
    Wrap.objects.bulk_create(wraps)
    for value, content in contents:
        value.key = key
        SealedPiece.objects.filter(value=value).delete()
        SealedPiece.objects.bulk_create(store.sealed_in(value, content))
    once_saved(lambda: keep_all([value for value, _content in contents]))
    note(holders="、".join(holder.name for holder in holders), generation=key.generation)


def _must_open(key: SealingKey, secret: str) -> None:
    if envelope.public_of(secret) != key.public:
        raise ValidationError(_("请先解锁案卷。"))


@act(SealedValue, label=gettext_lazy("销毁封存内容"))
def destroy(value: SealedValue, *, by: Any, reason: str) -> None:
    """The body goes, the commitment and the ledger stay."""
    if not reason.strip():
        raise ValidationError(_("请写明销毁的依据。"))
    SealedPiece.objects.filter(value=value).delete()
    value.destroyed_on = timezone.localdate()
    note(reason=reason)


@act(Ceremony, creates=True, label=gettext_lazy("开启托管"))
def open_escrow(*, by: Any, shares: Sequence[str], keys: Iterable[SealingKey], to: Holder, reason: str) -> Ceremony:
    """With enough shares, seal the secrets of these matters to one more holder; Unopenable when they do not suffice."""
    secret = escrow.combine(shares)
    holder = Holder.objects.active().get(kind="escrow")
    if envelope.public_of(secret) != holder.public:
        raise envelope.Unopenable
    if not reason.strip():
        raise ValidationError(_("请写明开启托管的事由。"))
    opened, changed = list(keys), list[SealingKey]()
    for key in opened:
        if to.pk not in key.recipients:
            found = store.secret_of(key, secret, holder.pk)
            key.recipients = sorted([*key.recipients, to.pk])
            store.new_wrap(key, found, to.pk, to.public).save()
            changed.append(key)
    once_saved(lambda: keep_all(changed))
    note(reason=reason, matters=len(opened), holder=to.name)
    return Ceremony(
        escrow=holder,
        to=to,
        opened_by_id=by.pk,
        opened_at=timezone.now(),
        shares=len(shares),
        reason=reason,
        keys=[key.pk for key in opened],
    )
