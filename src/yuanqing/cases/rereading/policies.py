"""Who draws, and who reads again: nobody who had a hand in the matter."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.rereading.models import Rereading
from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Rereading | None, *, by: Any) -> str:
    reason = lacking(by, f"cases.rereading.{step}")
    if not reason and record is not None and step == "give" and record.reader_id != by.pk:
        return _("由抽中的盲评人提出意见。")
    return reason
