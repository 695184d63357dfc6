"""Units write and send in; editors publish what somebody else wrote."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.column.models import Article
from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Article | None, *, by: Any) -> str:
    reason = lacking(by, f"education.column.{step}", record.unit if record else None)
    if not reason and step == "publish" and record is not None and record.written_by_id == by.pk and by.pk is not None:
        return _("自己写的须由别人审核发布。")
    return reason
