"""Who may do what to accounts; and the sentence that every noun uses for a missing right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Grant


def lacking(by: Any, capability: str, unit: Any = None) -> str:
    """ "" when the account has the capability (for this unit), else the sentence that says it has not."""
    if by.can(capability, unit):
        return ""
    if unit is not None and by.can(capability):
        return _("这不在您的管辖范围之内（%(unit)s）。") % {"unit": unit}
    return _("您的角色没有这项权限。需要时请联系系统管理员。")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step == "change_own_password":
        return "" if record is not None and by.pk == record.pk else _("只能修改自己的密码。")
    if isinstance(record, Grant) and record.account_id == by.pk:
        return _("不能给自己授权，也不能改动自己的授权。")
    return lacking(by, f"org.account.{step}")
