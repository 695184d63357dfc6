"""What stands in a matter, as it goes into a package; packages made and opened, in memory alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.lead import queries as leads
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.rules import Head
from yuanqing.cases.partner import queries as partners
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.partner.rules import LONGEST
from yuanqing.cases.petition import queries as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing import envelope, store
from yuanqing.kernel.sealing.envelope import Context, Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedPiece, SealedValue, SealingKey
from yuanqing.kernel.sealing.unlocking import Unlocking

CHANNEL = "transfer"
Matter = Petition | Lead
Text = tuple[SealedValue, list[SealedPiece]]


class Codes:
    """代码表: the ways in which matters go, and what relations may take part."""

    @cached_property
    def ways(self) -> dict[str, Entry]:
        return {e.code: e for e in current("transfers").table("way")}

    @cached_property
    def fates(self) -> dict[str, Entry]:
        return {e.code: e for e in current("transfers").table("fate")}

    def value(self, way: str, name: str) -> str:
        values: dict[str, str] = self.ways[way].data["values"]
        return values.get(name, "")

    def way(self, code: str) -> str:
        return self.ways[code].label if code in self.ways else code

    def fate(self, code: str) -> str:
        return self.fates[code].label if code in self.fates else code

    def fits(self, way: str, partner: Partner) -> bool:
        return rules.may_go(self.value(way, "to"), partner.relation)


def next_number(prefix: str, on: date) -> str:
    """A number that was never given; gaps may remain. ZS what is sent, SJ what came."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_transfer_number')")
        return f"{prefix}{on.year}-{cursor.fetchone()[0]:06d}"


# What stands in a matter


def said_in_petition(petition: Petition, unlocking: Unlocking, *, with_reporter: bool) -> dict[str, Any]:
    """Text, letters, answers and files of a petition as they go into a package; Unopenable when the key does not fit."""
    pages, secret = petitions.opened(petition, unlocking), unlocking.secret_of(petition.key)
    if not all(page.is_readable for page in pages):
        raise Unopenable
    first, codes = pages[0], petitions.Codes()
    labels = dict(zip([c for c, v in first.said.get("answers", {}).items() if v], [a for _q, a in petitions.answers(first, codes)], strict=True))  # fmt: skip
    found: dict[str, Any] = {
        "matter": "petition", "number": petition.number, "kind": petition.kind, "level": petition.level,
        "is_named": petition.is_named and with_reporter, "received_on": petition.received_on.isoformat(),
        "text": first.text, "answers": labels,
        "letters": [{"from_reporter": p.from_reporter, "on": str(p.on), "text": p.text} for p in pages[1:]],
        "files": [_file(petition, one, secret) for page in pages for one in page.files],
    }  # fmt: skip
    if with_reporter and first.said.get("reporter"):
        found["reporter"] = first.said["reporter"]
    return found


def _file(petition: Petition, described: dict[str, Any], secret: str) -> dict[str, Any]:
    row = SealedValue.objects.filter(pk=described["id"], key=petition.key_id).first()
    if row is None:
        raise Unopenable
    content = store.open_value(row, secret)
    return {"name": described["name"], "size": len(content), "body": base64.b64encode(content).decode()}


def said_in_lead(lead: Lead, unlocking: Unlocking) -> dict[str, Any]:
    """Every paper of a lead's file under its heading."""
    codes, papers = leads.Codes(), leads.opened(lead, unlocking)
    if not papers or not papers[0].is_readable:
        raise Unopenable
    first, rest = papers[0].said, [one for one in papers[1:] if one.text]
    return {
        "matter": "lead", "number": lead.number, "kind": "", "level": lead.level, "is_named": lead.is_named,
        "received_on": lead.received_on.isoformat(), "text": str(first.get("text", "")),
        "answers": {"who": str(first.get("who", ""))}, "files": [],
        "letters": [
            {"from_reporter": False, "on": str(p.paper.written_on), "text": f"{codes.label('paper', p.paper.kind)}\n{p.text}"}
            for p in rest
        ],
    }  # fmt: skip


def sealed_as_it_is(petition: Petition) -> dict[str, Any]:
    """A petition that only the higher body opens: its wrap and its content, which nobody here can read."""
    superiors = Holder.objects.filter(kind="superior", pk__in=petition.key.recipients)
    wrap = petition.key.wraps.filter(holder__in=superiors).first()
    if wrap is None:
        raise Unopenable
    value = petition.content
    return {
        "matter": "petition", "number": petition.number, "kind": petition.kind, "level": petition.level,
        "is_named": petition.is_named, "received_on": petition.received_on.isoformat(),
        "sealed": {
            "key": str(petition.key_id), "public": petition.key.public, "holder": str(wrap.holder_id), "generation": wrap.generation,
            "wrap": base64.b64encode(bytes(wrap.body)).decode(), "value": str(value.pk), "channel": value.channel,
            "belongs_to": str(value.belongs_to), "field": value.field,
            "body": base64.b64encode(store.body_of(value)).decode(),
        },
    }  # fmt: skip


