"""An organisation whose intake receives reports: three intake clerks, a handler, a reported leader and his people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.cases.bureau import bureau  # noqa: F401 a fixture
from tests.cases.docket import docket  # noqa: F401 a fixture
from tests.stages import stage

from yuanqing.hotline.gate import queries as gate
from yuanqing.hotline.gate.rules import Turnstile
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import envelope, escrow, passphrase, unlocking
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles
from yuanqing.org.person import actions as people
from yuanqing.org.post import actions as posts
from yuanqing.org.unit import actions as units

WORDS = "a passphrase of the tests"
BEGAN = date(2024, 1, 1)


@dataclass
class Office:
    """Accounts and holders by user name."""

    accounts: dict[str, Account] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    shares: list[str] = field(default_factory=list)

    def unlocked(self, name: str) -> Unlocking:
        return Unlocking(self.holders[name], self.identities[name])

    def secret(self, name: str, petition: Any) -> str:
        petition.key.refresh_from_db()
        return self.unlocked(name).secret_of(petition.key)

    def client(self, name: str, *, unlock: bool = False) -> Client:
        client = Client(enforce_csrf_checks=False)
        client.force_login(self.accounts[name])
        if unlock:
            client.cookies[unlocking.COOKIE] = unlocking.begin(self.accounts[name], WORDS)
        return client


CAST = {
    "intake": ("petition_intake", "H"),
    "intake2": ("petition_intake", "H"),
    "boss": ("petition_intake", "S"),  # leads S, and receives reports
    "clerk": ("petition_handler", "S"),  # works below the boss
    "handler": ("petition_handler", "H"),
    "keys": ("key_manager", "H"),
    "admin": ("system_administrator", "H"),
    "staff": ("staff", "H"),
}
WITH_KEYS = ("intake", "intake2", "boss", "clerk", "handler")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "PASSES", 1)
    monkeypatch.setattr("yuanqing.hotline.window.pages.EVEN_SECONDS", 0.0)
    monkeypatch.setattr(gate, "turnstile", Turnstile())


def furnish() -> Office:
    publish_shipped(by=SYSTEM)
    office = Office()
    root = units.found(by=SYSTEM, code="H", name="本部", began_on=BEGAN)
    units_by = {"H": root, "S": units.found(by=SYSTEM, code="S", name="某分公司", parent=root, began_on=BEGAN)}
    for number, (name, (role, unit)) in enumerate(CAST.items(), 1):
        person = people.enrol(by=SYSTEM, number=f"P{number:03d}", name=f"人{number}", unit=units_by[unit])
        office.people[name] = person
        account = accounts.open_account(by=SYSTEM, username=name, display_name=name, password=WORDS, person=person)
        accounts.grant(by=SYSTEM, account=account, role=role, unit=root, starts_on=BEGAN, reason="测试")
        office.accounts[name] = Account.objects.get(pk=account.pk)
    post = posts.create(by=SYSTEM, code="S-1", name="经理", unit=units_by["S"], rank="mid_level_leader")
    posts.appoint(by=SYSTEM, person=office.people["boss"], post=post, starts_on=BEGAN, document="任〔2024〕1号")
    for name in WITH_KEYS:
        fresh = sealing.new_enrolment(WORDS)
        receives = name in ("intake", "intake2", "boss")
        holder = sealing.enrol(
            by=SYSTEM, account_id=office.accounts[name].pk, name=name, fresh=fresh, receives=receives
        )
        office.holders[name], office.identities[name] = holder, fresh.secret
    secret, public = envelope.new_identity()
    office.shares = escrow.split(secret, 3, 5)
    sealing.found_escrow(by=SYSTEM, public=public, needed=3, custodians=5)
    sealing.register_superior(by=SYSTEM, name="上级", public=envelope.new_identity()[1])
    return office


def furnished() -> Office:
    """With keys that are made quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "MEMORY_KIB", 64)
        patch.setattr(passphrase, "PASSES", 1)
        return furnish()


office: Any = stage(furnished, enter=lambda: install_roles(shipped("roles")))
