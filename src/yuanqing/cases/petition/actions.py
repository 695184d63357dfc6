"""Acts of the register. What is typed is sealed in memory before the act begins; acts see envelopes only."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.likeness.actions import learn
from yuanqing.cases.likeness.queries import features, is_marked
from yuanqing.cases.petition import rules
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.policies import ARRIVAL
from yuanqing.cases.petition.queries import (
    WEB,
    Codes,
    Page,
    above,
    clock,
    concerned,
    is_barred,
    next_number,
    next_numbers,
    pepper,
    prolonged,
    receipt_of,
    text_of,
    to_shut_out,
)
from yuanqing.hotline.report import actions as reports
from yuanqing.hotline.report.models import Report
from yuanqing.kernel.acts import Many, Touched, act, act_many, after, keep, note, once_saved
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.shell.inbox.actions import send

CHANNEL = "petition"


@dataclass(frozen=True)
class Sealed:
    """A petition's content, sealed: what `register` takes."""

    pk: UUID
    bundle: store.Bundle


def sealed(said: dict[str, Any], holders: Sequence[Holder]) -> Sealed:
    """Seal what was taken down to these holders and the escrow; LookupError without an escrow."""
    pk, bundle = uuid4(), store.new_bundle(store.recipients_with_escrow(holders))
    value = store.new_value(bundle.key, CHANNEL, pk, "content")
    bundle.pieces = store.sealed_in(value, json.dumps(said, ensure_ascii=False).encode())
    bundle.values = [value]
    return Sealed(pk, bundle)


@act(Petition, creates=True)
def register(
    *, by: Any, content: Sealed, channel: str, kind: str, level: str, is_named: bool, received_on: date,
    is_assigned_from_above: bool = False,
) -> Petition:  # fmt: skip
    """A letter, visit, call or other matter taken down by hand."""
    codes = Codes()
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": _("收到日期不能在今天之后。")})
    if codes.goes_up(level):
        raise ValidationError({"level": _("反映上级管理的干部或本机关主要负责人的，不得录入，请原件直接报送上级。")})
    bundle = content.bundle

    def save_all() -> None:
        for record in (bundle.key, *bundle.values):
            keep(record)
        bundle.save_rows()

    once_saved(save_all)
    due = (
        "petition.assigned" if is_assigned_from_above else rules.first_clock(channel, is_named=is_named, goes_up=False)
    )
    return Petition(
        pk=content.pk,
        number=next_number(received_on),
        channel=channel,
        kind=kind,
        level=level,
        is_named=is_named,
        received_on=received_on,
        key=bundle.key,
        content=bundle.values[0],
        is_assigned_from_above=is_assigned_from_above,
        due=due,
        due_on=clock(due, received_on),
    )


@act_many(Petition, creates=True)
def receive(many: Many, *, by: Any, reports: Sequence[Report]) -> int:
    """Reports of the hotline enter the register, each with its own key and content."""
    numbers = next_numbers(timezone.localdate(), len(reports))
    return many.create(_received(report, number) for report, number in zip(reports, numbers, strict=True))


def _received(report: Report, number: str) -> Petition:
    due = rules.first_clock(WEB, is_named=report.is_named, goes_up=report.passes_through)
    return Petition(
        pk=uuid4(),
        number=number,
        channel=WEB,
        kind=report.channel,
        level=report.level,
        is_named=report.is_named,
        received_on=report.received_on,
        report=report,
        key_id=report.key_id,
        content_id=report.content_id,
        due=due,
        due_on=clock(due, report.received_on),
    )


@after(Report, "submit")
def _arrived(touched: Touched) -> None:
    receive(by=ARRIVAL, reports=list(touched.records()))


@after(Report, "withdraw")
def _taken_back(touched: Touched) -> None:
    for petition in Petition.objects.filter(
        report__in=touched.records(), state__in=("registered", "accepted", "assigned")
    ):
        withdraw(petition, by=ARRIVAL)


@act(Petition)
def confirm(petition: Petition, *, by: Any) -> None:
    """The minutes were read back to the caller or visitor, who found them right."""
    petition.confirmed_on = timezone.localdate()


@act(Petition)
def accept(petition: Petition, *, by: Any) -> None:
    _tell(petition, "accept", by)


@act(Petition)
def acknowledge(petition: Petition, *, by: Any, on: date) -> None:
    """A named reporter was told that the matter is accepted."""
    if not petition.is_named:
        raise ValidationError(_("匿名的不需要告知。"))
    if petition.acknowledged_on is not None:
        raise ValidationError(_("已经告知过。"))
    if on > timezone.localdate() or on < petition.received_on:
        raise ValidationError({"on": _("告知日期应在收到日期与今天之间。")})
    petition.acknowledged_on = on


@act(Petition)
def repeat(petition: Petition, *, by: Any, of: Petition) -> None:
    """The same matter again: registered and kept, not handled a second time."""
    if of.pk == petition.pk:
        raise ValidationError({"of": _("不能与自己重复。")})
    petition.repeats, petition.due_on, petition.closed_on = of, None, timezone.localdate()
    _tell(petition, "accept", by)


@act(Petition)
def send_up(petition: Petition, *, by: Any, to: str, on: date) -> None:
    petition.passed_to, petition.due_on, petition.closed_on = to.strip(), None, on
    _tell(petition, "pass_on", by)


@act(Petition)
def forward(petition: Petition, *, by: Any, to: str, on: date) -> None:
    petition.passed_to, petition.due_on, petition.closed_on = to.strip(), None, on
    _tell(petition, "pass_on", by)


