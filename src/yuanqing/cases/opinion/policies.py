"""Who drafts and who signs; nobody about himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.opinion.models import Opinion
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Opinion):
        return lacking(by, f"cases.opinion.{step}")
    reason = lacking(by, f"cases.opinion.{step}", record.unit)
    if reason:
        return reason
    if getattr(by, "person_id", None) == record.person_id:
        return _("关于您本人的廉政意见由别人办理。")
    if step == "sign" and record.drafted_by_id in identities(by):
        return _("廉政意见由拟稿人以外的人签发。")
    return ""
