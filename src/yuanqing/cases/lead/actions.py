"""Registering, distributing, taking over, screening, keeping out. What is typed is sealed before the act begins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.lead import rules
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.policies import is_barred
from yuanqing.cases.lead.queries import (
    CHANNEL,
    Codes,
    Draft,
    able,
    above,
    accounts_of,
    due,
    next_number,
    subjects_of,
    to_keep_out,
)
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.policies import ARRIVAL, pepper
from yuanqing.cases.petition.rules import marks
from yuanqing.kernel.acts import Refused, Touched, act, after, keep, note, once_saved
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.models import Holder, SealedPiece, SealedValue
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.shell.inbox.actions import send

MANAGES, DECIDES = "cases.lead.assign", "cases.lead.verify"


@dataclass
class File:
    """新卷: a file that is not saved yet: its key sealed to those who may open it, its first paper, who keeps out."""

    pk: UUID
    bundle: store.Bundle
    manager: Holder
    barred: list[str] = field(default_factory=list)


def opened_file(
    by: Any, unit: Unit, said: dict[str, Any], persons: Sequence[Person], petition: Petition | None = None
) -> File:
    """Seal what the lead says to whoever manages and decides leads of the unit, to the writer and to the escrow, never
    to anybody who must keep out. ValidationError where too few remain; LookupError without an escrow."""
    out = to_keep_out(persons, petition)
    if by.pk in out:
        raise Refused(_("涉及您本人或者您应当回避的问题，不能由您登记。"))
    inside = [h for h in able([MANAGES, DECIDES], unit) if h.account_id not in out]
    managers = [h for h in able([MANAGES], unit) if h in inside]
    if not managers:
        raise ValidationError(_("没有可以管理这件线索的人：他们没有启用钥匙，或者都应当回避。请报上级机关。"))
    if not any(h for h in able([DECIDES], unit) if h in inside and h.account_id != by.pk):
        raise ValidationError(_("没有可以审批这件线索的人：他们没有启用钥匙，或者都应当回避。请报上级机关。"))
    writer = Holder.objects.active().filter(account_id=by.pk).first()
    holders = {h.pk: h for h in [*inside, *([writer] if writer else [])]}
    pk, bundle = uuid4(), store.new_bundle(store.recipients_with_escrow(list(holders.values())))
    value = store.new_value(bundle.key, CHANNEL, pk, "content")
    content = {**said, "subjects": [str(person.pk) for person in persons]}
    bundle.pieces = store.sealed_in(value, json.dumps(content, ensure_ascii=False).encode())
    bundle.values = [value]
    own = next((h for h in managers if h.account_id == by.pk), managers[0])
    return File(pk, bundle, own, marks(pepper(), pk, out))


@act(Lead, creates=True)
def register(
    *, by: Any, file: File, unit: Unit, source: str, category: str, level: str, elements: Sequence[str] = (),
    is_named: bool = False, received_on: date | None = None, petition: Petition | None = None,
) -> Lead:  # fmt: skip
    """A lead enters the pool with a number, an owner and a clock; a petition it comes from waits for its end."""
    codes, today = Codes(), timezone.localdate()
    on = received_on or today
    if on > today:
        raise ValidationError({"received_on": _("入册日期不能在今天之后。")})
    for name, value in (("source", source), ("category", category), ("level", level)):
        if value not in dict(codes.choices(name)):
            raise ValidationError({name: _("请从列出的选项中选择。")})
    if codes.goes_up(level):
        raise ValidationError({"level": _("反映上级管理的干部或本机关主要负责人的，不在本机关办理，请直接报送上级。")})
    lead = Lead(
        pk=file.pk, number=next_number(on), petition=petition, unit=unit, source=source, category=category, level=level,
        elements=[code for code in codes.table("element") if code in elements], is_named=is_named, received_on=on,
        key=file.bundle.key, barred=file.barred, owner_id=file.manager.account_id,
    )  # fmt: skip
    start(lead, "pooled")
    once_saved(lambda: save_file(lead, file.bundle, "content", by=by, on=lead.received_on))
    if petition is not None:
        petitions.hand_over(petition, by=by)
        note(petition=petition.number)
    return lead


def save_file(record: Any, bundle: store.Bundle, kind: str, *, by: Any, on: date) -> None:
    """The key of a lead or a case and its first paper."""
    keep(bundle.key)
    for value in bundle.values:
        keep(value)
        keep(_paper(record, kind, value, by, on, 0))
    bundle.save_rows()


def keep_papers(record: Any, drafts: Iterable[Draft], by: Any) -> list[Any]:
    """Sealed papers behind those that a lead or a case has already."""
    made = []
    for number, draft in enumerate(drafts, record.papers.count()):
        keep(draft.value)
        SealedPiece.objects.bulk_create(draft.pieces)
        made.append(_paper(record, draft.kind, draft.value, by, timezone.localdate(), number))
        keep(made[-1])
    return made


def _paper(record: Any, kind: str, value: SealedValue, by: Any, on: date, position: int) -> Any:
    papers = record.papers
    words = {"kind": kind, "value": value, "written_by_id": by.pk, "written_on": on, "position": position}
    return papers.model(**{papers.field.name: record}, **words)


def start(lead: Lead, state: str, on: date | None = None, code: str = "") -> None:
    """Begin the clock of a state."""
    lead.due = code or rules.CLOCKS[state]
    lead.due_on = due(lead.due, on)


def put_in(record: Any, drafts: Iterable[Draft], by: Any) -> None:
    """Keep sealed papers of a lead or a case with the act under way."""
    found = list(drafts)

    def save() -> None:
        keep_papers(record, found, by)

    once_saved(save)


def must_have(drafts: Iterable[Draft], *kinds: str) -> None:
    """ValidationError at the field of every kind of paper that is missing."""
    given = {draft.kind for draft in drafts}
    missing = {kind: _("请填写。") for kind in kinds if kind not in given}
    if missing:
        raise ValidationError(missing)


def let_in(lead: Lead, by: Any, secret: str, holder: Holder) -> None:
    """Seal the file to one more holder, unless he must keep out: asked anew, since people move."""
    if holder.account_id is None or is_barred(lead, holder.account_id):
        raise ValidationError({"handler": _("这个人应当回避。")})
    if holder.account_id in to_keep_out(subjects_of(lead, secret), lead.petition):
        raise ValidationError({"handler": _("这个人应当回避。")})
    if holder.pk not in lead.key.recipients:
        sealing.admit(lead.key, by=by, secret=secret, holder=holder)


@act(Lead)
def assign(lead: Lead, *, by: Any, handler: Account, holder: Holder, secret: str) -> None:
    """A named handler with a key of his own who need not keep out; until he confirms, the clock is short."""
    if not handler.can("cases.lead.screen", lead.unit):
        raise ValidationError({"handler": _("这个账号没有承办线索的角色。")})
    if lead.handler_id == handler.pk:
        raise ValidationError({"handler": _("已经分给这个人。")})
    let_in(lead, by, secret, holder)
    lead.handler, lead.owner, lead.assigned_by_id = handler, handler, by.pk
    lead.assigned_on = timezone.localdate()
    start(lead, "assigned")
    note(handler=str(handler))
    _tell(handler.pk, lead, _("分给您一件问题线索，请确认承办"))


def _tell(account_id: UUID, lead: Lead, title: str) -> None:
    key = f"lead.{lead.pk}.{lead.version}"
    send([account_id], key=key, kind="lead", title=title, link=lead.get_absolute_url())


@act(Lead)
def confirm(lead: Lead, *, by: Any) -> None:
    """The handler takes it over; the month for his opinion runs from the day it was given to him."""
    start(lead, "screening", lead.assigned_on)


@act(Lead)
def hand_back(lead: Lead, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回的理由。")})
    lead.owner_id = lead.assigned_by_id
    lead.handler = None
    start(lead, "pooled")
    note(reason=reason)


@act(Lead)
def screen(
    lead: Lead, *, by: Any, method: str, studied_on: date, studied_by: int, drafts: Sequence[Draft], ground: str = "",
    restart_when: str = "", restart_on: date | None = None,
) -> None:  # fmt: skip
    """The collective opinion which of the four methods fits, with the plan; a person decides, the system only counts."""
    codes, today = Codes(), timezone.localdate()
    if method not in rules.METHODS:
        raise ValidationError({"method": _("处置方式只有四种，请选择。")})
    if studied_on > today or studied_on < lead.received_on:
        raise ValidationError({"studied_on": _("集体研究日期应在入册日期与今天之间。")})
    if studied_by < codes.number("study_people"):
        raise ValidationError({"studied_by": _("集体研究至少 %(n)d 人。") % {"n": codes.number("study_people")}})
    must_have(drafts, *(("study", "plan") if method in ("inquire", "verify") else ("study",)))
    if method in ("close", "shelve") and ground not in codes.table("ground"):
        raise ValidationError({"ground": _("了结和暂存要选一种情形。")})
    if method == "shelve":
        hold(lead, restart_when, restart_on)
    lead.method, lead.proposal, lead.ground, lead.proposed_by_id = method, method, ground, by.pk
    lead.studied_on, lead.studied_by = studied_on, studied_by
    lead.outcome = "direct" if method == "close" else ""
    put_in(lead, drafts, by)
    note(method=method, studied_by=studied_by)


def hold(lead: Lead, when: str, on: date | None) -> None:
    """What is held over says under which condition and on which day it is taken up again."""
    if not when.strip():
        raise ValidationError({"restart_when": _("请写明重启条件（不写姓名和案情）。")})
    today, latest = timezone.localdate(), due("lead.hold")
    if on is None or on <= today or on > latest:
        sentence = _("重启日期应在今天之后、%(day)s 以前。") % {"day": latest.isoformat()}
        raise ValidationError({"restart_on": sentence})
    lead.restart_when, lead.restart_on = when.strip(), on


@act(Lead)
def restart(lead: Lead, *, by: Any, reason: str) -> None:
    """The condition has come about, or the day."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明重启的缘由。")})
    lead.proposal, lead.outcome = "", ""
    start(lead, "screening")
    note(reason=reason)


