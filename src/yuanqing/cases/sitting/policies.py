"""Who convenes and records, who speaks and signs: members for themselves alone, and whoever withdrew not at all."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.sitting.models import Sitting
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import lacking

AUTOMATIC = ("conclude", "lapse")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step in AUTOMATIC:
        return "" if isinstance(by, System) else _("由系统自动办理。")
    if not isinstance(record, Sitting):
        return lacking(by, f"cases.sitting.{step}")
    reason = lacking(by, f"cases.sitting.{step}", record.unit)
    if reason or record._state.adding or isinstance(by, System):
        return reason
    if not Sitting.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您的钥匙打不开这次审议。")
    if step == "correct" and record.key.is_destroyed:
        return _("内容已经销毁，不能更正。")
    return _not_his_part(step, record, by)


def records(by: Any, sitting: Sitting) -> bool:
    """Whether he keeps the minutes, and writes down what others say."""
    return bool(by.can("cases.sitting.resolve", sitting.unit))


def _not_his_part(step: str, record: Sitting, by: Any) -> str:
    """A vote and a signature are one's own: nobody gives them for somebody he stands in for."""
    if step == "speak" and records(by, record):
        return ""
    if step not in ("speak", "sign"):
        return ""
    own = record.attendees.filter(account=by.pk, part="present").first()
    if own is None:
        return _("您没有出席这次审议。")
    if step == "sign" and own.signed_on is not None:
        return _("您已经签字。")
    return ""
