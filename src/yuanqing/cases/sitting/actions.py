"""Convening the body, who is there, what each says, the resolution, signatures; and what follows for the matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.actions import between
from yuanqing.cases.case.models import Case
from yuanqing.cases.disposal import actions as disposals
from yuanqing.cases.lead.actions import keep_papers, must_have, put_in, save_file
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Draft, purpose_of
from yuanqing.cases.lead.rules import PURPOSES
from yuanqing.cases.petition.policies import pepper
from yuanqing.cases.petition.rules import mark
from yuanqing.cases.sitting import policies, queries, rules
from yuanqing.cases.sitting.lifecycle import OPEN
from yuanqing.cases.sitting.models import OUTCOMES, VOTES, Attendee, Sitting
from yuanqing.cases.trial import actions as trials
from yuanqing.kernel.acts import SYSTEM, Touched, act, after, again, condition, keep, note, once_saved
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.models import Holder
from yuanqing.shell.inbox.actions import send


@dataclass
class File:
    """新卷: a sitting's file that is not saved yet: sealed to its members and who records, with who is called to it."""

    pk: UUID
    bundle: store.Bundle
    roll: list[tuple[UUID, str, str]]  # account, part, ground


def opened_file(by: Any, matter: Any, secret: str, question: str) -> File:
    """Seal the question to the members of the body who need not keep out, to who records and to the escrow.

    `secret` opens the matter: who must keep out is asked anew. ValidationError where too few could sit.
    """
    if not question.strip():
        raise ValidationError({"question": _("请写明提请审议的问题和拟处理意见。")})
    out, part = queries.kept_out(matter, secret), queries.had_a_part(matter)
    keys, roll = queries.with_keys(matter.unit), list[tuple[UUID, str, str]]()
    for account in queries.body_of(matter.unit):
        if account.pk in out or queries.is_barred(matter, account.pk):
            roll.append((account.pk, "withdrew", "kept_out"))
        elif account.pk in part:
            roll.append((account.pk, "withdrew", "had_a_part"))
        else:
            roll.append((account.pk, *(("called", "") if account.pk in keys else ("absent", "no_key"))))
    called = {pk for pk, how, _ground in roll if how == "called"}
    needed = queries.Codes().number("least_present")
    if len(called) < needed:
        raise ValidationError(_("能到会的成员不足 %(n)d 人：其余的没有启用钥匙或者应当回避。") % {"n": needed})
    kept_off = {pk for pk, how, _ground in roll if how == "withdrew"}
    inside = [h for pk, h in keys.items() if pk not in kept_off | out and not queries.is_barred(matter, pk)]
    if by.pk not in {h.account_id for h in inside}:
        raise ValidationError(_("您的钥匙不能打开新的审议卷。"))
    pk, bundle = uuid4(), store.new_bundle(store.recipients_with_escrow(inside))
    value = store.new_value(bundle.key, queries.CHANNEL, pk, "question")
    bundle.pieces = store.sealed_in(value, json.dumps({"text": question.strip()}, ensure_ascii=False).encode())
    bundle.values = [value]
    return File(pk, bundle, roll)


@act(Sitting, creates=True)
def convene(*, by: Any, matter: Any, file: File, body: str, held_on: date, place: str) -> Sitting:
    """The body is called to sit on what has to be decided about the matter now."""
    codes, purpose, wrong = queries.Codes(), purpose_of(matter), dict[str, str]()
    if not purpose:
        raise ValidationError(_("这一件现在没有要集体审议的事项。"))
    if queries.agreed(matter, purpose) is not None:
        raise ValidationError(_("这一件已经审议同意，不用再次审议。"))
    if body not in codes.table("body"):
        wrong["body"] = _("请选择会议。")
    if held_on < queries.begins(matter):
        wrong["held_on"] = _("会议日期不能早于 %(day)s。") % {"day": queries.begins(matter).isoformat()}
    if not place.strip():
        wrong["place"] = _("请填写地点。")
    if wrong:
        raise ValidationError(wrong)
    sitting = Sitting(
        pk=file.pk, **{queries.name_of(matter): matter}, number=matter.number, unit=matter.unit,
        key=file.bundle.key, purpose=purpose, body=body, held_on=held_on, place=place.strip(), convened_by_id=by.pk, convened_on=timezone.localdate(),
        members=len(file.roll),
    )  # fmt: skip

    def save() -> None:
        save_file(sitting, file.bundle, "question", by=by, on=sitting.convened_on)
        for account_id, part, ground in file.roll:
            keep(Attendee(sitting=sitting, account_id=account_id, part=part, ground=ground))
        called = [pk for pk, part, _ground in file.roll if part == "called"]
        _tell(sitting, called, _("%(day)s 有一次集体审议，请准时到会") % {"day": held_on.isoformat()})

    once_saved(save)
    note(purpose=purpose, members=len(file.roll))
    return sitting


