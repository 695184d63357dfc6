"""Proposing, approving and carrying out a clearing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.clearing.models import Clearing
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import act, note
from yuanqing.org.person.models import Person

OPEN_RANGE = "in_range"  # the way that needs to say how far


@act(Clearing, creates=True)
def propose(*, by: Any, person: Person, way: str, result: str, range: str = "", start: str = "by_body") -> Clearing:
    """By the handling department, or on the person's written request, which he may write himself."""
    codes, wrong = Remedies(), dict[str, str]()
    begun = "on_request" if getattr(by, "person_id", None) == person.pk else start
    if begun not in codes.table("clearing_start"):
        wrong["start"] = _("请选择启动方式。")
    if way not in codes.table("clearing_way"):
        wrong["way"] = _("澄清方式只有三种，请选择。")
    if len(result.strip()) < 5:
        wrong["result"] = _("请写明反映的问题不实这一结论，不写调查经过。")
    if way == OPEN_RANGE and not range.strip():
        wrong["range"] = _("请写明在什么范围内通报。")
    if wrong:
        raise ValidationError(wrong)
    today = timezone.localdate()
    note(way=way, start=begun)
    return Clearing(
        person=person, unit=person.unit, start=begun, way=way, result=result.strip(), range=range.strip(),
        is_consented=True if begun == "on_request" else None, proposed_by_id=by.pk, proposed_on=today,
        due_on=clock("clearing.decide", today),
    )  # fmt: skip


@act(Clearing)
def approve(clearing: Clearing, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    today = timezone.localdate()
    clearing.reason, clearing.decided_by_id, clearing.decided_on = reason.strip(), by.pk, today
    clearing.due_on = clock("clearing.carry_out", today)


@act(Clearing)
def carry_out(
    clearing: Clearing, *, by: Any, on: date, is_consented: bool, account_of: str, is_filed: bool = False,
    is_told_personnel: bool = False,
) -> None:  # fmt: skip
    """With the person's consent: to clear a name in public against the will of its bearer harms it once more."""
    wrong = dict[str, str]()
    if not is_consented:
        wrong["is_consented"] = _("本人不同意的不澄清，请由负责人登记不予澄清。")
    if clearing.decided_on is None or not clearing.decided_on <= on <= timezone.localdate():
        wrong["on"] = _("澄清日期应在批准日期与今天之间。")
    if len(account_of.strip()) < 5:
        wrong["account_of"] = _("请写明向谁、怎样澄清的。")
    if wrong:
        raise ValidationError(wrong)
    clearing.done_on, clearing.is_consented, clearing.account_of = on, True, account_of.strip()
    clearing.is_filed, clearing.is_told_personnel = is_filed, is_told_personnel
    clearing.ended_on, clearing.due_on = timezone.localdate(), None


@act(Clearing)
def decline(clearing: Clearing, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    clearing.reason, clearing.decided_by_id = reason.strip(), by.pk
    clearing.decided_on = clearing.ended_on = timezone.localdate()
    clearing.due_on = None
    note(reason=reason.strip())
