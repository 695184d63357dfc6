"""Opening accounts, setting passwords, granting and ending grants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit


@act(Account, creates=True, label=gettext_lazy("开设账号"))
def open_account(
    *,
    by: Any,
    username: str,
    display_name: str,
    password: str | None = None,
    person: Person | None = None,
    email: str = "",
) -> Account:
    """A new account; without a password it cannot sign in until one is set."""
    account = Account(username=username, display_name=display_name, person=person, email=email)
    _set_password(account, password)
    return account


@act(Account, label=gettext_lazy("重设密码"))
def reset_password(account: Account, *, by: Any, password: str) -> None:
    _set_password(account, password)


@act(Account, label=gettext_lazy("修改密码"))
def change_own_password(account: Account, *, by: Any, current: str, password: str) -> None:
    if not account.check_password(current):
        raise ValidationError({"current": _("现在的密码不对。")})
    _set_password(account, password)


@act(Account, label=gettext_lazy("停用账号"))
def suspend(account: Account, *, by: Any, reason: str) -> None:
    account.is_active = False
    acts.note(reason=reason)


@act(Account, label=gettext_lazy("恢复账号"))
def resume(account: Account, *, by: Any, reason: str) -> None:
    account.is_active = True
    acts.note(reason=reason)


@act(Grant, creates=True, label=gettext_lazy("授权"))
def grant(
    *,
    by: Any,
    account: Account,
    role: str,
    starts_on: date,
    reason: str,
    unit: Unit | None = None,
    ends_on: date | None = None,
) -> Grant:
    """A role over `unit` and everything below it; without a unit, everywhere."""
    if role not in rules.known_roles():
        raise ValidationError({"role": _("没有“%(role)s”这个角色。") % {"role": role}})
    return Grant(account=account, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, reason=reason)


@act(Grant, label=gettext_lazy("终止授权"))
def end_grant(grant: Grant, *, by: Any, on: date, reason: str) -> None:
    grant.ends_on = on
    acts.note(reason=reason)


def _set_password(account: Account, password: str | None) -> None:
    if password is None:
        account.set_unusable_password()
        return
    validate_password(password, account)
    account.set_password(password)
