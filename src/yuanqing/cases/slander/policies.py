"""Somebody proposes, another finds; the approval itself is given above."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.slander.models import Slander
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Slander):
        return lacking(by, f"cases.slander.{step}")
    reason = lacking(by, f"cases.slander.{step}", record.unit)
    if not reason and step != "propose" and record.proposed_by_id in identities(by):
        return _("须由提出人以外的人认定。")
    return reason
