"""Noting who signs in, counting failures, one-time links, ending sessions."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused, Touched, act
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.lifecycle import COUNTING
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.delegation.models import Delegation
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.session.models import Session
from yuanqing.org.signin import queries, rules
from yuanqing.org.signin.models import Attempt, Link, SignIn

FIRST_ROLE = "system_administrator"  # what the first account of an installation may do: everything else it grants
ENDING = ("reset_password", "change_own_password", "choose_password", "suspend", "suspend_leavers")


def _sign_in(happening: str, account: Account | None, **values: Any) -> SignIn:
    return SignIn(account=account, happening=happening, at=timezone.now(), **values)


@act(SignIn, creates=True, label=gettext_lazy("登录"))
def enter(*, by: Any, account: Account, method: str, source: str | None, device: str, failed: int = 0) -> SignIn:
    """`failed` is how many attempts in a row failed before this one."""
    return _sign_in("enter", account, method=method, source=source, device=device, count=failed)


@act(SignIn, creates=True, label=gettext_lazy("退出"))
def leave(*, by: Any, account: Account, source: str | None, device: str) -> SignIn:
    return _sign_in("leave", account, source=source, device=device)


@act(SignIn, creates=True, label=gettext_lazy("登录失败"))
def fail(*, by: Any, account: Account | None, source: str | None, device: str, count: int) -> SignIn:
    """The `count`th failure in a row; a name that belongs to no account leaves only where it was tried from."""
    return _sign_in("fail", account, source=source, device=device, count=count)


@act(SignIn, creates=True, label=gettext_lazy("添加第二因素"))
def add_factor(*, by: Any, account: Account, kind: str, source: str | None = None, device: str = "") -> SignIn:
    return _sign_in("add_factor", account, source=source, device=device, method=kind)


@act(SignIn, creates=True, label=gettext_lazy("去掉第二因素"))
def remove_factor(*, by: Any, account: Account, kind: str, source: str | None = None, device: str = "") -> SignIn:
    return _sign_in("remove_factor", account, source=source, device=device, method=kind)


@act(SignIn, creates=True, label=gettext_lazy("结束登录状态"))
def end_sessions(*, by: Any, account: Account, reason: str, handle: Any = None, keep: str = "") -> SignIn:
    """All sessions of the account, or the one called `handle`; the one called `keep` stays."""
    found = Session.objects.filter(account=account)
    found = found.filter(handle=handle) if handle else found
    found = found.exclude(handle=keep) if keep else found
    count = found.count()
    if not count:
        raise ValidationError(_("没有可以结束的登录状态。"))
    acts.once_saved(lambda: found.delete() and None)
    return _sign_in("end_sessions", account, count=count, reason=reason)


# Sessions end with the rights and secrets they were begun under


@acts.after(Grant, "*")
def _rights_changed(touched: Touched) -> None:
    """A proposal changes nothing yet; confirmed, ended or expired it does."""
    changed = touched.records().filter(state__in=COUNTING)
    _end_all_of(changed.values("account"))


@acts.after(Delegation, "*")
def _lent(touched: Touched) -> None:
    """Who acts for somebody else gains or loses rights; who lends them keeps all of them."""
    _end_all_of(touched.records().values("delegate"))


@acts.after(Recusal, "*")
def _recused(touched: Touched) -> None:
    """Asked for by others it changes nothing yet, nor does declining what was only asked for."""
    idle = Q(state="requested") | (Q(state="declined") & ~Q(asked_by=F("account")))
    _end_all_of(touched.records().exclude(idle).values("account"))


def _end_all_of(accounts_: Any) -> None:
    """Whoever changes her own rights, by declaring a recusal, goes on working here: they are looked up in every request."""
    Session.objects.filter(account__in=accounts_).exclude(handle__in=Session.underway()).delete()


def _secrets_changed(touched: Touched) -> None:
    """Whoever changes her own password goes on working here; everything else that was signed in is not."""
    rows = Session.objects.filter(account__in=touched.records().values("pk"))
    if touched.step == "change_own_password":
        rows = rows.exclude(handle__in=Session.underway())
    rows.delete()


for _step in ENDING:
    acts.after(Account, _step)(_secrets_changed)


@acts.after(PackVersion, "publish")
def _newer_limits(touched: Touched) -> None:
    queries.forget()


# Waiting after failures


def attempt(counted: queries.Counted) -> tuple[int, int]:
    """Count an attempt as failed before it is checked, so that many at once are no way around the count.

    Returns (seconds to wait before it may be checked at all, failures in a row including this one).
    """
    while True:
        with transaction.atomic():
            rows = _locked(counted.keys)
            if set(counted.keys) <= rows.keys():
                return _counted(rows, counted.person)
            transaction.set_rollback(True)  # somebody got in meanwhile and took a counter away: made anew


def _locked(keys: Sequence[str]) -> dict[str, Attempt]:
    now = timezone.now()
    Attempt.objects.bulk_create([Attempt(key=key, last_at=now, open_at=now) for key in keys], ignore_conflicts=True)
    return {row.key: row for row in Attempt.objects.select_for_update().filter(key__in=keys).order_by("key")}


def _counted(rows: Mapping[str, Attempt], person: str) -> tuple[int, int]:
    now, limits = timezone.now(), queries.limits()
    closed = max((row.open_at - now).total_seconds() for row in rows.values())
    if closed > 0:
        return int(closed) + 1, rows[person].failures
    for row in rows.values():
        stale = row.last_at < now - timedelta(hours=limits["forget_hours"])
        row.failures = 1 if stale else row.failures + 1
        row.last_at, row.open_at = now, now + timedelta(seconds=_wait(row.key == person, row.failures))
        row.save()
    return 0, rows[person].failures


def _wait(is_person: bool, failures: int) -> int:
    limits, suffix = queries.limits(), "" if is_person else "_source"
    free, longest = limits[f"free_failures{suffix}"], limits[f"longest_wait{suffix}"]
    return rules.wait(failures, free=free, first=limits["first_wait"], longest=longest)


def failures_at(counted: queries.Counted) -> int:
    """Failures in a row of the source; what names that belong to nobody are noted by."""
    row = Attempt.objects.filter(key=counted.source).first()
    return row.failures if row else 0


def succeed(counted: queries.Counted) -> None:
    """The account's row of failures ends; the source only gets back what this attempt was counted."""
    Attempt.objects.filter(key=counted.person).delete()
    with transaction.atomic():
        row = Attempt.objects.select_for_update().filter(key=counted.source).first()
        if row is not None:
            row.failures, row.open_at = max(0, row.failures - 1), timezone.now()
            row.save()


