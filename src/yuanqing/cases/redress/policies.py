"""Who issues, answers, re-visits and teaches; nobody checks his own words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.redress.models import Redress
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Redress):
        return lacking(by, f"cases.redress.{step}")
    reason = lacking(by, f"cases.redress.{step}", record.unit)
    if reason or record._state.adding:
        return reason
    if step == "answer" and record.kind == "lesson":
        return _("警示教育由核对脱敏的人投稿，不用答复。")
    if step == "teach" and record.kind != "lesson":
        return _("只有警示教育才投稿。")
    if step in ("teach", "withdraw") and record.issued_by_id in identities(by):
        return _("须由提出人以外的人办理。")
    if step == "verify" and record.answered_by_id in identities(by):
        return _("回访须由答复人以外的人进行。")
    return ""
