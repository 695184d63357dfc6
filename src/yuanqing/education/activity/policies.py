"""Who plans, announces and ends activities; taking part follows from what sessions and courses prove."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.activity.models import Activity
from yuanqing.org.account.policies import lacking

# These run inside other acts, which were judged themselves.
DERIVED = ("invite", "attend", "unattend", "release")


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    reason = lacking(by, f"education.activity.{step}", record.unit if isinstance(record, Activity) else None)
    if reason or record is None:
        return reason
    if step == "announce" and record.campaign.state != "published":
        return _("所属的教育计划还没有发布，或者已经结束。")
    if step in ("plan", "edit") and record.campaign.state == "closed":
        return _("所属的教育计划已经结束。")
    return ""
