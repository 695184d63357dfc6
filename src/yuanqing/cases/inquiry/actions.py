"""Asking, answering, checking a reply, and reporting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.inquiry.models import MODES, Inquiry
from yuanqing.cases.lead.actions import must_have, put_in, start
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Codes, Draft, due
from yuanqing.kernel.acts import act, again, condition, keep, note, once_saved

CLOCKS = {"letter": "inquiry.reply", "talk": "inquiry.talk", "delegated": "inquiry.delegated_talk"}


def _between(lead: Lead, on: date, name: str, first: date | None = None) -> None:
    begin = first or lead.received_on
    if not begin <= on <= timezone.localdate():
        sentence = _("日期应在 %(day)s 与今天之间。") % {"day": begin.isoformat()}
        raise ValidationError({name: sentence})


def unanswered(lead: Lead) -> Inquiry | None:
    return Inquiry.objects.filter(lead=lead, answered_on__isnull=True).first()


def answered(lead: Lead) -> Any:
    return Inquiry.objects.filter(lead=lead, answered_on__isnull=False)


@condition(Lead, "ask")
def _one_at_a_time(lead: Lead) -> str:
    return _("上一次谈话函询还没有登记答复。") if unanswered(lead) else ""


@again(Lead, "ask")
def _is_asked(lead: Lead, by: Any) -> bool:
    return bool(answered(lead).exists())


@act(Lead)
def ask(lead: Lead, *, by: Any, mode: str, on: date, drafts: Sequence[Draft], people: int = 0) -> None:
    """A letter (answered within fifteen working days) or a talk by two; one at a time."""
    if mode not in MODES:
        raise ValidationError({"mode": _("请选择函询、谈话或者委托谈话。")})
    _between(lead, on, "on")
    if mode != "letter" and people < 2:
        raise ValidationError({"people": _("谈话不得少于两人。")})
    must_have(drafts, *(("letter",) if mode == "letter" else ("safety",)))
    row = Inquiry(lead=lead, mode=mode, people=people, asked_by_id=by.pk, asked_on=on, due_on=due(CLOCKS[mode], on))
    once_saved(lambda: keep(row))
    put_in(lead, drafts, by)
    lead.due, lead.due_on = CLOCKS[mode], row.due_on
    note(mode=mode)


@condition(Lead, "answer")
def _nothing_was_asked(lead: Lead) -> str:
    return "" if unanswered(lead) else _("没有等待答复的谈话函询，请先发函或者安排谈话。")


@act(Lead)
def answer(lead: Lead, *, by: Any, on: date, drafts: Sequence[Draft], is_endorsed: bool = False) -> None:
    """The written reply with its endorsement, or the record of the talk; a month runs for the report."""
    row = unanswered(lead)
    assert row is not None
    _between(lead, on, "on", row.asked_on)
    if row.mode == "letter" and not is_endorsed:
        raise ValidationError({"is_endorsed": _("书面说明要由所在党组织主要负责人签字背书；没有的退回补签。")})
    must_have(drafts, "reply" if row.mode == "letter" else "talk")
    row.answered_on, row.is_endorsed = on, is_endorsed
    keep(row)
    put_in(lead, drafts, by)
    start(lead, "inquiring", on, "inquiry.report")


def unchecked(lead: Lead) -> Inquiry | None:
    found: Inquiry | None = answered(lead).filter(is_checked=False).order_by("-answered_on").first()
    return found


@condition(Lead, "check_reply")
def _nothing_to_check(lead: Lead) -> str:
    return "" if unchecked(lead) else _("没有可以抽查的答复。")


@act(Lead)
def check_reply(lead: Lead, *, by: Any, is_true: bool, drafts: Sequence[Draft]) -> None:
    """A reply is checked against facts, by somebody else than who obtained it."""
    row = unchecked(lead)
    assert row is not None
    if row.asked_by_id == by.pk:
        raise ValidationError(_("由经办人以外的人抽查。"))
    must_have(drafts, "reply_check")
    row.is_checked, row.is_true = True, is_true
    keep(row)
    put_in(lead, drafts, by)
    note(is_true=is_true)


@condition(Lead, "report_inquiry")
def _not_answered(lead: Lead) -> str:
    if unanswered(lead) or not answered(lead).exists():
        return _("登记答复或者谈话笔录以后才能报送。")
    return ""


@act(Lead)
def report_inquiry(
    lead: Lead, *, by: Any, proposal: str, drafts: Sequence[Draft], ground: str = "", measure: str = ""
) -> None:
    """What the inquiry showed and what should follow; an untrue reply cannot simply be accepted."""
    codes = Codes()
    if proposal not in codes.table("after_inquiry"):
        raise ValidationError({"proposal": _("请选择一种处理意见。")})
    step = codes.value("after_inquiry", proposal, "step")
    if step == "close" and answered(lead).filter(is_true=False).exists():
        raise ValidationError({"proposal": _("抽查发现答复不实，不能采信了结。")})
    conclude(lead, by, codes, step, ground, measure)
    must_have(drafts, "situation")
    put_in(lead, drafts, by)
    start(lead, "inquired")


def conclude(lead: Lead, by: Any, codes: Codes, step: str, ground: str, measure: str) -> None:
    """What every report proposes: the step that is asked for, its ground and measure where it eases."""
    if step in ("close", "remind", "shelve", "pass_on") and ground not in codes.table("ground"):
        raise ValidationError({"ground": _("请选择情形。")})
    if step == "remind" and measure not in codes.table("measure"):
        raise ValidationError({"measure": _("请选择处理措施。")})
    lead.proposal, lead.proposed_by_id, lead.ground = step, by.pk, ground
    lead.measure = measure if step == "remind" else ""
    note(proposal=step)
