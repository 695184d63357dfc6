"""信号: a session begins, a factor is added or removed, an identity is confirmed; connected when the shell is ready."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions
from yuanqing.shell.security import visitor
from yuanqing.shell.security.factors import owed
from yuanqing.shell.security.gate import OWED


@receiver(user_logged_in)
def begin(sender: Any, request: Any, user: Any, **more: Any) -> None:
    """Every way of signing in ends here, with a key that was not known before."""
    request.session.begun(visitor.device(request), visitor.source(request))
    left = owed(user)
    if left:
        request.session[OWED] = left


@receiver(authentication_step_completed)
def renew(sender: Any, request: Any, user: Any, **more: Any) -> None:
    """A confirmed identity is worth more than the session was: its key changes."""
    if more.get("reauthenticated"):
        request.session.cycle_key()


@receiver(post_save, sender=Authenticator)
def added(sender: Any, instance: Authenticator, created: bool, **more: Any) -> None:
    if created:
        _changed(actions.add_factor, instance)


@receiver(post_delete, sender=Authenticator)
def removed(sender: Any, instance: Authenticator, **more: Any) -> None:
    _changed(actions.remove_factor, instance)


def _changed(act: Any, factor: Authenticator) -> None:
    """Note it, and end what was signed in under the old factors; the reader's own session goes on under a new key."""
    request = context.request
    reader: Any = getattr(request, "user", None)
    by: Any = reader if isinstance(reader, Account) or getattr(reader, "is_authenticated", False) else SYSTEM
    account = Account.objects.get(pk=factor.user_id)
    about = {"source": visitor.source(request), "device": visitor.device(request)} if request is not None else {}
    act(by=by, account=account, kind=str(factor.type), **about)
    Session.objects.filter(account=account).exclude(handle__in=Session.underway()).delete()
    if request is not None and by.pk == account.pk:
        request.session.cycle_key()
        request.session[OWED] = owed(account)
