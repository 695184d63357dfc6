"""Opening a case, its people, plan, measures, evidence and the talk about the facts; handing it to those who try it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.models import PARTS, Case, CaseMeasure, Custody, Evidence, Intervention, Officer
from yuanqing.cases.case.policies import is_barred
from yuanqing.cases.case.queries import (
    CAPABILITIES,
    CHANNEL,
    Codes,
    above,
    had_a_hand,
    is_staffed,
    missing_before_trial,
    next_number,
)
from yuanqing.cases.lead.actions import finish_petitions, keep_papers, must_have, put_in, save_file
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Draft, able, accounts_of, content_of, due, origin, subjects_of, to_keep_out
from yuanqing.cases.petition.actions import bring_above
from yuanqing.cases.petition.policies import pepper
from yuanqing.cases.petition.rules import marks
from yuanqing.kernel.acts import act, again, condition, keep, note, once_saved
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person


@dataclass
class File:
    """新案卷: a case's file that is not saved yet, sealed to whoever manages and decides cases of the unit."""

    pk: UUID
    bundle: store.Bundle
    barred: list[str]


def opened_file(by: Any, lead: Lead, secret: str) -> File:
    """The lead's content under a key of the case's own; who keeps out is asked anew."""
    content, out = content_of(lead, secret), to_keep_out(subjects_of(lead, secret), origin(lead))
    holders = [h for h in able(["cases.case.open", "cases.case.decide"], lead.unit) if h.account_id not in out]
    if by.pk not in {h.account_id for h in holders}:
        raise ValidationError(_("您的钥匙不能打开新的案卷。"))
    if not any(h for h in able(["cases.case.decide"], lead.unit) if h in holders):
        raise ValidationError(_("没有可以决定这件案子的人：他们没有启用钥匙，或者都应当回避。请报上级机关。"))
    pk, bundle = uuid4(), store.new_bundle(store.recipients_with_escrow(holders))
    value = store.new_value(bundle.key, CHANNEL, pk, "basis")
    bundle.pieces = store.sealed_in(value, json.dumps(content, ensure_ascii=False).encode())
    bundle.values = [value]
    return File(pk, bundle, marks(pepper(), pk, out))


@act(Case, creates=True)
def open(*, by: Any, lead: Lead, file: File) -> Case:
    """A filed lead becomes a case with a number and a file of its own."""
    if lead.state != "filed":
        raise ValidationError(_("只有批准立案的线索才能开立案卷。"))
    today = timezone.localdate()
    case = Case(
        pk=file.pk, number=next_number(today), lead=lead, unit=lead.unit, category=lead.category, level=lead.level,
        key=file.bundle.key, barred=file.barred, owner_id=by.pk, filed_on=lead.ended_on or today,
    )  # fmt: skip
    start(case, "case.investigate", case.filed_on)
    once_saved(lambda: save_file(case, file.bundle, "basis", by=by, on=case.filed_on))
    note(lead=lead.number)
    return case


def start(case: Case, code: str, on: date | None = None) -> None:
    case.due, case.due_on = code, due(code, on)


def between(on: date | None, first: date, name: str) -> date:
    """The day given, when it lies between the first and today."""
    if on is None or not first <= on <= timezone.localdate():
        raise ValidationError({name: _("日期应在 %(day)s 与今天之间。") % {"day": first.isoformat()}})
    return on


@again(Case, "staff")
def _is_staffed(case: Case, by: Any) -> bool:
    return is_staffed(case)


@act(Case)
def staff(case: Case, *, by: Any, part: str, officer: Account, holder: Holder, secret: str) -> None:
    """Somebody to investigate, or somebody else to try; the file is sealed to him. One part in a case, no more."""
    if part not in PARTS:
        raise ValidationError({"part": _("请选择审查调查或者审理。")})
    if not officer.can(CAPABILITIES[part], case.unit):
        raise ValidationError({"officer": _("这个账号没有这种角色。")})
    if case.officers.filter(account=officer).exists():
        raise ValidationError({"officer": _("同一个人在一件案子里只能承担一种工作。")})
    if part == "trial" and officer.pk in had_a_hand(case.lead):
        raise ValidationError({"officer": _("承办或者核实过这件线索的人不能审理。")})
    persons = persons_of(case, secret)
    if is_barred(case, officer.pk) or officer.pk in to_keep_out(persons, case.lead.petition):
        raise ValidationError({"officer": _("这个人应当回避。")})
    if holder.pk not in case.key.recipients:
        sealing.admit(case.key, by=by, secret=secret, holder=holder)
    row = Officer(case=case, account=officer, part=part, since_on=timezone.localdate())
    once_saved(lambda: keep(row))
    if part == "investigation" and not case.officers.exists():
        case.owner = officer
    note(part=part, officer=str(officer))


