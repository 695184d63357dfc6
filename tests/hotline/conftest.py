"""A hotline that is open: the shipped pack, three receivers, an escrow, the key of a higher body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from django.test import Client

from yuanqing.hotline.gate import queries as gate
from yuanqing.hotline.gate.rules import Turnstile, solve
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.sealing import actions, envelope, escrow, passphrase, store
from yuanqing.kernel.sealing.models import Holder, SealedValue
from yuanqing.norms.packs import shipped

WORDS = "a passphrase of the tests"


@dataclass
class House:
    """Who holds which secret."""

    receivers: list[Holder] = field(default_factory=list)
    identities: dict[object, str] = field(default_factory=dict)
    shares: list[str] = field(default_factory=list)
    superior: Holder | None = None

    def read(self, value: SealedValue, holder: Holder) -> bytes:
        secret = store.secret_of(value.key, self.identities[holder.pk], holder.pk)
        return store.open_value(value, secret)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "PASSES", 1)
    monkeypatch.setattr("yuanqing.hotline.window.pages.EVEN_SECONDS", 0.0)
    monkeypatch.setattr(gate, "turnstile", Turnstile())


def open_house() -> House:
    for name in ("hotline", "deadlines", "holidays", "petitions"):  # the last three for the register above
        publish(by=SYSTEM, pack=shipped(name))
    house = House()
    for name in ("信访一", "信访二", "信访三"):
        fresh = actions.new_enrolment(WORDS)
        holder = actions.enrol(by=SYSTEM, account_id=uuid4(), name=name, fresh=fresh, receives=True)
        house.receivers.append(holder)
        house.identities[holder.pk] = fresh.secret
    secret, public = envelope.new_identity()
    house.shares = escrow.split(secret, 3, 5)
    keeper = actions.found_escrow(by=SYSTEM, public=public, needed=3, custodians=5)
    house.identities[keeper.pk] = secret
    secret, public = envelope.new_identity()
    house.superior = actions.register_superior(by=SYSTEM, name="上级纪检监察机关", public=public)
    house.identities[house.superior.pk] = secret
    return house


@pytest.fixture
def house(db: None) -> House:
    return open_house()


def fields(html: str) -> dict[str, str]:
    """Hidden fields of the page, by name."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def challenge(html: str) -> tuple[str, int]:
    found = re.search(r'data-riddle="(\w+)" data-bits="(\d+)"', html)
    assert found is not None
    return found[1], int(found[2])


ANSWERS = {"q.what": "张某某收受礼金", "q.who": "张某某，科长", "level": "level_middle", "named": "no"}


class Visitor:
    """Somebody who reports: keeps nothing between requests but what is on the page."""

    def __init__(self, address: str = "/report/", **extra: str) -> None:
        self.address, self.extra = address, extra

    def post(self, **given: object) -> object:
        return Client(enforce_csrf_checks=True).post(self.address, given, **self.extra)

    def plain(self, **given: str) -> object:
        from urllib.parse import urlencode

        return Client(enforce_csrf_checks=True).post(
            self.address, urlencode(given), content_type="application/x-www-form-urlencoded", **self.extra
        )

    def form(self, channel: str = "accusation") -> tuple[dict[str, str], str]:
        html = self.plain(step="form", channel=channel).content.decode()
        riddle, bits = challenge(html)
        return fields(html), solve(riddle, bits)

    def send(self, **answers: object) -> object:
        hidden, answer = self.form(str(answers.pop("channel", "accusation")))
        return self.post(**{**hidden, **ANSWERS, "answer": answer, **answers})

    def report(self, **answers: object) -> str:
        """Send and return the receipt."""
        response = self.send(**answers)
        found = re.search(r'id="digits">([\d ]+)<', response.content.decode())
        assert found is not None, response.content.decode().partition("<!--\n")[0]
        return found[1]

    def mailbox(self, digits: str) -> object:
        return self.plain(step="mailbox", receipt=digits)
