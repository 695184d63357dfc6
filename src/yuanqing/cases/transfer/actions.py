"""Sending, receiving, receipts and answers. Matters are opened and sealed to the other body in memory, before the act."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.queries import Codes, Matter, Package, Text, next_number, place_of, text_under
from yuanqing.cases.parcel.rules import Head
from yuanqing.cases.partner import queries as partners
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.policies import ARRIVAL
from yuanqing.cases.petition.queries import Codes as Register
from yuanqing.cases.petition.queries import concerned
from yuanqing.cases.petition.rules import extended
from yuanqing.cases.transfer import queries
from yuanqing.cases.transfer.models import Item, PackagePiece, Transfer
from yuanqing.cases.transfer.queries import Came, due
from yuanqing.cases.transfer.rules import clock_of
from yuanqing.kernel.acts import SYSTEM, Refused, Touched, act, after, keep, note, once_saved
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing import envelope, store
from yuanqing.kernel.sealing.models import Holder, SealedPiece
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.shell.inbox.actions import send

PIECE = 1 << 20


@act(Transfer, creates=True)
def pack(*, by: Any, package: Package) -> Transfer:
    """The package exists and waits for its receipt; petitions in it are forwarded or sent up with the same act."""
    _insist_open(package.matters, by)
    transfer = _outgoing(package, by)
    step, today = Codes().value(package.head.way, "step"), timezone.localdate()
    for one in package.matters:
        if isinstance(one, Petition) and one.state in queries.TO_PACK["petition"]:
            getattr(petitions, step)(one, by=by, to=package.partner.name, on=today)
    return transfer


@act(Transfer, creates=True)
def pass_through(*, by: Any, package: Package) -> Transfer:
    """What a reporter sealed to the higher body alone leaves as it is; nobody here opens or sees it."""
    return _outgoing(package, by)


def _insist_open(matters: Sequence[Matter], by: Any) -> None:
    """What is packed may be packed by this account, now: asked again inside the act."""
    fit = {one.pk for one in queries.packable_petitions(by)} if any(isinstance(m, Petition) for m in matters) else set()
    fit |= {one.pk for one in queries.packable_leads(by)} if any(isinstance(m, Lead) for m in matters) else set()
    wrong = [one.number for one in matters if one.pk not in fit]
    if wrong:
        raise ValidationError(
            {"matters": _("%(numbers)s 现在不能发出，请刷新后重新选择。") % {"numbers": _("、").join(wrong)}}
        )


def _outgoing(package: Package, by: Any) -> Transfer:
    head = package.head
    keys = [one.key_id for one in package.matters] or package.guards
    transfer = Transfer(
        pk=uuid4(), number=head.number, course="out", way=head.way, partner=package.partner, serial=head.serial,
        digest=head.digest, matters=head.matters, guards=sorted(set(keys)), sent_on=head.on, answer_by=head.answer, sent_by_id=by.pk,
    )  # fmt: skip
    begin(transfer, "sent", head.on)
    rows = [_item(transfer, n, one) for n, one in enumerate(package.matters)]
    rows += [
        Item(transfer=transfer, position=n, guard_id=key, fate="passed_up") for n, key in enumerate(package.guards)
    ]
    _keep_with(transfer, rows, package.cover, "cover", package.file)
    note(to=package.partner.name, way=head.way, matters=head.matters, sha256=head.digest)
    return transfer


def _item(transfer: Transfer, position: int, one: Matter) -> Item:
    which = {"petition": one} if isinstance(one, Petition) else {"lead": one}
    return Item(transfer=transfer, position=position, guard_id=one.key_id, **which)


def begin(transfer: Transfer, state: str, on: date) -> None:
    """The clock of a state begins to run."""
    transfer.due = clock_of(state, transfer.course, transfer.answer_by)
    transfer.due_on = due(transfer.due, on)


def _keep_with(
    transfer: Transfer, rows: Sequence[Item], text: Text | None, name: str, file: bytes, part: str = "package"
) -> None:
    """What belongs to a transfer is saved behind it: items, a sealed text, the bytes of a package."""
    if text is not None:
        keep(text[0])
        SealedPiece.objects.bulk_create(text[1])
        setattr(transfer, name, text[0])

    def save() -> None:
        for row in rows:
            keep(row)
        cuts = range(0, len(file), PIECE)
        PackagePiece.objects.bulk_create(
            PackagePiece(transfer=transfer, part=part, position=n, body=file[at : at + PIECE])
            for n, at in enumerate(cuts)
        )

    once_saved(save)


# Within the house


@act(Transfer, creates=True)
def hand_down(
    *, by: Any, partner: Partner, way: str, matters: Sequence[Petition], receiver: Account, holder: Holder,
    unlocking: Unlocking, cover: str = "",
) -> Transfer:  # fmt: skip
    """The same within one installation, without a file: a named receiver becomes the handler of every petition."""
    codes, today = Codes(), timezone.localdate()
    if partner.state != "confirmed" or not partner.is_inside:
        raise ValidationError({"partner": _("请选择本系统内、核对过的单位。")})
    if way not in codes.ways or not codes.fits(way, partner):
        raise ValidationError({"way": _("这种方式不能发往这类机关。")})
    if not matters:
        raise ValidationError({"matters": _("请选择要交办的事项。")})
    if receiver.person is None or not receiver.person.unit.path.startswith(str(partner.unit and partner.unit.path)):
        raise ValidationError({"receiver": _("签收人不在这个单位。")})
    for one in matters:
        if one.state == "registered":
            petitions.accept(one, by=by)
        petitions.assign(one, by=by, handler=receiver, holder=holder, secret=unlocking.secret_of(one.key))
    transfer = Transfer(
        pk=uuid4(), number=next_number("ZS", today), course="inside", way=way, partner=partner, serial=uuid4(),
        matters=len(matters), guards=sorted({one.key_id for one in matters}), sent_on=today,
        answer_by=codes.value(way, "answer"), sent_by_id=by.pk, receiver=receiver,
    )  # fmt: skip
    begin(transfer, "sent", today)
    text = text_under(matters[0].key, transfer.serial, "cover", cover)
    _keep_with(transfer, [_item(transfer, n, one) for n, one in enumerate(matters)], text, "cover", b"")
    title = _("交您单位办理的 %(n)d 件信访举报，请签收") % {"n": len(matters)}
    send([receiver.pk], key=f"transfer.{transfer.pk}", kind="transfer", title=title, link=transfer.get_absolute_url())
    note(to=partner.name, way=way, matters=len(matters))
    return transfer


@act(Transfer)
def sign_for(transfer: Transfer, *, by: Any) -> None:
    """The receiver has it; from today the term of the answer runs, where one is wanted."""
    _received(transfer, timezone.localdate())


def _received(transfer: Transfer, on: date) -> None:
    transfer.received_on = on
    begin(transfer, "delivered", on)


# What comes


@act(Transfer, creates=True)
def arrive(*, by: Any, came: Came) -> Transfer:
    """A checked package is kept as it came; it is opened when it is registered, within the days of the pack."""
    today, head = timezone.localdate(), came.head
    transfer = Transfer(
        pk=uuid4(), number=next_number("SJ", today), course="in", way=head.way, partner=came.partner, serial=head.serial,
        their_number=head.number, digest=head.digest, matters=head.matters, guards=[came.room.key_id], sent_on=head.on,
        answer_by=_known(head.answer),
        state="arrived",
    )  # fmt: skip
    begin(transfer, "arrived", today)
    rows = [Item(transfer=transfer, position=n, guard_id=came.room.key_id) for n in range(head.matters)]
    _keep_with(transfer, rows, None, "cover", came.file)
    note(origin=came.partner.name, way=head.way, matters=head.matters, sha256=head.digest)
    return transfer


def _known(answer: str) -> str:
    """The sender's deadline when this body's pack has it, else that of assigned matters."""
    return "" if not answer else answer if answer in current("deadlines").by_code else "petition.assigned"


@dataclass
class Entered:
    """拆封的一件: how one matter of a package is registered; `content` None: it goes up and is not kept."""

    said: dict[str, Any]
    level: str
    kind: str = ""
    about: Person | None = None
    content: petitions.Sealed | None = None
    barred: list[Any] = field(default_factory=list)


def sealed_matter(said: dict[str, Any], holders: Sequence[Holder]) -> petitions.Sealed:
    """A matter of a package as a petition's content with its files, sealed to these holders and the escrow."""
    pk, bundle = uuid4(), store.new_bundle(store.recipients_with_escrow(holders))
    files = []
    for one in said["files"]:
        value, body = store.new_value(bundle.key, petitions.CHANNEL, pk, "file"), base64.b64decode(one["body"])
        bundle.pieces += store.sealed_in(value, body)
        bundle.values.append(value)
        files.append({"id": str(value.pk), "name": one["name"], "size": len(body)})
    letters = [
        f"{_('反映人') if one['from_reporter'] else _('承办机关')} {one['on']}\n{one['text']}"
        for one in said["letters"]
    ]
    text = "\n\n".join([said["text"], *letters])
    content = {"text": text, "answers": said["answers"], "files": files}
    content |= {"reporter": said["reporter"]} if said.get("reporter") else {}
    value = store.new_value(bundle.key, petitions.CHANNEL, pk, "content")
    bundle.pieces += store.sealed_in(value, json.dumps(content, ensure_ascii=False).encode())
    bundle.values.insert(0, value)
    return petitions.Sealed(pk, bundle)


