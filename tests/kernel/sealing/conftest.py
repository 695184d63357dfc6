"""Holders, an escrow and a sealed matter, made anew for each test."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import pytest

from yuanqing.kernel.acts import SYSTEM, act, once_saved, registry
from yuanqing.kernel.sealing import actions, envelope, escrow, passphrase, store
from yuanqing.kernel.sealing.models import Holder, SealedValue, SealingKey

WORDS = "三人行必有我师焉择其善者而从之"


@dataclass
class House:
    """Who holds what."""

    first: Holder
    second: Holder
    secrets: dict[str, str]
    shares: list[str]
    escrow: Holder


@act(SealedValue, creates=True, step="keep_sealed", label="封存")
def keep_sealed(*, by, bundle: store.Bundle) -> SealedValue:
    """What nouns do inside their own acts."""
    once_saved(lambda: actions.keep_all([bundle.key, *bundle.values[1:]]))
    once_saved(bundle.save_rows)
    return bundle.values[0]


registry.pop((SealedValue, "keep_sealed"))  # no act of the product


def enrolled(name: str) -> tuple[Holder, actions.Enrolment]:
    fresh = actions.new_enrolment(WORDS)
    return actions.enrol(by=SYSTEM, account_id=uuid4(), name=name, fresh=fresh, receives=True), fresh


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases are stretched less; how much is no part of what is tested here."""
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "PASSES", 1)


@pytest.fixture
def house(db: None) -> House:
    first, one = enrolled("甲")
    second, two = enrolled("乙")
    secret, public = envelope.new_identity()
    keeper = actions.found_escrow(by=SYSTEM, public=public, needed=3, custodians=5)
    return House(first, second, {"甲": one.secret, "乙": two.secret}, escrow.split(secret, 3, 5), keeper)


def matter(house: House, content: bytes = b"facts", receipt: str = "") -> tuple[SealingKey, SealedValue]:
    bundle = store.new_bundle(store.recipients_with_escrow([house.first, house.second]), receipt)
    value = store.new_value(bundle.key, "web", uuid4(), "content")
    bundle.pieces = store.sealed_in(value, content)
    bundle.values = [value]
    keep_sealed(by=SYSTEM, bundle=bundle)
    return bundle.key, value