def persons_of(case: Case, secret: str) -> list[Person]:
    """The persons on the rolls whom the case is about."""
    row = case.papers.select_related("value__key").get(kind="basis", position=0)
    ids = json.loads(store.open_value(row.value, secret)).get("subjects", [])
    return list(Person.objects.select_related("unit").filter(pk__in=ids))


@condition(Case, "announce")
def _was_announced(case: Case) -> str:
    return _("已经宣布过。") if case.announced_on is not None else ""


@act(Case)
def announce(case: Case, *, by: Any, on: date) -> None:
    """The decision to file is read to the person and reported to the organisations concerned."""
    case.announced_on = between(on, case.filed_on, "on")


@again(Case, "plan")
def _is_planned(case: Case, by: Any) -> bool:
    return case.planned_by_id is not None


@act(Case)
def plan(case: Case, *, by: Any, drafts: Sequence[Draft]) -> None:
    """A plan, or a new one; the team may not change an approved one by itself."""
    must_have(drafts, "plan")
    case.planned_by_id, case.plan_on = by.pk, None
    put_in(case, drafts, by)


@condition(Case, "approve_plan")
def _nothing_to_approve(case: Case) -> str:
    waits = case.planned_by_id is not None and case.plan_on is None
    return "" if waits else _("没有等待批准的审查方案。")