def entered(said: dict[str, Any], *, by: Any, level: str, kind: str, about: Person | None) -> Entered:
    """Seal one matter to those who receive reports, less whom it concerns; what goes up is not sealed to anybody here."""
    one = Entered(said, level, kind, about)
    if Register().goes_up(level):
        return one
    out = set(concerned(about, timezone.localdate())) if about else set()
    if by.pk in out:
        raise Refused(_("其中一件涉及您本人或者您应当回避的人，不能由您拆封登记。请交给别的收件人。"))
    receivers = Holder.objects.active().filter(kind="person", receives=True)
    inside = {h.pk: h for h in receivers if h.account_id not in out}
    own = Holder.objects.active().filter(account_id=by.pk).first()
    holders = {**inside, **({own.pk: own} if own else {})}
    one.content = sealed_matter(said, list(holders.values()))
    return one


@act(Transfer)
def take(
    transfer: Transfer, *, by: Any, matters: Sequence[Entered], up: Package | None = None, cover: str = ""
) -> None:
    """Every matter enters the register as a petition with a clock; what belongs to a higher body or is about the own head
    goes up in a package of its own and leaves nothing here but that it came."""
    if len(matters) != transfer.matters:
        raise ValidationError(_("每一件都要登记。"))
    rising = [one for one in matters if one.content is None]
    if rising and (up is None or up.head.matters != len(rising)):
        raise ValidationError(_("其中有属于上级管理或者反映本机关主要负责人的，请先登记上级机关，再拆封。"))
    rows = {row.position: row for row in transfer.items.all()}
    made: list[Petition] = []
    for position, one in enumerate(matters):
        row = rows[position]
        if one.content is None:
            row.fate = "passed_up"
        else:
            petition = _registered(transfer, one, by)
            made.append(petition)
            row.petition, row.guard_id, row.fate = petition, petition.key_id, "entered"
        keep(row)
    if made:
        transfer.guards = sorted({row.guard_id for row in rows.values()})
        text = text_under(made[0].key, transfer.serial, "cover", cover)
        _keep_with(transfer, (), text, "cover", b"")
    if up is not None:
        pack(by=by, package=up)
    if transfer.answer_by and not made:
        transfer.answer_by = ""  # it is the higher body's to answer
    _received(transfer, timezone.localdate())
    transfer.receiver_id = by.pk
    note(entered=len(made), passed_up=len(rising))


