"""Who may fill in, sign, review and lock returns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.org.account.policies import lacking

REVIEWS = ("accept", "send_back")


def refusal(step: str, record: Any, *, by: Any) -> str:
    if not isinstance(record, MonthlyReturn):
        return lacking(by, f"discipline.monthly_return.{step}")
    missing = lacking(by, f"discipline.monthly_return.{step}", record.unit)
    if missing:
        return missing
    if step in REVIEWS and record.signed_by_id is not None and record.signed_by_id == by.pk:
        return _("不能审核自己签报的月报。")
    return _("本月已经结账，这份月报不能再改。") if record.period.state == "closed" else ""
