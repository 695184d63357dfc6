"""Somebody, or the system when a term is over, proposes; another decides."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.destruction.models import Destruction
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Destruction):
        return lacking(by, f"cases.destruction.{step}")
    reason = lacking(by, f"cases.destruction.{step}", record.unit)
    if not reason and step != "propose" and record.proposed_by_id and record.proposed_by_id in identities(by):
        return _("须由提出人以外的人决定。")
    return reason
