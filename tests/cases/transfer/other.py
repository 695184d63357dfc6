"""Another body, which knows the format alone: its keys, its card, its packages, receipts and answers."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import date
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.rules import Head
from yuanqing.cases.partner.rules import Card, card_text
from yuanqing.kernel.ledger.checkpoint import key_hash
from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.envelope import Context

MATTER: dict[str, Any] = {
    "matter": "petition", "number": "QT2026-000009", "kind": "accusation", "level": "level_staff", "is_named": True,
    "received_on": "2026-11-01", "text": "虚报加班补贴", "answers": {"who": "某科长"}, "letters": [],
    "files": [{"name": "单据.txt", "size": 6, "body": base64.b64encode("单据".encode()).decode()}],
    "reporter": {"name": "某甲", "contact": "电话"},
}  # fmt: skip


@dataclass
class Other:
    """对方机关."""

    name: str = "某县纪委"
    origin: str = "county.example"
    seed: bytes = field(default_factory=lambda: token_bytes(32))
    identity: str = ""
    public: str = ""

    def __post_init__(self) -> None:
        self.identity, self.public = envelope.new_identity()

    @property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def verifier(self) -> str:
        public = self.signing.public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        encoded = base64.b64encode(b"\x01" + raw).decode()
        return f"{self.origin}+{key_hash(self.origin, public).hex()}+{encoded}"

    def signed(self, text: str) -> str:
        raw = key_hash(self.origin, self.signing.public_key()) + self.signing.sign(text.encode())
        return f"{text}\n— {self.origin} {base64.b64encode(raw).decode()}\n"

    @property
    def card(self) -> str:
        return self.signed(card_text(Card(self.name, self.origin, self.public, self.verifier)))

    def package(
        self,
        to: str,
        *items: dict[str, Any],
        cover: str = "请依规办理。",
        head: dict[str, Any] | None = None,
        **more: Any,
    ) -> bytes:
        """`head` changes what the signed head says, `more` the serial, the way and the answer."""
        given: dict[str, Any] = {"way": "assign", "answer": "petition.assigned", "serial": uuid4(), **more}
        serial: UUID = given["serial"]
        plain = json.dumps({"cover": cover, "items": list(items)}, ensure_ascii=False).encode()
        body = envelope.seal(plain, Context(self.origin, "transfer", str(serial), "package"), [to])
        said = Head(
            serial,
            "QT2026-000003",
            to,
            timezone.localdate(),
            rules.digest_of(body),
            given["way"],
            len(items),
            given["answer"],
        )
        return rules.assembled(self.signed(replace(said, **(head or {})).text(rules.PACKAGE)), body)

    def receipt(self, package: bytes, to: str, *, on: date | None = None, **changes: Any) -> bytes:
        head = rules.head_of(rules.parts_of(package)[0], rules.PACKAGE)
        said = Head(head.serial, "QT2026-000077", to, on or timezone.localdate(), head.digest)
        return self.signed(replace(said, **changes).text(rules.RECEIPT)).encode()

    def answer(self, package: bytes, to: str, text: str) -> bytes:
        head = rules.head_of(rules.parts_of(package)[0], rules.PACKAGE)
        body = envelope.seal(text.encode(), Context(self.origin, "transfer", str(head.serial), "answer"), [to])
        said = Head(head.serial, "QT2026-000077", to, timezone.localdate(), rules.digest_of(body))
        return rules.assembled(self.signed(said.text(rules.ANSWER)), body)

    def opened(self, package: bytes, origin: str) -> dict[str, Any]:
        note, body = rules.parts_of(package)
        head = rules.head_of(note, rules.PACKAGE)
        found: dict[str, Any] = json.loads(
            envelope.unseal(body, Context(origin, "transfer", str(head.serial), "package"), self.identity)
        )
        return found