def _registered(transfer: Transfer, one: Entered, by: Any) -> Petition:
    values: dict[str, str] = partners.relations()[transfer.partner.relation].data["values"]
    channel = values.get("channel", "other_body")
    assert one.content is not None
    petition: Petition = petitions.register(
        by=by, content=one.content, channel=channel, kind=one.kind, level=one.level, is_named=bool(one.said.get("reporter")),
        received_on=timezone.localdate(), is_assigned_from_above=transfer.answer_by == "petition.assigned",
    )  # fmt: skip
    if one.about is not None:
        petitions.bar(petition, by=by, person=one.about, secret=one.content.bundle.secret)
    return petition


# Receipts and answers


@act(Transfer)
def acknowledge(transfer: Transfer, *, by: Any, head: Head) -> None:
    """The other body's signed receipt, which was checked; from its day the term of the answer runs."""
    if not transfer.sent_on <= head.on <= timezone.localdate():
        raise ValidationError({"file": _("回执的日期不在发出日期与今天之间。")})
    transfer.their_number = head.number
    _received(transfer, head.on)
    note(their_number=head.number)


@after(Transfer, "acknowledge")
@after(Transfer, "take")
@after(Transfer, "sign_for")
def _nothing_wanted(touched: Touched) -> None:
    """Where no answer is wanted the receipt ends it; what a reporter sealed to the higher body has left for good."""
    for transfer in touched.records().filter(answer_by=""):
        settle(transfer, by=SYSTEM)
    if touched.step == "acknowledge":
        for petition in Petition.objects.filter(transfer_items__transfer__in=touched.records(), due="petition.up"):
            if petition.state in queries.TO_PACK["petition"]:
                to = petition.transfer_items.all()[0].transfer.partner.name
                petitions.send_up(petition, by=ARRIVAL, to=to, on=timezone.localdate())


