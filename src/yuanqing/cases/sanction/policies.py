"""Who registers, restores and revokes; what concerns oneself is for others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts.steps import System
from yuanqing.org.account.policies import identities, lacking

PROBATION = "party_probation"


def refusal(step: str, record: Sanction | None, *, by: Any) -> str:
    if step == "expire":
        return "" if isinstance(by, System) else _("影响期满由系统登记。")
    if record is None:
        return lacking(by, f"cases.sanction.{step}")
    reason = lacking(by, f"cases.sanction.{step}", record.unit)
    if not reason and getattr(by, "person_id", None) == record.person_id and record.person_id:
        return _("关于您本人的处分不能由您查看和办理。")
    if not reason and step == "revoke" and record.imposed_by_id in identities(by):
        return _("撤销处分须由登记人以外的人办理。")
    if not reason and step == "restore" and record.kind != PROBATION:
        return _("只有留党察看要登记恢复党员权利，而且只登记一次。")
    return reason