@act(Petition)
def decline(petition: Petition, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明不予受理的理由。")})
    petition.outcome, petition.due_on, petition.closed_on = "declined", None, timezone.localdate()
    note(reason=reason)
    _tell(petition, "decline", by)


@act(Petition)
def assign(petition: Petition, *, by: Any, handler: Account, holder: Holder, secret: str) -> None:
    """A handler with a key of his own, who is not barred; the matter's secret is sealed to him."""
    if is_barred(petition, handler.pk):
        raise ValidationError({"handler": _("这个人应当回避。")})
    if not handler.can("cases.petition.conclude"):
        raise ValidationError({"handler": _("这个账号没有承办的角色。")})
    if holder.pk not in petition.key.recipients:
        sealing.admit(petition.key, by=by, secret=secret, holder=holder)
    petition.handler = handler
    if petition.due != "petition.assigned":
        petition.due, petition.due_on = "petition.handling", clock("petition.handling", timezone.localdate())
    note(handler=str(handler))
    _expect(petition)


@act(Petition)
def prolong(petition: Petition, *, by: Any, approval: str) -> None:
    """3+3+N: the first by this body's head with a report upward, any further one by the higher body alone."""
    if not approval.strip():
        raise ValidationError({"approval": _("请写明批准人和批准文号。")})
    petition.due_on = prolonged(petition)
    petition.extensions += 1
    note(approval=approval, extension=petition.extensions, due_on=petition.due_on.isoformat())
    _expect(petition)


@act(Petition)
def hand_over(petition: Petition, *, by: Any) -> None:
    """It goes on as a lead, which concludes it when it ends; the petition keeps a clock of its own."""
    if petition.due != "petition.assigned":
        petition.due, petition.due_on = "petition.handling", clock("petition.handling", timezone.localdate())
    _expect(petition)


@act(Petition)
def conclude(petition: Petition, *, by: Any, outcome: str) -> None:
    """The result; a named reporter is told within the pack's term, an anonymous matter waits for the same step."""
    today = timezone.localdate()
    petition.outcome, petition.concluded_on = outcome, today
    petition.due, petition.due_on = "petition.named_result", clock("petition.named_result", today)
    _tell(petition, "conclude", by)


@act(Petition)
def feed_back(petition: Petition, *, by: Any, how: str) -> None:
    """The reporter was told the result, or it was filed because nobody could be told."""
    if not how.strip():
        raise ValidationError({"how": _("请写明怎样反馈的；匿名无法反馈的写明。")})
    petition.due_on, petition.closed_on = None, timezone.localdate()
    note(how=how)


@act(Petition)
def withdraw(petition: Petition, *, by: Any) -> None:
    """The reporter took it back; it is kept, and what is serious may be registered anew."""
    petition.due_on, petition.closed_on = None, timezone.localdate()


@act(Petition)
def escalate(petition: Petition, *, by: Any) -> None:
    """Past its last day it is brought before others who can hand it on; nothing of what it says is told."""
    bring_above(petition, "petition", _("信访举报 %(number)s 已经过期"), above)


def bring_above(matter: Any, kind: str, title: str, above: Callable[[Any], Sequence[UUID]]) -> None:
    """A petition, lead or case past its last day: once more, and those accounts get a message that bears its number alone."""
    today = timezone.localdate()
    due_at = getattr(matter, "due_at", None)  # of what counts hours
    if matter.due_on is None or (due_at >= timezone.now() if due_at else matter.due_on >= today):
        raise ValidationError(_("还没有过期。"))
    matter.escalations, matter.escalated_on = matter.escalations + 1, today
    accounts, key = above(matter), f"{kind}.{matter.pk}.late.{matter.escalations}"
    send(accounts, key=key, kind=kind, title=title % {"number": matter.number}, link=matter.get_absolute_url())
    note(escalations=matter.escalations, told=len(accounts))


def study(petition: Petition, page: Page) -> None:
    """Keep the blind marks of an opened petition, so that later ones about the same matter are found."""
    if petition.state == "registered" or not is_marked(petition.content_id):
        learn(petition.content_id, features(*text_of(page)))


def _expect(petition: Petition) -> None:
    """The reporter sees by when the next step is due."""
    if petition.report is not None:
        reports.expect(petition.report, by=ARRIVAL, next_on=petition.due_on)


def _tell(petition: Petition, step: str, by: Any) -> None:
    """Push the state down to what the reporter sees, where it still can change."""
    if petition.report is None:
        return
    report = petition.report
    if step == "accept" and report.state == "received":
        reports.accept(report, by=ARRIVAL)
    elif step != "accept" and report.state in ("received", "accepted"):
        getattr(reports, step)(report, by=ARRIVAL)


@act(Petition, step="bar", label=gettext_lazy("登记回避"))
def bar(petition: Petition, *, by: Any, person: Person, secret: str) -> None:
    """The person reported and everybody below him keep out: barred for good, and shut out where they could open it."""
    accounts = concerned(person, timezone.localdate())
    known = set(petition.barred)
    petition.barred = sorted(known | set(rules.marks(pepper(), petition.pk, accounts)))
    out = to_shut_out(petition, accounts)
    if out:
        receipt = receipt_of(petition, secret) if petition.key.has_receipt else ""
        sealing.expel(petition.key, by=by, secret=secret, holders=out, receipt_public=receipt)
    note(number=len(accounts), shut_out=len(out))