@act(Transfer)
def settle(transfer: Transfer, *, by: Any) -> None:
    transfer.due, transfer.due_on = "", None


@act(Transfer)
def answer(transfer: Transfer, *, by: Any, text: str) -> None:
    """The result: within the house it is read where it stands; to another body it goes as a sealed, signed file."""
    if len(text.strip()) < 10:
        raise ValidationError({"text": _("请写明办理结果。")})
    first = transfer.items.exclude(petition=None).select_related("guard")[0]
    file = b""
    if transfer.course == "in":
        partner = transfer.partner
        if partner.state != "confirmed":
            raise ValidationError(_("对方的公钥已经停用，请先登记新的并核对指纹。"))
        draft = Head(transfer.serial, transfer.number, partner.public, timezone.localdate(), "0" * 64)
        body = envelope.seal(text.strip().encode(), place_of(settings.ORIGIN, draft, "answer"), [partner.public])
        head = Head(draft.serial, draft.number, draft.to, draft.on, rules.digest_of(body))
        file = rules.assembled(partners.signed(head.text(rules.ANSWER)), body)
    _keep_with(transfer, (), text_under(first.guard, transfer.serial, "reply", text), "reply", file, "answer")
    _over(transfer)


@act(Transfer)
def hear(transfer: Transfer, *, by: Any, text: str) -> None:
    """The other body's answer, which was checked and opened; it is kept under the matter's own key."""
    first = transfer.items.select_related("guard")[0]
    _keep_with(transfer, (), text_under(first.guard, transfer.serial, "reply", text), "reply", b"")
    _over(transfer)


def _over(transfer: Transfer) -> None:
    transfer.answered_on, transfer.due, transfer.due_on = timezone.localdate(), "", None


@act(Transfer)
def prolong(transfer: Transfer, *, by: Any, approval: str) -> None:
    """3+3+N: what the body that assigned it allows."""
    if not approval.strip():
        raise ValidationError({"approval": _("请写明批准人和批准文号。")})
    if transfer.due != "petition.assigned" or transfer.due_on is None:
        raise ValidationError(_("只有交办的才能延长期限。"))
    deadline = current("deadlines").entry(transfer.due).data
    transfer.due_on = extended(deadline, transfer.due_on, calendar_in_force())
    transfer.extensions += 1
    note(approval=approval, due_on=transfer.due_on.isoformat())


@act(Transfer)
def escalate(transfer: Transfer, *, by: Any) -> None:
    """Past its last day it is brought before those who sent it or decide about its term."""
    petitions.bring_above(transfer, "transfer", _("材料往来 %(number)s 已经过期"), queries.above)
