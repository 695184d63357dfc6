"""Who may write to a report: its reporter, who has the receipt, and the register above, which asks its own policy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.hotline.report.models import Report
from yuanqing.kernel.almanac import start_of
from yuanqing.kernel.records import Record

OWN = ("submit", "write", "withdraw")


class Reporter:
    """举报人: whoever holds the receipt. Has no account, and a clock that shows days only."""

    pk = None
    is_authenticated = False
    is_active = True

    def can(self, capability: str, unit: Any = None) -> bool:
        return capability in {f"hotline.report.{step}" for step in OWN}

    def now(self) -> datetime:
        return start_of(timezone.localdate())

    def __str__(self) -> str:
        return _("举报人")


REPORTER = Reporter()


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not by.can(f"hotline.report.{step}"):
        return _("您的角色没有这项权限。需要时请联系系统管理员。")
    if step in ("write", "answer") and isinstance(record, Report) and record.key.is_destroyed:
        return _("内容已按规定销毁，信箱不再收信。")
    if by.pk is None or record is None or isinstance(by, Reporter):
        return ""
    report = record if isinstance(record, Report) else record.report  # type: ignore[attr-defined]
    if not Report.objects.visible_to(by).filter(pk=report.pk).exists():
        return _("只有能打开这份卷宗的人才能这样做。")
    return ""