def _tell(sitting: Sitting, accounts: list[UUID], title: str) -> None:
    key = f"sitting.{sitting.pk}.{sitting.version}"
    send(accounts, key=key, kind="sitting", title=title, link=sitting.get_absolute_url())


def _quorate(sitting: Sitting, number: int, field: str = "") -> int:
    """How many should be there; ValidationError when too few are."""
    codes, due = queries.Codes(), queries.should_be_there(sitting)
    share, least = codes.value(sitting.purpose, "quorum"), codes.number("least_present")
    if number < least or not rules.enough(share, number, due):
        rule = _("超过半数") if share == "majority" else _("三分之二以上")
        sentence = _("应到 %(due)d 人，到会 %(n)d 人：要%(rule)s、至少 %(least)d 人到会才能审议。")
        told = sentence % {"due": due, "n": number, "rule": rule, "least": least}
        raise ValidationError({field: told} if field else told)
    return due


@act(Sitting)
def attend(
    sitting: Sitting, *, by: Any, on: date, present: Sequence[str], chair: str, absences: Mapping[str, str] | None = None,
    began_at: time | None = None,
) -> None:  # fmt: skip
    """Who is there and who of them presides, by account; of the others called everybody is absent, for a reason."""
    rows = queries.can_be_present(sitting)
    chosen = {str(pk) for pk in present}
    if chosen - {str(row.account_id) for row in rows}:
        raise ValidationError({"present": _("只能选已经通知、不回避的成员。")})
    _quorate(sitting, len(chosen), "present")
    if str(chair) not in chosen:
        raise ValidationError({"chair": _("主持人要在到会的成员里选。")})
    why, known = {str(pk): code for pk, code in (absences or {}).items()}, queries.Codes().table("absence")
    away = [row for row in rows if str(row.account_id) not in chosen]
    if unexplained := [row for row in away if why.get(str(row.account_id)) not in known]:
        told = _("没有到会的要写明原因：%(names)s。") % {"names": queries.names(unexplained)}
        raise ValidationError({"absences": told})
    sitting.held_on, sitting.began_at = between(on, queries.begins(sitting.matter), "on"), began_at
    for row in rows:
        is_there = str(row.account_id) in chosen
        row.part, row.ground = ("present", "") if is_there else ("absent", why[str(row.account_id)])
        keep(row)
    sitting.present, sitting.chaired_by_id = len(chosen), UUID(str(chair))
    note(present=len(chosen))


@act(Sitting)
def withdraw(sitting: Sitting, *, by: Any, member: str, ground: str, secret: str, matter_secret: str) -> None:
    """A member must not take part: from now on he opens neither the sitting nor the matter."""
    if ground not in queries.grounds():
        raise ValidationError({"ground": _("请选择回避的情形。")})
    rows = sitting.attendees.exclude(part="withdrew").select_related("account")
    row = next((one for one in rows if str(one.account_id) == str(member)), None)
    if row is None:
        raise ValidationError({"member": _("请选择成员。")})
    model = type(sitting.matter)
    matter = model._base_manager.select_for_update(no_key=True).select_related("key").get(pk=sitting.matter.pk)
    if row.account_id in (matter.owner_id, by.pk):
        raise ValidationError({"member": _("他是这一件的责任人或者记录人，请先改由别人负责。")})
    row.part, row.ground, row.vote = "withdrew", ground, ""
    keep(row)
    matter.barred = sorted({*matter.barred, mark(pepper(), matter.pk, row.account_id)})
    keep(matter)
    for key, own in ((sitting.key, secret), (matter.key, matter_secret)):
        shut = list(Holder.objects.filter(pk__in=key.recipients, account_id=row.account_id))
        if shut:
            sealing.expel(key, by=by, secret=own, holders=shut)
    sitting.present = sitting.attendees.filter(part="present").count()
    note(ground=ground)


