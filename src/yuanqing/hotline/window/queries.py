"""What the window shows: recipients, the mailbox behind a receipt, letters opened with the reporter's own key."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone

from yuanqing.hotline.gate.queries import Issued, pepper
from yuanqing.hotline.gate.rules import disclose, enclose, key_from
from yuanqing.hotline.proof.queries import is_as_recorded
from yuanqing.hotline.report.forms import ReportForm
from yuanqing.hotline.report.models import Letter, Report
from yuanqing.hotline.upload import CHANNEL
from yuanqing.hotline.window.rules import Ids, Sealed
from yuanqing.kernel.almanac import after
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.sealing import envelope, receipt, store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedPiece, SealedValue, SealingKey, Wrap

MINUTES = 30  # a mailbox stays open so long without a word


def receivers() -> list[Holder]:
    """Who receives reports, as the form lists them."""
    return list(Holder.objects.active().filter(kind="person", receives=True).order_by("name"))


def recipients_for(level: Entry, excluded: Sequence[str]) -> tuple[list[Holder], bool]:
    """(whom to seal to, whether it passes through); LookupError with a sentence when there is nobody.

    What belongs to a higher body or concerns this body's own head is sealed to that body alone.
    """
    holders = list(Holder.objects.active().order_by("name"))
    superiors, escrow = ([one for one in holders if one.kind == kind] for kind in ("superior", "escrow"))
    if level.values.get("route") == "up":  # type: ignore[attr-defined]
        if not superiors:
            raise LookupError
        return superiors[:1], True
    chosen = [one for one in holders if one.kind == "person" and one.receives and str(one.pk) not in excluded]
    if not chosen or not escrow:
        raise LookupError
    return [*chosen, *escrow], False


def plan(form: ReportForm, issued: Issued) -> dict[str, Any]:
    """What a browser needs to seal the form by itself: places, and the public keys of everybody who may be entitled."""
    ids, holders = Ids.of(issued.riddle), list(Holder.objects.active().order_by("name"))
    publics = {
        kind: {str(one.pk): one.public for one in holders if one.kind == kind} for kind in ("superior", "escrow")
    }
    return {
        "script": static("hotline/sealing.js"),
        "deployment": settings.ORIGIN,
        "channel": CHANNEL,
        "kind": form.channel.code,
        "pack": form.pack.cite,
        "report": str(ids.report),
        "key": str(ids.key),
        "content": str(ids.content),
        "receipt": derive(issued.digits).public,
        "holders": {str(one.pk): one.public for one in holders if one.kind == "person" and one.receives},
        "always": publics["escrow"],
        "up": {
            "levels": [one.code for one in form.levels if one.values.get("route") == "up"],  # type: ignore[attr-defined]
            "holders": dict(list(publics["superior"].items())[:1]),
        },
    }


def sealed_bundle(sealed: Sealed, ids: Ids, holders: Sequence[Holder]) -> store.Bundle | None:
    """What the browser sealed as rows to be kept; None unless it is sealed to exactly those entitled and the receipt."""
    known = {str(one.pk): one.pk for one in holders}
    if set(sealed.wraps) != {*known, ""}:
        return None
    key = SealingKey(pk=ids.key, public=sealed.public, recipients=sorted(known.values()), has_receipt=True)
    value = SealedValue(pk=ids.content, key=key, channel=CHANNEL, belongs_to=ids.report, field="content")
    store.finish_value(value, sha256(sealed.content).digest())
    wraps = [
        Wrap(key_id=key.pk, holder_id=known.get(name), generation=key.generation, body=body)
        for name, body in sealed.wraps.items()
    ]
    return store.Bundle(key, "", wraps, [value], store.pieces_of(value, sealed.content))


def first_due(pack: Pack, *, is_named: bool, passes_through: bool) -> date | None:
    """By when the first answer is due; None while no deadlines are in force."""
    who = "up" if passes_through else "named" if is_named else "anonymous"
    try:
        deadline = current("deadlines").entry(pack.entry("words_due").values[who]).data
        calendar = calendar_in_force()
    except (NotInForce, KeyError):
        return None
    return after(timezone.localdate(), int(deadline["amount"]), deadline["unit"], calendar)


def is_open() -> bool:
    """Whether anybody could open what is sent."""
    return bool(receivers()) and Holder.objects.active().filter(kind="escrow").exists()


def derive(digits: str) -> receipt.Receipt:
    return receipt.derive(digits, pepper(), settings.ORIGIN)


@dataclass(frozen=True)
class OpenedLetter:
    """One letter opened; `is_intact` is whether it is the one the ledger knows."""

    from_reporter: bool
    on: Any
    said: dict[str, Any]
    is_intact: bool
    is_readable: bool = True

    @property
    def text(self) -> str:
        return str(self.said.get("text", ""))

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.said.get("files", []))


@dataclass
class Box:
    """信箱: an opened mailbox."""

    report: Report
    secret: str
    digits: str
    letters: list[OpenedLetter] = field(default_factory=list)
    is_recorded: bool = True  # the rows of report and content are what the ledger says they are
    destroyed_on: date | None = None  # when the content was destroyed as the ledger says

    @property
    def token(self) -> str:
        """What the forms of the mailbox carry, so that the receipt is typed once."""
        return enclose({"digits": self.digits, "expires": time.time() + 60 * MINUTES}, _key())

    @property
    def content(self) -> OpenedLetter:
        return self.letters[0]

    def is_mine(self, value_id: str) -> bool:
        return any(one["id"] == value_id for letter in self.letters for one in letter.files)


def _key() -> bytes:
    return key_from(pepper(), "mailbox")


def digits_of(token: str) -> str:
    """The receipt that a mailbox's token stands for; "" when it has expired or is none."""
    said = disclose(token, _key())
    return str(said.get("digits", "")) if said.get("expires", 0) > time.time() else ""


