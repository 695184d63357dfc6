"""The person reports; others order, check and judge; longer terms and failures are decided by whoever did not order it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.mending.models import Mending
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Mending):
        return lacking(by, f"cases.mending.{step}")
    if getattr(by, "person_id", None) == record.person_id:
        return "" if step == "report" else _("关于您本人的改正由别人办理。")
    reason = lacking(by, f"cases.mending.{step}", record.unit)
    if reason or record._state.adding:
        return reason
    if step in ("prolong", "fail") and record.ordered_by_id in identities(by):
        return _("须由责令人以外的人决定。")
    if step == "accept" and record.reported_by_id in identities(by):
        return _("核实须由报告人以外的人进行。")
    return ""