@again(Sitting, "speak")
def _has_spoken(sitting: Sitting, by: Any) -> bool:
    """A member for himself; who keeps the minutes for everybody."""
    silent = [row.account_id for row in queries.present(sitting) if not row.vote]
    return by.pk not in silent if not policies.records(by, sitting) else not silent


@act(Sitting)
def speak(sitting: Sitting, *, by: Any, vote: str, drafts: Sequence[Draft], member: str = "") -> None:
    """For, against or abstaining, and why: by the member himself, or written down by who keeps the minutes."""
    if vote not in VOTES:
        raise ValidationError({"vote": _("请选择同意、不同意或者弃权。")})
    must_have(drafts, "words")
    whose = member if member and policies.records(by, sitting) else str(by.pk)
    row = next((one for one in queries.present(sitting) if str(one.account_id) == str(whose)), None)
    if row is None:
        raise ValidationError({"member": _("请选择到会的成员。")})
    row.vote = vote

    def save() -> None:
        row.words = keep_papers(sitting, drafts, by)[0]
        keep(row)

    once_saved(save)


@act(Sitting)
def resolve(sitting: Sitting, *, by: Any, outcome: str, drafts: Sequence[Draft], decision: str = "") -> None:
    """What the votes bear, once everybody present has spoken; the minutes are signed next."""
    rows = queries.present(sitting)
    silent = [row for row in rows if not row.vote]
    if silent:
        raise ValidationError(_("还有成员没有发表意见：%(names)s。") % {"names": queries.names(silent)})
    sitting.due, sitting.present = _quorate(sitting, len(rows)), len(rows)
    votes = [row.vote for row in rows]
    sitting.favour, sitting.opposed, sitting.abstained = (votes.count(v) for v in ("for", "against", "abstain"))
    share = queries.Codes().value(sitting.purpose, "pass")
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": _("请选择决议。")})
    if not rules.fits(outcome, share, sitting.favour, sitting.due):
        told = {"due": sitting.due, "favour": sitting.favour}
        raise ValidationError({"outcome": _("应到 %(due)d 人，同意 %(favour)d 票：决议与表态不符。") % told})
    needs = sitting.purpose == "sanction" and outcome == "agreed"
    if needs and decision not in dict(queries.decisions()):
        raise ValidationError({"decision": _("请写明同意哪一种处理结果。")})
    must_have(drafts, "resolution", "minutes")
    sitting.outcome, sitting.decision = outcome, decision if needs else ""
    sitting.resolved_by_id, sitting.resolved_on = by.pk, timezone.localdate()
    put_in(sitting, drafts, by)
    once_saved(lambda: _tell(sitting, [r.account_id for r in rows], _("集体审议的记录请您签字")))
    note(due=sitting.due, present=sitting.present, outcome=outcome)


@act(Sitting)
def sign(sitting: Sitting, *, by: Any, drafts: Sequence[Draft] = ()) -> None:
    """The member confirms the minutes as they stand; what he does not agree with he says, and it stays with them."""
    row = sitting.attendees.get(account=by.pk)
    row.signed_on = timezone.localdate()

    def save() -> None:
        row.remark = next(iter(keep_papers(sitting, drafts, by)), None)
        keep(row)

    once_saved(save)


@act(Sitting)
def object_to(sitting: Sitting, *, by: Any, drafts: Sequence[Draft]) -> None:
    """What a member holds against the minutes or against what was resolved; it stays with them and changes neither."""
    must_have(drafts, "objection")
    put_in(sitting, drafts, by)
    told = [pk for pk in {sitting.resolved_by_id, sitting.convened_by_id} if pk and pk != by.pk]
    once_saved(lambda: _tell(sitting, told, _("有成员对集体审议的记录提出异议")))


