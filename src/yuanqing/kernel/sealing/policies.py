"""Who may change the directory of keys and who may let others in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.records import Record
from yuanqing.kernel.sealing.models import Holder, SealingKey, Slot

OF_THE_KEY = ("admit", "expel", "add_value", "destroy")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if not by.can(f"kernel.sealing.{step}"):
        return _("您的角色没有这项权限。需要时请联系系统管理员。")
    if isinstance(record, Holder) and step == "enrol" and by.pk is not None and record.account_id != by.pk:
        return _("钥匙只能由本人启用。")
    if isinstance(record, Slot) and by.pk is not None and record.holder.account_id != by.pk:
        return _("只能修改自己的口令。")
    if isinstance(record, SealingKey) and step in OF_THE_KEY and not _opens(record, by):
        return _("只有能打开这份卷宗的人才能这样做。")
    return ""


def _opens(key: SealingKey, by: Any) -> bool:
    return by.pk is None or Holder.objects.active().filter(account_id=by.pk, pk__in=key.recipients).exists()
