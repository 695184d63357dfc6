"""Who may do what to accounts; and the sentence that every noun uses for a missing right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Account, Grant


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
    if step == "suspend_leavers":
        return lacking(by, "org.person.leave")
    if isinstance(record, Grant):
        return _about_grant(step, record, by)
    if isinstance(record, Account):
        return _about_account(step, record, by)
    return lacking(by, f"org.account.{step}")


def _about_grant(step: str, grant: Grant, by: Any) -> str:
    """Nobody grants to himself, and nobody grants over more units than he looks after."""
    if grant.account_id == by.pk:
        return _("不能给自己授权，也不能改动自己的授权。")
    return _reaching(by, f"org.account.{step}", grant.unit)


def _about_account(step: str, account: Account, by: Any) -> str:
    if account.pk == by.pk and step in ("suspend", "resume", "reset_password"):
        return _("不能停用或重设自己的账号；修改自己的密码请用“修改密码”。")
    return _reaching(by, f"org.account.{step}", account.person.unit if account.person else None)


def _reaching(by: Any, capability: str, unit: Any) -> str:
    """What belongs to no unit is for those alone who look after all of them."""
    if unit is None and by.can(capability) and "" not in by.scopes(capability):
        return _("不属于某个单位的账号和授权，由管辖全部单位的系统管理员办理。")
    return lacking(by, capability, unit)
