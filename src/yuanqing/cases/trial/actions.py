"""Trying a case, sending it back, deciding, delivering, executing, and what it leads to beyond the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.actions import between, start
from yuanqing.cases.case.models import Case
from yuanqing.cases.case.queries import Codes, is_staffed
from yuanqing.cases.lead.actions import finish_petitions, must_have, put_in
from yuanqing.cases.lead.queries import Draft
from yuanqing.kernel.acts import act, again, condition, note


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    return reason.strip()


@condition(Case, "try_case")
def _too_few(case: Case) -> str:
    return "" if is_staffed(case) else _("审理至少 %(n)d 人，请先安排。") % {"n": Codes().number("trial_people")}


@act(Case)
def try_case(case: Case, *, by: Any, standards: Sequence[str], proposal: str, drafts: Sequence[Draft]) -> None:
    """Two or more who had no hand in the investigation; every one of the six standards is met, or it goes back."""
    codes = Codes()
    unmet = [entry.label for code, entry in codes.table("standard").items() if code not in standards]
    if unmet:
        names = _("、").join(unmet)
        raise ValidationError({"standards": _("没有达到：%(names)s。达不到的应当退回。") % {"names": names}})
    if proposal not in codes.table("outcome") or proposal == "dropped":
        raise ValidationError({"proposal": _("请选择审理建议。")})
    must_have(drafts, "trial_report")
    case.proposal, case.tried_by_id, case.tried_on = proposal, by.pk, timezone.localdate()
    put_in(case, drafts, by)
    start(case, "case.decide")
    note(proposal=proposal)


@act(Case)
def supplement(case: Case, *, by: Any, reason: str) -> None:
    """Gaps in the evidence: back to the team for more."""
    note(reason=_reasoned(reason))
    case.returns += 1
    start(case, "trial.review")


@act(Case)
def reinvestigate(case: Case, *, by: Any, reason: str) -> None:
    """The main facts are not clear: investigated anew; facts are shown and heard anew too."""
    note(reason=_reasoned(reason))
    case.returns += 1
    case.facts_on, case.tried_on, case.proposal = None, None, ""
    case.tried_by = None
    start(case, "case.investigate")


@act(Case)
def decide(case: Case, *, by: Any, outcome: str, document: str, on: date, drafts: Sequence[Draft]) -> None:
    """The decision with its number; lighter than what the trial proposed only with the reasons in the decision."""
    codes = Codes()
    if outcome not in codes.table("outcome") or outcome == "dropped":
        raise ValidationError({"outcome": _("请选择处理结果。")})
    if not document.strip():
        raise ValidationError({"document": _("请填写决定文号。")})
    must_have(drafts, "decision")
    case.decided_on = between(on, case.tried_on or case.filed_on, "on")
    case.outcome, case.document, case.decided_by_id = outcome, document.strip(), by.pk
    put_in(case, drafts, by)
    start(case, "decision.announce", on)
    finish_petitions(case.lead, str(codes.table("outcome")[outcome].data["values"]["petition"]), is_told=True)
    note(outcome=outcome, differs=outcome != case.proposal)


@again(Case, "deliver")
def _is_delivered(case: Case, by: Any) -> bool:
    return case.delivered_on is not None


@again(Case, "tell")
def _is_told(case: Case, by: Any) -> bool:
    return case.told_on is not None


@again(Case, "extend")
def _is_extended(case: Case, by: Any) -> bool:
    return case.extended_on is not None


@act(Case)
def deliver(case: Case, *, by: Any, on: date) -> None:
    """Handed to the person, with his signature on the receipt."""
    assert case.decided_on is not None
    case.delivered_on = between(on, case.decided_on, "on")
    _next_clock(case)


@act(Case)
def tell(case: Case, *, by: Any, on: date) -> None:
    """Read to all members of the person's basic Party organisation, within a month."""
    assert case.decided_on is not None
    case.told_on = between(on, case.decided_on, "on")
    _next_clock(case)


def _next_clock(case: Case) -> None:
    if case.delivered_on and case.told_on and case.due == "decision.announce":
        start(case, "decision.exec_report", case.decided_on)


@condition(Case, "execute")
def _not_told(case: Case) -> str:
    if case.delivered_on is None or case.told_on is None:
        return _("先登记送达和宣布，再登记执行情况。")
    return ""


@act(Case)
def execute(case: Case, *, by: Any, on: date, drafts: Sequence[Draft]) -> None:
    """The unit reports that the decision is carried out."""
    assert case.decided_on is not None
    must_have(drafts, "execution")
    case.executed_on = between(on, case.decided_on, "on")
    put_in(case, drafts, by)
    start(case, "case.archive", on)


@act(Case)
def extend(case: Case, *, by: Any, extension: str = "") -> None:
    """What follows beyond the person is decided: the things asked of units stand in their register; or why nothing is."""
    asked = case.follow_ups.exclude(state="withdrawn").count()
    if not asked and len(extension.strip()) < 10:
        raise ValidationError({"extension": _("还没有提出以案促改事项；确实不需要的，写明理由。")})
    case.extension, case.extended_on = extension.strip(), timezone.localdate()
    note(asked=asked)


@condition(Case, "archive")
def _not_extended(case: Case) -> str:
    return _("以案促改没有决定的案件不能归档。") if case.extended_on is None else ""


@act(Case)
def archive(case: Case, *, by: Any) -> None:
    """Filed away, and its petitions' story with it; what units still owe goes on in its own register."""
    case.ended_on, case.due, case.due_on = timezone.localdate(), "", None