# Packing


@dataclass
class Package:
    """待发材料包: sealed and signed, not sent yet; what `pack` takes."""

    head: Head
    file: bytes
    partner: Partner
    matters: list[Matter]
    cover: Text | None = None
    guards: list[UUID] = field(default_factory=list)  # where no matter of this register stands behind it


def text_under(key: SealingKey, belongs_to: UUID, name: str, text: str) -> Text | None:
    """A text about the transfer, sealed to the first matter's key: whoever is shut out of that is shut out of this."""
    if not text.strip():
        return None
    value = store.new_value(key, CHANNEL, belongs_to, name)
    return value, store.sealed_in(value, json.dumps({"text": text.strip()}, ensure_ascii=False).encode())


def sealed_package(
    partner: Partner, way: str, items: Sequence[dict[str, Any]], *, cover: str = "", matters: Sequence[Matter] = (),
) -> Package:  # fmt: skip
    """Seal what is said to the partner's key and sign the head; nothing is written yet."""
    codes, today = Codes(), timezone.localdate()
    if partner.state != "confirmed" or partner.is_inside:
        raise ValidationError({"partner": _("请选择核对过指纹、在用的外部机关。")})
    if way not in codes.ways or not codes.fits(way, partner):
        raise ValidationError({"way": _("这种方式不能发往这类机关。")})
    if not 0 < len(items) <= rules.MANY:
        raise ValidationError({"matters": _("请选择要发出的事项，一次不超过 %(n)d 件。") % {"n": rules.MANY}})
    serial, number = uuid4(), next_number("ZS", today)
    draft = Head(serial, number, partner.public, today, "0" * 64, way, len(items), codes.value(way, "answer"))
    plain = json.dumps({"cover": cover.strip(), "items": list(items)}, ensure_ascii=False).encode()
    body = envelope.seal(plain, place_of(settings.ORIGIN, draft, "package"), [partner.public])
    if len(body) > rules.MOST - LONGEST:
        raise ValidationError({"matters": _("材料太大，一个材料包不超过 64 MB，请分几次发。")})
    head = Head(serial, number, partner.public, today, rules.digest_of(body), way, len(items), draft.answer)
    file = rules.assembled(partners.signed(head.text(rules.PACKAGE)), body)
    first = matters[0].key if matters else None
    return Package(head, file, partner, list(matters), text_under(first, serial, "cover", cover) if first else None)


def packed(
    *, partner: Partner, way: str, matters: Sequence[Matter], unlocking: Unlocking, cover: str = "", with_reporter: bool = True,
) -> Package:  # fmt: skip
    """Open the matters with the sender's key and seal them to the partner; Unopenable when the key does not fit."""
    items = [
        said_in_petition(one, unlocking, with_reporter=with_reporter) if isinstance(one, Petition)
        else said_in_lead(one, unlocking)
        for one in matters
    ]  # fmt: skip
    return sealed_package(partner, way, items, cover=cover, matters=matters)


def place_of(origin: str, head: Head, what: str) -> Context:
    """Where the age file of a package belongs: the sender's installation and this package."""
    return Context(origin, CHANNEL, str(head.serial), what)


# Reading


def contents(file: bytes, origin: str, identity: str, matters: int) -> dict[str, Any]:
    """Cover and items of a package that came; Unopenable when it was altered or the key does not fit."""
    note, body = rules.parts_of(file)
    head = rules.head_of(note, rules.PACKAGE)
    said: dict[str, Any] = json.loads(envelope.unseal(body, place_of(origin, head, "package"), identity))
    said["items"] = [_readable(item, origin, identity) for item in said["items"]]
    if len(said["items"]) != matters:
        raise Unopenable
    return said


def _readable(item: dict[str, Any], origin: str, identity: str) -> dict[str, Any]:
    """An item in the clear, also where it came as it was sealed by the reporter to this body."""
    sealed = item.get("sealed")
    if sealed is None:
        return item
    key = Context(origin, "key", sealed["key"], f"{sealed['holder']}.{sealed['generation']}")
    secret = envelope.unseal(base64.b64decode(sealed["wrap"]), key, identity).decode()
    place = Context(origin, sealed["channel"], f"{sealed['belongs_to']}/{sealed['value']}", sealed["field"])
    said: dict[str, Any] = json.loads(envelope.unseal(base64.b64decode(sealed["body"]), place, secret))
    plain = {name: value for name, value in item.items() if name != "sealed"}
    plain |= {"text": said.get("text", ""), "answers": said.get("answers", {}), "letters": [], "files": []}
    return {**plain, **({"reporter": said["reporter"]} if said.get("reporter") else {})}
