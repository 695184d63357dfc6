"""The person may ask for himself; the chief decides what another proposed; nobody decides about himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.clearing.models import Clearing
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    own = getattr(by, "person_id", None)
    if not isinstance(record, Clearing):
        return "" if step == "propose" and own else lacking(by, f"cases.clearing.{step}")
    if own and record.person_id == own:
        return "" if step == "propose" and record.start == "on_request" else _("关于您本人的澄清由别人办理。")
    reason = lacking(by, f"cases.clearing.{step}", record.unit)
    if not reason and step in ("approve", "decline") and record.proposed_by_id in identities(by):
        return _("须由提出人以外的人决定。")
    return reason
