"""Registering a request, drafting the answer and signing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.opinion import queries
from yuanqing.cases.opinion.models import Opinion
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import act, note
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.person.models import Person


@act(Opinion, creates=True)
def register(*, by: Any, person: Person, purpose: str, asked_by: str, letter: str, asked_on: date) -> Opinion:
    wrong = dict[str, str]()
    if purpose not in Remedies().table("opinion_purpose"):
        wrong["purpose"] = _("请选择事由。")
    for name, value in (("asked_by", asked_by), ("letter", letter)):
        if not value.strip():
            wrong[name] = _("请填写。")
    if asked_on > timezone.localdate():
        wrong["asked_on"] = _("日期不能晚于今天。")
    if wrong:
        raise ValidationError(wrong)
    return Opinion(
        person=person, unit=person.unit, purpose=purpose, asked_by=asked_by.strip(), letter=letter.strip(),
        asked_on=asked_on, due_on=clock("opinion.answer", asked_on),
    )  # fmt: skip


@act(Opinion)
def draft(opinion: Opinion, *, by: Any, key: Unlocking, answer: str, remark: str = "") -> None:
    """Looked up today in the register of sanctions and in the files that the drafter opens; "nothing found" only where
    that is so. What is under way is not written down, only that it was looked for."""
    codes, today = Remedies(), timezone.localdate()
    if answer not in codes.table("opinion_answer"):
        raise ValidationError({"answer": _("请选择意见。")})
    periods = queries.running_periods(opinion.person, today)
    clean = codes.value("opinion_answer", answer, "clear") == "yes"
    if clean and periods:
        raise ValidationError({"answer": _("还在影响期内：%(what)s。") % {"what": "；".join(periods)}})
    if clean and queries.matters_under_way(by, key, opinion.person):
        raise ValidationError({"answer": _("您能打开的案卷里有正在办理的问题涉及此人，不能回复没有发现。")})
    if not clean and not remark.strip():
        raise ValidationError({"remark": _("请写明说明；不写正在办理的问题。")})
    opinion.periods, opinion.checked_on = periods, today
    opinion.answer, opinion.remark, opinion.drafted_by_id = answer, remark.strip(), by.pk
    note(periods=len(periods))


@act(Opinion)
def return_draft(opinion: Opinion, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    opinion.answer, opinion.checked_on = "", None
    note(reason=reason.strip())


@act(Opinion)
def sign(opinion: Opinion, *, by: Any, document: str) -> None:
    """On the day of the check, or it is checked again: people are sanctioned every day."""
    if not document.strip():
        raise ValidationError({"document": _("请填写回复文号。")})
    today = timezone.localdate()
    if opinion.periods != queries.running_periods(opinion.person, today):
        raise ValidationError(_("拟稿以后影响期有变化，请退回重拟。"))
    opinion.document, opinion.signed_by_id, opinion.signed_on = document.strip(), by.pk, today
    opinion.due_on = None


@act(Opinion)
def cancel(opinion: Opinion, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    opinion.due_on = None
    note(reason=reason.strip())
