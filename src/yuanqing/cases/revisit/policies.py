"""Who plans, holds and excuses visits; nobody visits himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.revisit.models import Revisit
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not isinstance(record, Revisit):
        return lacking(by, f"cases.revisit.{step}")
    reason = lacking(by, f"cases.revisit.{step}", record.unit)
    if not reason and getattr(by, "person_id", None) == record.person_id:
        return _("关于您本人的回访不能由您查看和办理。")
    return reason
