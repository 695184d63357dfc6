"""Who may let somebody act for himself, and who may end it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.org.account import rules
from yuanqing.org.account.policies import lacking
from yuanqing.org.delegation.models import Delegation


def refusal(step: str, record: Any, *, by: Any) -> str:
    if not isinstance(record, Delegation):
        return "" if step == "delegate" else lacking(by, f"org.delegation.{step}")
    if step == "delegate":
        return _delegating(record, by)
    if step == "revoke" and by.pk in (record.grant.account_id, record.delegate_id):
        return ""
    return lacking(by, f"org.delegation.{step}", record.grant.unit)


def _delegating(record: Delegation, by: Any) -> str:
    """One lends what is one's own, to somebody else, and never the office of an administrator."""
    if record.grant.account_id != by.pk:
        return _("只能委托自己的授权；别人委托给您代理的，不能再转托。")
    if record.delegate_id == by.pk:
        return _("不能委托自己代理。")
    if rules.is_administrator(record.grant.role):
        return _("系统、安全、审计三员的授权不能委托代理；请由安全管理员另行授权。")
    return ""
