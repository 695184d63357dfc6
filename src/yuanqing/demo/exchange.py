"""Packages of the demo: one that was answered, one without its receipt, one that was registered and one that waits to be opened."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from yuanqing.cases.parcel import queries as parcels
from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.rules import Head
from yuanqing.cases.partner import actions as partners
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.partner.queries import mailroom, own_verifier
from yuanqing.cases.partner.rules import Card, card_text
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.transfer import actions, queries
from yuanqing.cases.transfer.models import Transfer
from yuanqing.demo.clock import Agenda, moment
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.ledger.checkpoint import key_hash
from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account

SENT = "反映所属企业一名负责人用公车办私事，附行车记录。"
CAME = "反映贵集团一名科长在培训费里列支旅游，附行程单。"


class Files(Protocol):
    """卷宗: whoever acts, with keys."""

    agenda: Agenda
    holders: dict[str, Holder]
    secrets: dict[str, str]

    def by(self, name: str) -> Account: ...

    def _letter(self, text: str, day: date, is_taken: bool) -> Petition: ...


@dataclass
class Neighbour:
    """对方机关: what another installation would do, with keys of its own."""

    name: str
    origin: str
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    keys: tuple[str, str] = field(default_factory=envelope.new_identity)

    def signed(self, text: str) -> str:
        raw = key_hash(self.origin, self.signing.public_key()) + self.signing.sign(text.encode())
        return f"{text}\n— {self.origin} {base64.b64encode(raw).decode()}\n"

    @property
    def card(self) -> str:
        public = self.signing.public_key()
        encoded = base64.b64encode(b"\x01" + public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
        verifier = f"{self.origin}+{key_hash(self.origin, public).hex()}+{encoded}"
        return self.signed(card_text(Card(self.name, self.origin, self.keys[1], verifier)))

    def receipt(self, transfer: Transfer) -> str:
        head = Head(transfer.serial, "LA2026-000031", own_verifier(), timezone.localdate(), transfer.digest)
        return self.signed(head.text(rules.RECEIPT))

    def answer(self, transfer: Transfer, text: str, to: str) -> bytes:
        draft = Head(transfer.serial, "LA2026-000031", to, timezone.localdate(), "0" * 64)
        body = envelope.seal(text.encode(), parcels.place_of(self.origin, draft, "answer"), [to])
        head = Head(draft.serial, draft.number, to, draft.on, rules.digest_of(body))
        return rules.assembled(self.signed(head.text(rules.ANSWER)), body)

    def package(self, to: str, way: str, answer: str, text: str, number: str) -> bytes:
        draft = Head(uuid4(), number, to, timezone.localdate(), "0" * 64, way, 1, answer)
        item = {
            "matter": "petition", "number": f"{number}-1", "kind": "accusation", "level": "level_staff", "is_named": False,
            "received_on": draft.on.isoformat(), "text": text, "answers": {"who": "某科长"}, "letters": [], "files": [],
        }  # fmt: skip
        plain = json.dumps({"cover": "请依规依纪办理。", "items": [item]}, ensure_ascii=False).encode()
        body = envelope.seal(plain, parcels.place_of(self.origin, draft, "package"), [to])
        head = Head(draft.serial, number, to, draft.on, rules.digest_of(body), way, 1, answer)
        return rules.assembled(self.signed(head.text(rules.PACKAGE)), body)


@dataclass
class Exchange:
    """Puts what goes and comes on the agenda."""

    files: Files
    above: Neighbour = field(default_factory=lambda: Neighbour("上级纪检监察机关", "above.example"))
    below: Neighbour = field(default_factory=lambda: Neighbour("控股公司纪委", "below.example"))

    def introduce(self) -> None:
        """The mailroom, and two bodies whose fingerprints were compared."""
        partners.found(by=SYSTEM, name="源清示范集团纪检监察机构")
        for one, relation in ((self.above, "superior"), (self.below, "subordinate")):
            made: Partner = partners.propose(by=SYSTEM, relation=relation, card=one.card)
            words = {"fingerprint": made.fingerprint, "compared": "与对方信访室主任电话核对"}
            partners.confirm(made, by=self.files.by("intake"), **words)

    def plan(self, until: date) -> None:
        agenda, day = self.files.agenda, timedelta(days=1)
        kept: dict[str, Transfer] = {}
        agenda.put(moment(until - 40 * day, 11), partial(self._send, kept, "answered", "assign", until - 40 * day))
        agenda.put(moment(until - 36 * day, 11), partial(self._receipt, kept, "answered"))
        agenda.put(moment(until - 9 * day, 11), partial(self._answer, kept, "answered"))
        agenda.put(moment(until - 25 * day, 11), partial(self._send, kept, "late", "forward", until - 25 * day))
        agenda.put(moment(until - 7 * day, 11), partial(self._come, kept, "taken", "assign", "petition.assigned"))
        agenda.put(moment(until - 5 * day, 11), partial(self._take, kept, "taken"))
        agenda.put(moment(until - day, 11), partial(self._come, kept, "waiting", "assign", "petition.assigned"))

    @property
    def _key(self) -> Unlocking:
        return Unlocking(self.files.holders["intake"], self.files.secrets["intake"])

    def _fresh(self, kept: dict[str, Transfer], name: str) -> Transfer:
        found: Transfer = Transfer.objects.select_related("partner").get(pk=kept[name].pk)
        return found

    def _send(self, kept: dict[str, Transfer], name: str, way: str, day: date) -> None:
        petition = self.files._letter(SENT, day, True)
        partner = Partner.objects.get(name=self.below.name)
        words: dict[str, Any] = {
            "partner": partner,
            "way": way,
            "cover": "请核实并报结果。" if way == "assign" else "请你单位处理。",
        }
        package = parcels.packed(matters=[petition], unlocking=self._key, **words)
        kept[name] = actions.pack(by=self.files.by("intake"), package=package)

    def _receipt(self, kept: dict[str, Transfer], name: str) -> None:
        transfer, intake = self._fresh(kept, name), self.files.by("intake")
        _found, head, _body = queries.answered_in(self.below.receipt(transfer).encode(), rules.RECEIPT, intake)
        actions.acknowledge(transfer, by=intake, head=head)

    def _answer(self, kept: dict[str, Transfer], name: str) -> None:
        transfer, intake = self._fresh(kept, name), self.files.by("intake")
        text = "经核实，反映的三次用车均有派车单，属公务用车，查否；已向所在党支部说明。"
        _found, head, body = queries.answered_in(self.below.answer(transfer, text, self._own), rules.ANSWER, intake)
        actions.hear(transfer, by=intake, text=queries.opened_answer(transfer, head, body, self._key))

    @property
    def _own(self) -> str:
        room = mailroom()
        assert room is not None
        return room.key.public

    def _come(self, kept: dict[str, Transfer], name: str, way: str, answer: str) -> None:
        file = self.above.package(self._own, way, answer, CAME, f"SJ{timezone.localdate().year}-{len(kept) + 104}")
        kept[name] = actions.arrive(by=self.files.by("intake"), came=queries.package_of(file))

    def _take(self, kept: dict[str, Transfer], name: str) -> None:
        transfer, intake = self._fresh(kept, name), self.files.by("intake")
        said = queries.opened_package(transfer, self._key)
        matters = [
            actions.entered(one, by=intake, level="level_middle", kind="accusation", about=None)
            for one in said["items"]
        ]
        actions.take(transfer, by=intake, matters=matters, cover=said["cover"])