@act(Case)
def approve_plan(case: Case, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    case.plan_on = timezone.localdate()
    note(reason=reason)


@condition(Case, "use_measure")
def _not_approved(case: Case) -> str:
    return _("审查方案批准以前不得使用审查措施。") if case.plan_on is None else ""


@act(Case)
def use_measure(
    case: Case, *, by: Any, kind: str, approved_by: str, starts_on: date, ends_on: date | None = None
) -> None:
    """One line of the ledger of measures; the same measure without an end is ended by giving one."""
    codes = Codes()
    if kind not in codes.table("measure"):
        raise ValidationError({"kind": _("请选择措施。")})
    if not approved_by.strip():
        raise ValidationError({"approved_by": _("请写明批准人和批准文号。")})
    between(starts_on, case.filed_on, "starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("终止日期不能早于起始日期。")})
    running = case.measures.filter(kind=kind, starts_on=starts_on, ends_on__isnull=True).first()
    row = running or CaseMeasure(case=case, kind=kind, starts_on=starts_on, used_by_id=by.pk)
    row.approved_by, row.ends_on = approved_by.strip(), ends_on
    once_saved(lambda: keep(row))
    note(measure=kind)


@again(Case, "add_evidence")
def _has_evidence(case: Case, by: Any) -> bool:
    return bool(case.evidence.exists())


@act(Case)
def add_evidence(
    case: Case, *, by: Any, kind: str, digest: str, obtained_on: date, obtained_by: int, kept_at: str,
    drafts: Sequence[Draft], pages: int = 0,
) -> None:  # fmt: skip
    """One item of the list, known by the SHA-256 of its file or scan, taken by two, with where it is kept."""
    if kind not in Codes().table("evidence"):
        raise ValidationError({"kind": _("请选择证据种类。")})
    between(obtained_on, date(2000, 1, 1), "obtained_on")
    if obtained_by < 2:
        raise ValidationError({"obtained_by": _("取证不得少于两人。")})
    if case.evidence.filter(digest=digest).exists():
        raise ValidationError({"digest": _("这份材料（同一 SHA-256）已经登记过。")})
    must_have(drafts, "evidence_note")
    row = Evidence(
        case=case, number=case.evidence.count() + 1, kind=kind, digest=digest, pages=pages, obtained_on=obtained_on,
        obtained_by=obtained_by, kept_at=kept_at.strip(),
    )  # fmt: skip

    def save() -> None:
        row.paper = keep_papers(case, drafts, by)[0]
        keep(row)

    once_saved(save)
    note(evidence=row.number, digest=digest)


@act(Case)
def hand_on(
    case: Case, *, by: Any, number: int, on: date, given_by: str, taken_by: str, kept_at: str, is_same: bool
) -> None:
    """A piece changes hands or place; its SHA-256 is reckoned anew, and what does not agree is registered as such."""
    piece, wrong = case.evidence.filter(number=number).first(), dict[str, str]()
    if piece is None:
        raise ValidationError({"number": _("没有这个序号的证据。")})
    last = case.custody.filter(evidence=piece).order_by("-moved_on").first()
    between(on, last.moved_on if last else piece.obtained_on, "on")
    for name, value in (("given_by", given_by), ("taken_by", taken_by), ("kept_at", kept_at)):
        if not value.strip():
            wrong[name] = _("请填写。")
    if given_by.strip() == taken_by.strip():
        wrong.setdefault("taken_by", _("移交人和接收人不能是同一个人。"))
    if wrong:
        raise ValidationError(wrong)
    row = Custody(
        case=case, evidence=piece, moved_on=on, given_by=given_by.strip(), taken_by=taken_by.strip(),
        kept_at=kept_at.strip(), is_same=is_same, noted_by_id=by.pk,
    )  # fmt: skip
    piece.kept_at = kept_at.strip()

    def save() -> None:
        keep(row)
        keep(piece)

    once_saved(save)
    note(evidence=number, is_same=is_same)


@again(Case, "show_facts")
def _are_shown(case: Case, by: Any) -> bool:
    return case.facts_on is not None


@act(Case)
def show_facts(case: Case, *, by: Any, on: date, drafts: Sequence[Draft]) -> None:
    """The facts are shown to the person, and his answer is heard and kept, whatever it is."""
    must_have(drafts, "facts", "answer")
    case.facts_on = between(on, case.announced_on or case.filed_on, "on")
    put_in(case, drafts, by)


@condition(Case, "submit")
def _not_ready_for_trial(case: Case) -> str:
    missing = missing_before_trial(case)
    return _("移送审理以前还要：%(what)s。") % {"what": _("、").join(missing)} if missing else ""


@act(Case)
def submit(case: Case, *, by: Any, drafts: Sequence[Draft]) -> None:
    """To those who try it, once everything that has to come before is done."""
    must_have(drafts, "case_report")
    case.submitted_by_id, case.submitted_on = by.pk, timezone.localdate()
    put_in(case, drafts, by)
    start(case, "trial.review")


@act(Case)
def prolong(case: Case, *, by: Any, until: date, reason: str) -> None:
    """Once for each clock, by whoever has no part in the case, with a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    latest = due(case.due, case.due_on)
    if case.due_on is None or not case.due_on < until <= latest:
        first = case.due_on.isoformat() if case.due_on else ""
        sentence = _("延到的日期应在 %(first)s 之后、%(last)s 以前。") % {"first": first, "last": latest.isoformat()}
        raise ValidationError({"until": sentence})
    case.due_on, case.extensions = until, case.extensions + 1
    note(reason=reason, until=until.isoformat())


@act(Case)
def note_intervention(case: Case, *, by: Any, kind: str, on: date, drafts: Sequence[Draft]) -> None:
    """Who asked, pleaded or interfered, when and how; whoever is told of it has to register it."""
    if kind not in Codes().table("intervention"):
        raise ValidationError({"kind": _("请选择方式。")})
    between(on, case.filed_on, "on")
    must_have(drafts, "intervention")

    def save() -> None:
        keep(
            Intervention(
                case=case, kind=kind, happened_on=on, noted_by_id=by.pk, paper=keep_papers(case, drafts, by)[0]
            )
        )

    once_saved(save)
    note(intervention=kind)


@act(Case)
def escalate(case: Case, *, by: Any) -> None:
    """Past its last day it is brought before somebody above the late person."""
    bring_above(case, "case", _("案件 %(number)s 已经过期"), lambda late: accounts_of(above(late)))


@act(Case)
def drop(case: Case, *, by: Any, reason: str) -> None:
    """The facts do not bear a case out; decided by somebody without a part in it."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    case.closing_reason, case.outcome, case.decided_by_id = reason.strip(), "dropped", by.pk
    case.ended_on, case.due, case.due_on = timezone.localdate(), "", None
    finish_petitions(case.lead, Codes().table("outcome")["dropped"].data["values"]["petition"], is_told=True)
    note(reason=reason)
