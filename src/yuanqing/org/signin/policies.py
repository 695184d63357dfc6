"""Who may note what about signing in, who may issue links, and who may end whose sessions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Account
from yuanqing.org.account.policies import lacking
from yuanqing.org.signin.models import Link, SignIn

OWN = ("enter", "leave", "fail", "add_factor", "remove_factor", "use_link", "end_sessions")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if isinstance(record, SignIn | Link):
        if by.pk is None or (step in OWN and record.account_id == by.pk):
            return ""
        if step in ("enter", "leave", "fail", "use_link", "add_factor"):
            return _("只能由本人办理。")
        return about(record.account, step, by)
    return _("没有权限")


def about(account: Account | None, step: str, by: Any) -> str:
    """An administrator acts on the accounts of the units she looks after; on her own in her own security page."""
    if account is not None and account.pk == by.pk:
        return _("自己的登录安全在“我的登录安全”中办理。")
    unit = account.person.unit if account is not None and account.person else None
    if unit is None and by.can(f"org.signin.{step}") and "" not in by.scopes(f"org.signin.{step}"):
        return _("不属于某个单位的账号，由管辖全部单位的管理员办理。")
    return lacking(by, f"org.signin.{step}", unit)
