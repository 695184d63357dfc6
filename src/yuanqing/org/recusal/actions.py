"""Declaring, asking for, ordering, deciding and lifting a recusal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.kernel.records import Record
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.recusal import queries
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.unit.models import Unit


@act(Recusal, creates=True, label=gettext_lazy("声明回避"))
def declare(*, by: Any, ground: str, reason: str, subject: Person | Unit | Record) -> Recusal:
    """One's own duty to withdraw: it holds at once, and is decided upon afterwards."""
    return _recusal(by, by, ground, reason, subject, "declared")


@act(Recusal, creates=True, label=gettext_lazy("申请回避"))
def request(*, by: Any, account: Account, ground: str, reason: str, subject: Person | Unit | Record) -> Recusal:
    """The right of others to ask that somebody withdraws: it holds once it is decided."""
    return _recusal(by, account, ground, reason, subject, "requested")


@act(Recusal, creates=True, label=gettext_lazy("决定回避"))
def order(*, by: Any, account: Account, ground: str, reason: str, subject: Person | Unit | Record) -> Recusal:
    """Ordered ex officio."""
    made = _recusal(by, account, ground, reason, subject, "in_force")
    made.decided_by = by if by.pk else None
    return made


@act(Recusal)
def uphold(recusal: Recusal, *, by: Any, reason: str = "") -> None:
    _decided(recusal, by, reason)


@act(Recusal)
def decline(recusal: Recusal, *, by: Any, reason: str) -> None:
    _decided(recusal, by, reason)


@act(Recusal)
def lift(recusal: Recusal, *, by: Any, reason: str) -> None:
    """The ground has gone; from now on the grants hold again."""
    _decided(recusal, by, reason)


def _decided(recusal: Recusal, by: Any, reason: str) -> None:
    recusal.decided_by = by if by.pk else None
    recusal.decision = reason


def _recusal(
    by: Any, account: Account, ground: str, reason: str, subject: Person | Unit | Record, state: str
) -> Recusal:
    known = queries.grounds()
    if known and ground not in known:
        raise ValidationError({"ground": _("请从四种情形中选一种。")})
    made = Recusal(account=account, ground=ground, reason=reason, state=state, asked_by=by if by.pk else None)
    if isinstance(subject, Person):
        if account.person_id == subject.pk:
            raise ValidationError({"subject": _("关于本人的事项本来就不能由本人查看和办理，不用再登记。")})
        made.about, made.person = "person", subject
    elif isinstance(subject, Unit):
        made.about, made.unit = "unit", subject
    else:
        made.about, made.record_model, made.record_id = "record", subject._meta.label_lower, subject.pk
    if _is_known(made):
        raise ValidationError({"subject": _("这项回避已经登记，或者正在等待决定。")})
    acts.note(ground=ground)
    return made


def _is_known(made: Recusal) -> bool:
    same = Recusal.objects.filter(account=made.account, state__in=["requested", "declared", "in_force"])
    found = same.filter(
        about=made.about, person=made.person, unit=made.unit, record_model=made.record_model, record_id=made.record_id
    )
    return bool(found.exists())
