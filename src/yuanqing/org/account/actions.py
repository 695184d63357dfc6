"""Opening accounts, setting passwords, granting and ending grants."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Touched, act, act_many
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.org.account import queries, rules
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
def reset_password(account: Account, *, by: Any, password: str | None) -> None:
    """Without a password none fits until the owner sets one by a link."""
    _set_password(account, password)


@act(Account, label=gettext_lazy("凭一次性链接设置密码"))
def choose_password(account: Account, *, by: Any, password: str) -> None:
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
    depth: int | None = None,
    purpose: str = "",
) -> Grant:
    """A role over `unit` and `depth` levels below it (None: everything below); without a unit, everywhere.

    It counts once another administrator confirms it: at once only where the operator grants at the machine, or where
    the published roles pack waives the second person and there is none.
    """
    rules.refresh()
    if role not in rules.known_roles():
        raise ValidationError({"role": _("没有“%(role)s”这个角色。") % {"role": role}})
    if purpose and purpose not in queries.purpose_cards():
        raise ValidationError({"purpose": _("没有“%(purpose)s”这种用途。") % {"purpose": purpose}})
    if unit is not None and unit.ended_on:
        raise ValidationError({"unit": _("%(unit)s已经撤销。") % {"unit": unit}})
    if unit is None and depth is not None:
        raise ValidationError({"depth": _("只有写明单位的授权才能限定级数。")})
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("终止日期不能早于起始日期 %(day)s。") % {"day": starts_on}})
    given = Grant(
        account=account, role=role, unit=unit, depth=depth, purpose=purpose, starts_on=starts_on, ends_on=ends_on,
        reason=reason, proposed_by=by if by.pk else None, waiver=queries.waiver(by),
    )  # fmt: skip
    _separate(given)
    if by.pk is None or given.waiver:
        given.state = "in_force"
    return given


def _separate(given: Grant) -> None:
    """Nobody holds, or acts in, two roles that exclude one another at the same time."""
    other = queries.clash(given.account, given.role, given.starts_on, given.ends_on, but=given.pk)
    if other is not None:
        cards = queries.role_cards()
        names = {
            "one": cards[given.role].label if given.role in cards else given.role,
            "other": cards[other].label if other in cards else other,
        }
        raise ValidationError({"role": _("“%(one)s”与已有的“%(other)s”不能由同一个人担任。") % names})


@act(Grant)
def confirm_grant(grant: Grant, *, by: Any) -> None:
    """The second administrator agrees; from now on the grant counts between its dates."""
    _separate(grant)
    grant.confirmed_by = by if by.pk else None
    grant.waiver = "" if by.pk else "operator"


@act(Grant)
def decline_grant(grant: Grant, *, by: Any, reason: str) -> None:
    acts.note(reason=reason)


@act(Grant)
def withdraw_grant(grant: Grant, *, by: Any, reason: str) -> None:
    """Whoever proposed it takes it back before it is confirmed."""
    acts.note(reason=reason)


@act(Grant)
def end_grant(grant: Grant, *, by: Any, on: date, reason: str) -> None:
    """`on` is the last day of the grant."""
    if on < grant.starts_on:
        raise ValidationError({"on": _("终止日期不能早于起始日期 %(day)s。") % {"day": grant.starts_on}})
    if grant.ends_on and grant.ends_on <= on:
        raise ValidationError({"on": _("这项授权到 %(day)s 为止，终止日期应更早。") % {"day": grant.ends_on}})
    grant.ends_on = on
    acts.note(reason=reason)


@act_many(Grant, label=gettext_lazy("到期终止"))
def expire_grants(many: Many, today: date, *, by: Any) -> int:
    """Grants whose last day has passed say so; they have not counted since that day."""
    return many.step("expire_grants", Grant.objects.filter(ends_on__lt=today))


@act_many(Account, label=gettext_lazy("人员离开，停用账号"))
def suspend_leavers(many: Many, touched: Touched, *, by: Any) -> None:
    """Whoever leaves can no longer sign in."""
    many.insert(
        """
        UPDATE org_account SET is_active = false, version = version + 1
        WHERE is_active AND person_id IN (SELECT record_id FROM kernel_entry
                                          WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s)
        """,
        touched.params,
    )


@acts.after(Person, "leave")
def _leavers(touched: Touched) -> None:
    suspend_leavers(touched, by=touched.by)


@acts.after(PackVersion, "publish")
def _newer_roles(touched: Touched) -> None:
    rules.forget()


def _set_password(account: Account, password: str | None) -> None:
    if password is None:
        account.set_unusable_password()
        return
    validate_password(password, account)
    account.set_password(password)
