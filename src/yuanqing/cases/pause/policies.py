"""Who asks for a pause, who approves it, who ends it; nobody approves what he asked for or handles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.pause.models import Pause
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking

OF_A_SECOND = ("approve", "refuse", "keep_on")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step == "lapse":
        return "" if isinstance(by, System) else _("由系统自动办理。")
    if not isinstance(record, Pause):
        return lacking(by, f"cases.pause.{step}")
    matter = record.matter
    reason = lacking(by, f"cases.pause.{step}", getattr(matter, "unit", None))
    if reason or isinstance(by, System):
        return reason
    if not type(matter).objects.visible_to(by).filter(pk=matter.pk).exists():
        return _("您的钥匙打不开这件事项。")
    own = {record.asked_by_id, getattr(matter, "handler_id", None)}
    if step in OF_A_SECOND and identities(by) & own:
        return _("不能审批自己提出或者自己承办的事项，须由另一人审批。")
    return ""
