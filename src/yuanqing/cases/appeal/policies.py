"""Who files, accepts, reviews and decides: the person for himself; nobody who had a hand in the first decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking

OWN = ("file", "withdraw")


def had_a_hand(appeal: Appeal) -> set[UUID | None]:
    """Accounts that investigated, tried, decided or registered what is appealed against; whoever asks need not see that."""
    with as_system():
        sanction = Sanction.objects.select_related("case").get(pk=appeal.sanction_id)
        found: set[UUID | None] = {sanction.imposed_by_id}
        case = sanction.case
        if case is not None:
            found |= {case.planned_by_id, case.submitted_by_id, case.tried_by_id, case.decided_by_id}
            found |= set(case.officers.values_list("account_id", flat=True))
    return found - {None}


def _is_sanctioned(person_id: Any) -> bool:
    with as_system():
        return Sanction.objects.filter(person=person_id).exists()


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    own = getattr(by, "person_id", None)
    if not isinstance(record, Appeal):
        may_file = step == "file" and own and _is_sanctioned(own)
        return "" if may_file else lacking(by, f"cases.appeal.{step}")
    if own and record.person_id == own:
        return "" if step in OWN else _("自己的申诉由别人办理。")
    reason = lacking(by, f"cases.appeal.{step}", record.unit)
    if reason or record._state.adding or isinstance(by, System):
        return reason
    if step in ("review", "decide", "decline", "return_review") and identities(by) & had_a_hand(record):
        return _("参加过原案审查、审理、决定或者登记的人不能办理申诉。")
    if step == "review" and record.reviewer_id not in identities(by):
        return _("由指定的复查人办理。")
    if step == "decide" and record.reviewer_id in identities(by):
        return _("复查和决定须由不同的人办理。")
    return ""