@cache
def _nobodys() -> tuple[receipt.Receipt, Wrap, SealedValue, bytes]:
    """A mailbox of nobody, made once in each process and kept nowhere."""
    slip = derive(receipt.new_digits())
    key = SealingKey(pk=uuid4(), public=slip.public, recipients=[])
    value = store.new_value(key, CHANNEL, uuid4(), "content")
    body = b"".join(bytes(piece.body) for piece in store.sealed_in(value, b"{}"))
    return slip, store.new_wrap(key, slip.identity, None, slip.public), value, body


def decoy() -> None:
    """The work of opening a mailbox, for a receipt that leads nowhere: the same look-ups, the same files opened."""
    slip, wrap, value, body = _nobodys()
    value.key.wraps.filter(holder__isnull=True).first()
    envelope.unseal(bytes(wrap.body), store.wrap_context(wrap.key_id, None, wrap.generation), slip.identity)
    envelope.public_of(slip.identity)
    store.body_of(value)
    envelope.unseal(body, store.context_of(value), slip.identity)
    store.is_intact(value)
    is_as_recorded(value.key)
    is_as_recorded(value)
    list(Letter.objects.filter(report_id=value.belongs_to).select_related("content").order_by("position"))


def find(digits: str) -> Box | None:
    """The mailbox of a receipt, with every letter opened; None when there is none."""
    slip = derive(digits or "0" * 24)  # also for what can be no receipt, so that it takes as long
    report = Report.objects.select_related("key", "content").filter(tag=slip.tag).first()
    if report is None:
        return None
    try:
        secret = store.secret_of(report.key, slip.identity, None)
    except Unopenable:
        return _shut(report, digits)
    box = Box(report, secret, digits, is_recorded=is_as_recorded(report) and is_as_recorded(report.content))
    box.letters = [
        read(report.content, secret, True, report.received_on),
        *(
            read(one.content, secret, one.from_reporter, one.written_on)
            for one in report.letters.select_related("content").order_by("position")
        ),
    ]
    return box


def _shut(report: Report, digits: str) -> Box:
    """A mailbox that the receipt opens no more: its content was destroyed by decision, or somebody tampered with it."""
    is_recorded = is_as_recorded(report) and is_as_recorded(report.content)
    gone = report.content.destroyed_on if is_recorded else None
    return Box(report, "", digits, [OpenedLetter(True, report.received_on, {}, bool(gone), False)], is_recorded, gone)


def read(value: SealedValue, secret: str, from_reporter: bool, on: Any) -> OpenedLetter:
    try:
        said = json.loads(store.open_value(value, secret))
    except (Unopenable, ValueError):
        return OpenedLetter(from_reporter, on, {}, store.is_intact(value), False)
    return OpenedLetter(from_reporter, on, said, store.is_intact(value))


def sealed_letter(report: Report, said: dict[str, Any]) -> tuple[SealedValue, list[SealedPiece]]:
    """A letter sealed to the report's key; needs no secret."""
    value = store.new_value(report.key, CHANNEL, report.pk, "letter")
    return value, store.sealed_in(value, json.dumps(said, ensure_ascii=False).encode())


def moved(
    report: Report, bundle: store.Bundle, files: Sequence[dict[str, Any]]
) -> tuple[list[SealedValue], list[SealedPiece]]:
    """Files that came in before the mailbox was known, sealed under its key instead; the descriptions follow."""
    values, pieces = [], []
    for value, described in zip(bundle.values, files, strict=True):
        mine = store.new_value(report.key, CHANNEL, report.pk, "attachment")
        held = b"".join(bytes(one.body) for one in bundle.pieces if one.value_id == value.pk)
        content = envelope.unseal(held or store.body_of(value), store.context_of(value), bundle.secret)
        pieces += store.sealed_in(mine, content)
        if not held:
            SealedPiece.objects.filter(value_id=value.pk).delete()
        values.append(mine)
        described["id"] = str(mine.pk)
    return values, pieces


def attachment(box: Box, value_id: str) -> tuple[dict[str, Any], bytes] | None:
    """(description, content) of one of the mailbox's files; None when it is no file of this mailbox."""
    if not box.is_mine(value_id):
        return None
    described = next(f for letter in box.letters for f in letter.files if f["id"] == value_id)
    value = SealedValue.objects.filter(pk=UUID(value_id), key=box.report.key).first()
    return (described, store.open_value(value, box.secret)) if value else None


def channels(pack: Pack) -> list[Entry]:
    return list(pack.of_kind("section"))
