"""Who may take a step with a case: a role, a key that opens it, his part in it, and never two parts in one case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.case.lifecycle import LIFECYCLE
from yuanqing.cases.case.models import Case
from yuanqing.cases.petition.policies import pepper, standing
from yuanqing.cases.petition.rules import mark
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking

OF_THE_TEAM = ("announce", "plan", "use_measure", "add_evidence", "show_facts", "submit")
OF_THE_TRIAL = ("try_case", "supplement")
OF_A_THIRD = ("approve_plan", "decide", "reinvestigate", "extend", "prolong", "drop")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step == "escalate":
        return "" if isinstance(by, System) else _("逾期由系统自动上报。")
    if not isinstance(record, Case):
        return lacking(by, f"cases.case.{step}")
    reason = lacking(by, f"cases.case.{step}", record.unit)
    if reason or record._state.adding or isinstance(by, System):
        return reason
    return _closed(record, by) or standing(step, record, LIFECYCLE) or _not_his_part(step, record, by)


def is_barred(record: Case, account_id: Any) -> bool:
    return mark(pepper(), record.pk, account_id) in record.barred


def _closed(record: Case, by: Any) -> str:
    if is_barred(record, by.pk):
        return _("您应当回避这件案子，不能查看，也不能办理。")
    if not Case.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您的钥匙打不开这件案子。")
    return ""


def _not_his_part(step: str, record: Case, by: Any) -> str:
    parts = set(record.officers.filter(account__in=identities(by)).values_list("part", flat=True))
    if step in OF_THE_TEAM and "investigation" not in parts:
        return _("由审查组办理。")
    if step in OF_THE_TRIAL and "trial" not in parts:
        return _("由案件审理人员办理。")
    if step in OF_A_THIRD and (
        parts or identities(by) & {record.planned_by_id, record.submitted_by_id, record.tried_by_id}
    ):
        return _("不能审批自己审查或者审理的案件。")
    return ""