def sweep() -> int:
    """Forget counters nobody has touched for as long as failures are remembered; returns how many."""
    before = timezone.now() - timedelta(hours=queries.limits()["forget_hours"])
    return Attempt.objects.filter(last_at__lt=before).delete()[0]


# Links that work once


@act(Link, creates=True, label=gettext_lazy("发出一次性链接"))
def issue_link(*, by: Any, account: Account | None, token: str) -> Link:
    """For the account to set its password, or without one for the first administrator; an earlier link ends."""
    now = timezone.now()
    purpose = "set_password" if account else "first"
    ends = now + timedelta(hours=queries.limits()["link_hours"])
    return Link(account=account, purpose=purpose, token_hash=queries.token_hash(token), issued_at=now, expires_at=ends)


def new_link(account: Account | None, *, by: Any) -> str:
    """Issue a link and return its token: 256 bits that are kept nowhere."""
    token = secrets.token_urlsafe(32)
    issue_link(by=by, account=account, token=token)
    return token


@transaction.atomic
def open_with_link(*, by: Any, **values: Any) -> tuple[Account, str]:
    """A new account that nobody knows a password of, and the link with which its owner sets one."""
    account: Account = accounts.open_account(by=by, **values)
    return account, new_link(account, by=by)


@transaction.atomic
def reset_with_link(account: Account, *, by: Any) -> str:
    """The password ends at once, with everything that is signed in; the link sets a new one."""
    accounts.reset_password(account, by=by, password=None)
    return new_link(account, by=by)


@act(Link, label=gettext_lazy("使用一次性链接"))
def use_link(link: Link, *, by: Any, then: Callable[[], Any]) -> None:
    """Once, and before it runs out; `then` is what it is used for, in the same transaction."""
    now = timezone.now()
    if link.used_at is not None or not Link.objects.usable(now).filter(pk=link.pk).exists():
        raise Conflict(_("这个链接已经用过或者过期，请重新要一个。"))
    link.used_at = now
    then()


def choose_password(link: Link, *, password: str) -> Account:
    """The owner of the link's account sets its password."""
    account = link.account
    if account is None or not account.is_active:
        raise Refused(_("这个链接已经用过或者过期，请重新要一个。"))
    use_link(link, by=account, then=lambda: accounts.choose_password(account, by=account, password=password))
    return account


def found_first(link: Link, *, username: str, display_name: str, password: str) -> Account:
    """The first account of an installation, its administrator; refused as soon as there is any account."""
    made: list[Account] = []

    def then() -> None:
        if not queries.is_new_installation():
            raise Conflict(_("已经有账号了，这个链接不再有效。"))
        values = {"username": username, "display_name": display_name, "password": password}
        account = accounts.open_account(by=SYSTEM, **values)
        reason = _("首次启用，凭一次性链接建立")
        accounts.grant(by=SYSTEM, account=account, role=FIRST_ROLE, starts_on=timezone.localdate(), reason=reason)
        made.append(account)

    use_link(link, by=SYSTEM, then=then)
    return made[0]