@act(Sitting)
def close_minutes(sitting: Sitting, *, by: Any, excuses: Mapping[str, str], drafts: Sequence[Draft]) -> None:
    """Without the signatures that did not come: why, for each who has not signed. They may still sign, and object."""
    codes, missing = queries.Codes().table("excuse"), queries.unsigned(sitting)
    given = {str(pk): code for pk, code in excuses.items()}
    unexplained = [row for row in missing if given.get(str(row.account_id)) not in codes]
    if not missing or unexplained or len(given) != len(missing):
        sentence = _("没有签字的每一位都要写明原因，已经签字的不写：%(names)s。")
        raise ValidationError({"excuse": sentence % {"names": queries.names(missing)}})
    must_have(drafts, "excuse")
    sitting.unsigned, sitting.concluded_on = len(missing), timezone.localdate()

    def save() -> None:
        paper = keep_papers(sitting, drafts, by)[0]
        for row in missing:
            row.excuse, row.excused = given[str(row.account_id)], paper
            keep(row)
        told = [row.account_id for row in missing]
        _tell(sitting, told, _("集体审议的记录已缺签审结：您可以补签，也可以提出异议"))

    once_saved(save)
    note(unsigned=len(missing), outcome=sitting.outcome)


@act(Sitting)
def correct(sitting: Sitting, *, by: Any, drafts: Sequence[Draft]) -> None:
    """A later entry beside the minutes, which stay as they are; whoever has yet to conclude signs anew."""
    must_have(drafts, "correction")
    sitting.corrections += 1
    put_in(sitting, drafts, by)
    if sitting.state == "resolved":
        for row in sitting.attendees.filter(signed_on__isnull=False):
            row.signed_on, row.remark = None, None
            keep(row)
    note(number=sitting.corrections)


@act(Sitting)
def call_off(sitting: Sitting, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    note(reason=reason.strip())


@act(Sitting)
def conclude(sitting: Sitting, *, by: Any) -> None:
    sitting.concluded_on = timezone.localdate()
    note(outcome=sitting.outcome)


@act(Sitting)
def lapse(sitting: Sitting, *, by: Any) -> None:
    """The matter went another way, or back: what was resolved about it counts no more."""


# What follows

SENDS_BACK: dict[str, Callable[..., Any]] = {
    "send_back": disposals.send_back,
    "return_check": disposals.return_check,
    "reinvestigate": trials.reinvestigate,
}


@after(Sitting, "sign")
def _signed(touched: Touched) -> None:
    for sitting in touched.records().filter(state="resolved"):
        if not queries.unsigned(sitting):
            conclude(sitting, by=SYSTEM)


@after(Sitting, "conclude")
@after(Sitting, "close_minutes")
def _concluded(touched: Touched) -> None:
    """A resolution against sends the matter back, on the way there is for that."""
    for sitting in touched.records().select_related("lead", "case"):
        purpose = PURPOSES[sitting.purpose]
        if sitting.outcome == "against" and sitting.matter.state == purpose.state:
            SENDS_BACK[purpose.back](sitting.matter, by=SYSTEM, reason=_("集体审议不同意"))


def _moved(touched: Touched) -> None:
    """Nobody sits on what is not to be decided any more; and what was agreed does not outlive the way back."""
    field = {Lead: "lead", Case: "case"}[touched.model]
    rows = Sitting.objects.filter(**{f"{field}__in": touched.records()}, state__in=[*OPEN, "concluded"])
    for sitting in rows.select_related(field):
        is_over = sitting.matter.state != PURPOSES[sitting.purpose].state
        if is_over and (sitting.state in OPEN or (touched.step in rules.BACK and sitting.outcome == "agreed")):
            lapse(sitting, by=SYSTEM)


for _model in (Lead, Case):
    after(_model, "*")(_moved)
for _purpose in PURPOSES.values():
    for _step in _purpose.steps:
        condition(Lead if _purpose.of == "lead" else Case, _step)(partial(queries.unmet, step=_step))


@after(Case, "decide")
def _decided(touched: Touched) -> None:
    """What is decided is what the body agreed to."""
    for case in touched.records():
        found = Sitting.objects.filter(case=case, purpose="sanction", state="concluded", outcome="agreed").first()
        if found is not None and found.decision != case.outcome:
            label = queries.Codes().label("decision", found.decision)
            raise ValidationError({"outcome": _("集体审议同意的是“%(what)s”，决定应当与决议一致。") % {"what": label}})
