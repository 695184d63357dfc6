"""Letting somebody act for oneself, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, act, act_many
from yuanqing.org.account import queries as accounts
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.delegation import queries
from yuanqing.org.delegation.models import Delegation


@act(Delegation, creates=True, label=gettext_lazy("委托代理"))
def delegate(*, by: Any, grant: Grant, to: Account, starts_on: date, ends_on: date, reason: str) -> Delegation:
    """`to` acts with this grant of mine from the first to the last day; nothing it then does is said to be its own."""
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("终止日期不能早于起始日期 %(day)s。") % {"day": starts_on}})
    if ends_on < timezone.localdate():
        raise ValidationError({"ends_on": _("这一天已经过去。")})
    if (ends_on - starts_on).days >= queries.longest():
        raise ValidationError(
            {"ends_on": _("代理最长 %(days)d 天，更久的请改为正式授权。") % {"days": queries.longest()}}
        )
    if not to.is_active:
        raise ValidationError({"to": _("这个账号已经停用。")})
    if grant.state != "in_force" or (grant.ends_on and grant.ends_on < starts_on):
        raise ValidationError({"grants": _("这项授权那时已经不在有效期内。")})
    other = accounts.clash(to, grant.role, starts_on, ends_on)
    if other is not None:
        cards = accounts.role_cards()
        names = {"one": cards[grant.role].label, "other": cards[other].label if other in cards else other}
        raise ValidationError({"to": _("对方的“%(other)s”与“%(one)s”不相容，不能由同一个人代理。") % names})
    before = queries.overlapping(grant, starts_on, ends_on)
    if before is not None:
        words = {"who": before.delegate, "from": before.starts_on, "to": before.ends_on}
        raise ValidationError({"grants": _("这项授权已委托%(who)s在 %(from)s 至 %(to)s 代理。") % words})
    return Delegation(grant=grant, delegate=to, starts_on=starts_on, ends_on=ends_on, reason=reason)


def delegate_all(*, by: Any, grants: Sequence[Grant], **values: Any) -> list[Delegation]:
    """Several of one's grants at once: all or none."""
    with transaction.atomic():
        return [delegate(by=by, grant=grant, **values) for grant in grants]


@act(Delegation)
def revoke(delegation: Delegation, *, by: Any, reason: str) -> None:
    """The one who lent it takes it back, the substitute gives it back, or an administrator ends it."""
    acts.note(reason=reason)


@act_many(Delegation, label=gettext_lazy("到期结束"))
def expire_delegations(many: Many, today: date, *, by: Any) -> int:
    return many.step("expire_delegations", Delegation.objects.filter(ends_on__lt=today))
