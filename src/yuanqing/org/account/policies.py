"""Who may do what to accounts; and the sentence that every noun uses for a missing right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel import acts
from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.scope.rules import Scope, as_scope


def lacking(by: Any, capability: str, unit: Any = None) -> str:
    """ "" when the account has the capability (for this unit), else the sentence that says it has not."""
    if by.can(capability, unit):
        lender = by.behalf(capability, unit) if isinstance(by, Account) else None
        if lender is not None:
            acts.on_behalf(lender)
        return ""
    if unit is not None and by.can(capability):
        if not by.can("org.unit.view", unit):
            return _("这不在您的管辖范围之内。")  # whoever knows a code is not told the name
        return _("这不在您的管辖范围之内（%(unit)s）。") % {"unit": unit}
    return _("您的角色没有这项权限。需要时请联系安全管理员。")


def identities(by: Any) -> frozenset[Any]:
    """Who acts: the account and those it stands in for; nobody approves what one of them did."""
    return by.identities if isinstance(by, Account) else frozenset()


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step in ("change_own_password", "choose_password"):
        return "" if record is not None and by.pk == record.pk else _("只能修改自己的密码。")
    if step == "suspend_leavers":
        return lacking(by, "org.person.leave")
    if isinstance(record, Grant):
        return _about_grant(step, record, by)
    if isinstance(record, Account):
        return _about_account(step, record, by)
    return lacking(by, f"org.account.{step}")


def _about_grant(step: str, grant: Grant, by: Any) -> str:
    """Nobody grants to himself, confirms what he proposed, or grants over more units than he looks after."""
    if grant.account_id == by.pk:
        return _("不能给自己授权，也不能改动自己的授权。")
    is_own = grant.proposed_by_id is not None and grant.proposed_by_id == by.pk
    if step in ("confirm_grant", "decline_grant") and is_own:
        return _("这项授权是您提出的，须由另一位管理员复核。")
    if step == "withdraw_grant" and not is_own and by.pk is not None:
        return _("只有提出人才能撤回。")
    capability = f"org.account.{step}"
    reason = _reaching(by, capability, grant.unit)
    if not reason and not as_scope(by.scopes(capability)).contains(Scope([grant.reach])):
        return _("授权的范围超出了您自己的管辖范围。")
    return reason


def _about_account(step: str, account: Account, by: Any) -> str:
    if account.pk == by.pk and step in ("suspend", "resume", "reset_password"):
        return _("不能停用或重设自己的账号；修改自己的密码请用“修改密码”。")
    return _reaching(by, f"org.account.{step}", account.person.unit if account.person else None)


def _reaching(by: Any, capability: str, unit: Any) -> str:
    """What belongs to no unit is for those alone who look after all of them."""
    if unit is None and by.can(capability) and "" not in by.scopes(capability):
        return _("不属于某个单位的账号和授权，由管辖全部单位的管理员办理。")
    return lacking(by, capability, unit)
