"""Letting in, shutting out, unlocking and the escrow; what is altered in the database is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.kernel.sealing.conftest import WORDS, enrolled, matter

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.ledger.verify import verify
from yuanqing.kernel.sealing import actions, envelope, escrow, receipt, store, unlocking
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import SealedPiece, SealingKey, Slot, Unlocked, Wrap

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


@dataclass
class Person:
    """An account as the kernel sees it."""

    pk: UUID
    allowed: set[str] = field(default_factory=set)
    is_active: bool = True

    def can(self, capability: str, unit: Any = None) -> bool:
        return capability in self.allowed


def test_each_recipient_the_receipt_and_the_escrow_open_a_matter(house):
    slip = receipt.derive(receipt.new_digits(), b"p" * 32, "x")
    key, value = matter(house, "事实".encode(), slip.public)
    shared = escrow.combine(house.shares[:3])
    for identity, holder in (
        (house.secrets["甲"], house.first.pk),
        (house.secrets["乙"], house.second.pk),
        (shared, house.escrow.pk),
        (slip.identity, None),
    ):
        assert store.open_value(value, store.secret_of(key, identity, holder)) == "事实".encode()
    with pytest.raises(Unopenable):
        store.secret_of(key, house.secrets["甲"], house.second.pk)
    with pytest.raises(Unopenable):
        store.secret_of(key, house.secrets["甲"], uuid4())


def test_values_cannot_be_exchanged_between_records(house):
    (key, one), (_key, two) = matter(house, b"one"), matter(house, b"two")
    secret = store.secret_of(key, house.secrets["甲"], house.first.pk)
    body = store.body_of(two)
    SealedPiece.objects.filter(value=one).update(body=body)
    with pytest.raises(Unopenable):
        store.open_value(one, secret)
    assert not store.is_intact(one)
    assert store.altered() == [one.pk]


@committed
def test_the_verifier_names_an_altered_and_a_deleted_body(house):
    _key, one = matter(house)
    _key, two = matter(house)
    assert verify().is_sound
    SealedPiece.objects.filter(value=one).update(body=b"age-encryption.org/v1 nonsense")
    SealedPiece.objects.filter(value=two).delete()
    said = " ".join(verify().problems)
    assert str(one.pk) in said
    assert str(two.pk) in said


def test_admitting_seals_one_secret(house):
    third, fresh = enrolled("丙")
    key, value = matter(house)
    secret = store.secret_of(key, house.secrets["甲"], house.first.pk)
    actions.admit(key, by=SYSTEM, secret=secret, holder=third)
    assert store.open_value(value, store.secret_of(key, fresh.secret, third.pk)) == b"facts"
    with pytest.raises(ValidationError, match="已经能打开"):
        actions.admit(key, by=SYSTEM, secret=secret, holder=third)
    with pytest.raises(ValidationError, match="解锁"):
        actions.admit(key, by=SYSTEM, secret=fresh.secret, holder=third)


@committed
def test_shutting_out_seals_everything_anew(house):
    slip = receipt.derive(receipt.new_digits(), b"p" * 32, "x")
    key, value = matter(house, b"facts", slip.public)
    old = store.secret_of(key, house.secrets["乙"], house.second.pk)
    before = store.body_of(value)
    with pytest.raises(ValidationError, match="回执"):
        actions.expel(key, by=SYSTEM, secret=old, holders=[house.second])
    key.refresh_from_db()
    actions.expel(key, by=SYSTEM, secret=old, holders=[house.second], receipt_public=slip.public)
    value.refresh_from_db()
    assert store.body_of(value) != before
    with pytest.raises(Unopenable):
        store.open_value(value, old)
    with pytest.raises(Unopenable):
        store.secret_of(key, house.secrets["乙"], house.second.pk)
    for identity, holder in ((house.secrets["甲"], house.first.pk), (slip.identity, None)):
        assert store.open_value(value, store.secret_of(key, identity, holder)) == b"facts"
    assert store.altered() == []
    assert verify().is_sound


def test_somebody_must_be_able_to_open_what_is_left(house):
    key, _value = matter(house)
    secret = store.secret_of(key, house.secrets["甲"], house.first.pk)
    with pytest.raises(ValidationError, match="至少"):
        actions.expel(key, by=SYSTEM, secret=secret, holders=[house.first, house.second])
    assert Wrap.objects.filter(key=key).count() == 3


def test_who_cannot_open_lets_nobody_in(house):
    key, _value = matter(house)
    secret = store.secret_of(key, house.secrets["甲"], house.first.pk)
    third, _fresh = enrolled("丙")
    stranger = Person(third.account_id, {"kernel.sealing.admit"})
    with pytest.raises(Refused, match="能打开"):
        actions.admit(key, by=stranger, secret=secret, holder=third)
    with pytest.raises(Refused, match="权限"):
        actions.admit(key, by=Person(house.first.account_id), secret=secret, holder=third)
    entitled = Person(house.first.account_id, {"kernel.sealing.admit"})
    actions.admit(key, by=entitled, secret=secret, holder=third)
    assert third.pk in SealingKey.objects.get(pk=key.pk).recipients


def test_unlocking_lasts_a_quarter_of_an_hour_without_use(house, monkeypatch):
    person = Person(house.first.account_id)
    with pytest.raises(Unopenable):
        unlocking.begin(person, "not the passphrase")
    cookie = unlocking.begin(person, WORDS)
    assert unlocking.current(person, cookie).identity == house.secrets["甲"]
    assert house.secrets["甲"].encode() not in bytes(Unlocked.objects.get().body)
    for wrong in ("", "x.y", cookie[:-2] + "00", f"{uuid4().hex}.{'0' * 64}"):
        assert unlocking.current(person, wrong) is None
    assert unlocking.current(Person(house.second.account_id), cookie) is None
    start = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=14))
    assert unlocking.current(person, cookie) is not None
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=28))
    assert unlocking.current(person, cookie) is not None
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=44))
    assert unlocking.current(person, cookie) is None


def test_locking_again_ends_it_at_once(house):
    person = Person(house.first.account_id)
    cookie = unlocking.begin(person, WORDS)
    unlocking.end(person, cookie)
    assert unlocking.current(person, cookie) is None


def test_the_recovery_code_opens_and_changes_the_passphrase(db):
    holder, fresh = enrolled("丁")
    person = Person(holder.account_id, {"kernel.sealing.change_words"})
    assert unlocking.identity_by(holder, fresh.code) == fresh.secret
    slot = Slot.objects.get(holder=holder, kind="passphrase")
    actions.change_words(slot, by=person, secret=fresh.secret, words="an entirely new passphrase")
    with pytest.raises(Unopenable):
        unlocking.identity_by(holder, WORDS)
    assert unlocking.identity_by(holder, "an entirely new passphrase") == fresh.secret
    with pytest.raises(ValidationError, match="没有解锁"):
        actions.change_words(slot, by=person, secret=envelope.new_identity()[0], words="whatever it may be")


@committed
def test_opening_the_escrow_is_recorded_and_gives_one_holder_access(house):
    third, fresh = enrolled("丙")
    key, value = matter(house)
    with pytest.raises(Unopenable):
        actions.open_escrow(by=SYSTEM, shares=house.shares[:2], keys=[key], to=third, reason="持钥人离任")
    with pytest.raises(ValidationError, match="事由"):
        actions.open_escrow(by=SYSTEM, shares=house.shares[:3], keys=[key], to=third, reason=" ")
    ceremony = actions.open_escrow(by=SYSTEM, shares=house.shares[1:4], keys=[key], to=third, reason="持钥人离任")
    assert ceremony.keys == [key.pk]
    assert store.open_value(value, store.secret_of(key, fresh.secret, third.pk)) == b"facts"
    assert verify().is_sound


def test_without_an_escrow_nothing_is_sealed(db):
    holder, _fresh = enrolled("甲")
    with pytest.raises(LookupError, match="托管"):
        store.recipients_with_escrow([holder])


@committed
def test_what_is_destroyed_leaves_its_commitment(house):
    _key, value = matter(house)
    actions.destroy(value, by=SYSTEM, reason="保存期满")
    assert store.body_of(value) == b""
    assert store.altered() == []
    assert verify().is_sound


def test_a_short_passphrase_is_refused():
    with pytest.raises(ValidationError, match="12"):
        actions.new_enrolment("short")