@act(Lead)
def escalate(lead: Lead, *, by: Any) -> None:
    """Past its last day it is brought before somebody above the late person."""
    petitions.bring_above(lead, "lead", _("问题线索 %(number)s 已经过期"), lambda late: accounts_of(above(late)))


@act(Lead)
def bar(lead: Lead, *, by: Any, person: Person, secret: str) -> None:
    """Somebody it concerns was found out later: he and his people keep out from now on, and what they could open is
    sealed anew. Owner and handler who must keep out lose it to the manager."""
    out = to_keep_out([person])
    if by.pk in out:
        raise Refused(_("涉及您本人或者您应当回避的问题，不能由您登记。"))
    if lead.handler_id in out or lead.owner_id in out:
        raise ValidationError(_("承办人或者责任人应当回避，请先改由别人承办。"))
    lead.barred = sorted({*lead.barred, *marks(pepper(), lead.pk, out)})
    shut = list(Holder.objects.filter(pk__in=lead.key.recipients, account_id__in=out))
    if shut:
        sealing.expel(lead.key, by=by, secret=secret, holders=shut)
    note(number=len(out), shut_out=len(shut))


# What a petition is told


def finish_petitions(lead: Lead, outcome: str, *, is_told: bool = False) -> None:
    """The petitions of a lead that ended, and of those merged into it, are concluded; their reporters are told.

    `outcome` is the lead's, or, when `is_told`, already the petition's: a case says it in its own words.
    """
    told = outcome if is_told else Codes().value("outcome", outcome, "petition") or "to_lead"
    leads = [lead, *Lead.objects.filter(into=lead)]
    for petition in Petition.objects.filter(leads__in=leads, state="under_lead").distinct():
        others = Lead.objects.running().filter(petition=petition).exclude(pk__in=[one.pk for one in leads])
        if not others.exists():
            petitions.conclude(petition, by=ARRIVAL, outcome=told)


def _ended(touched: Touched) -> None:
    for lead in touched.records():
        finish_petitions(lead, lead.outcome)


for _step in ("close", "remind", "pass_on", "send_up"):
    after(Lead, _step)(_ended)
