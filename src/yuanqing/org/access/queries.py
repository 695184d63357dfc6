"""Who may see a record, by which grant; and what stands in the way of somebody who may not.

Candidates come from the grants and delegations in force; whether one really sees the record is asked of the record's
own `visible_to`, in one statement for the page, so that the answer cannot differ from what happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, UUIDField, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.acts.steps import capability_of
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.records import Record
from yuanqing.org.access.policies import refusal
from yuanqing.org.account import queries as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant, rights_today
from yuanqing.org.delegation.models import Delegation
from yuanqing.org.recusal.models import Recusal, concerned
from yuanqing.org.recusal.queries import kept_model
from yuanqing.org.scope.rules import Denied
from yuanqing.org.unit.models import Unit

MOST = 200  # accounts looked at for one page


@dataclass
class Reader:
    """读者: an account, the grants and delegations that let it in, and whether a recusal or the matter itself bars it."""

    account: Account
    because: list[str] = field(default_factory=list)
    sees: bool = False
    recused: bool = False


def unit_of(record: Any, depth: int = 2) -> Unit | None:
    """The unit a record belongs to, by its own reference or that of what it is part of; None when it has none."""
    if isinstance(record, Unit):
        return record
    found = getattr(record, "unit", None)
    if isinstance(found, Unit):
        return found
    for one in record._meta.concrete_fields:
        is_part = one.is_relation and one.many_to_one and issubclass(one.related_model, Record)
        if depth and is_part and not issubclass(one.related_model, Account | Unit):
            above = getattr(record, one.name)
            unit = unit_of(above, depth - 1) if above is not None else None
            if unit is not None:
                return unit
    return None


def is_about(record: Any, account: Any) -> bool:
    """Whether the record concerns the account's own person, or what it is recused from."""
    own = {account.person_id} - {None}
    kept = Denied(account.denied.paths, account.denied.persons | own, account.denied.records)
    return bool(type(record)._base_manager.filter(concerned(type(record), kept), pk=record.pk).exists())


@dataclass(frozen=True)
class Readership:
    """读者名单: a record, its unit, who may see it, and whether the one who asks may."""

    record: Any
    unit: Unit | None
    readers: list[Reader]
    is_open: bool

    @property
    def is_cut(self) -> bool:
        return len(self.readers) >= MOST


def readership(model: str, pk: UUID, *, by: Any) -> Readership:
    """Who may see a record; Http404 where it does not exist, and as if it did not for those who may not know."""
    kind = kept_model(model)
    if kind is None:
        raise Http404
    visible: Any = kind._default_manager
    is_open = visible.visible_to(by).filter(pk=pk).exists()
    with as_system():  # who sees it must be told truly to those who cannot see it themselves
        found: Any = kind._base_manager.filter(pk=pk).first()
        unit = unit_of(found) if found is not None else None
        if found is None or refusal("view", unit, by=by):
            raise Http404  # as absent: whether the record exists is nobody else's to know
        if not is_open and is_about(found, by):
            raise Http404  # nor that of those whom it concerns
        return Readership(found, unit, readers(found), is_open)


def readers(record: Any) -> list[Reader]:
    """Everybody whose grants reach the record today, those who see it first; at most `MOST` accounts."""
    unit, capability = unit_of(record), f"{capability_of(type(record))}.view"
    found: dict[UUID, Reader] = {}
    names = (accounts.role_cards(), accounts.purpose_cards())
    for account, grant, lender in _held(capability, unit):
        if len(found) < MOST or account.pk in found:
            found.setdefault(account.pk, Reader(account)).because.append(reason(grant, lender, names))
    for reader in _own(record, found):
        found[reader.account.pk] = reader
    _judge(record, list(found.values()))
    return sorted(found.values(), key=lambda r: (not r.sees, str(r.account)))


def _held(capability: str, unit: Unit | None) -> Iterable[tuple[Account, Grant, Account | None]]:
    """(account, grant, who lent it) of what allows it for the unit today, one's own first; two statements."""
    for grant in accounts.allowing([capability], unit):
        yield grant.account, grant, None
    today = timezone.localdate()
    lent = Delegation.objects.on(today).filter(delegate__is_active=True, grant__account__is_active=True)
    lent = lent.filter(grant__in=Grant.objects.on(today))
    for one in lent.select_related("delegate__person__unit", "grant__unit", "grant__account"):
        if one.grant.allows([capability], unit):
            yield one.delegate, one.grant, one.grant.account


def _own(record: Any, found: dict[UUID, Reader]) -> Iterable[Reader]:
    """The person that the record is about, where the noun lets her see what is her own."""
    person = record if record._meta.label_lower == "org.person" else getattr(record, "person", None)
    account = Account.objects.filter(person=getattr(person, "pk", None), is_active=True).first() if person else None
    if account is not None and account.pk not in found:
        yield Reader(account, [_("关于本人的记录")])


def reason(grant: Grant, lender: Account | None, names: Any = None) -> str:
    """A grant as the reason: role, purpose, how far, until when, and for whom; `names` of roles and purposes."""
    roles, purposes = names or (accounts.role_cards(), accounts.purpose_cards())
    card = roles.get(grant.role)
    words = [card.label if card else grant.role, accounts.where(grant)]
    if grant.purpose:
        purpose = purposes.get(grant.purpose)
        words.append(_("用途：%(purpose)s") % {"purpose": purpose.label if purpose else grant.purpose})
    if grant.ends_on:
        words.append(_("到 %(day)s") % {"day": grant.ends_on})
    if lender is not None:
        words.append(_("代%(whom)s") % {"whom": lender})
    return " · ".join(words)


def _judge(record: Any, found: Sequence[Reader]) -> None:
    """Ask the record's own `visible_to` for each account, all in one statement; and note who is recused."""
    rows: Any = type(record)._default_manager
    known = rights_today([reader.account for reader in found])
    for reader in found:
        reader.account.rights = known[reader.account.pk]
    asked = [
        rows.visible_to(reader.account)
        .filter(pk=record.pk)
        .order_by()
        .values_list(Value(reader.account.pk, output_field=UUIDField()))
        for reader in found
    ]
    seen = {pk for (pk,) in asked[0].union(*asked[1:], all=True)} if asked else set()
    recused = set(
        Recusal.objects.filter(account__in=[r.account.pk for r in found], state__in=("declared", "in_force"))
        .filter(Q(about="record", record_id=record.pk) | ~Q(about="record"))
        .values_list("account_id", flat=True)
    )
    for reader in found:
        reader.sees = reader.account.pk in seen
        reader.recused = not reader.sees and reader.account.pk in recused


@dataclass(frozen=True)
class Answer:
    """答复: whether an account may do something for a unit today, and every reason for or against."""

    allowed: bool
    reasons: list[str]


def explain(account: Account, capability: str, unit: Unit | None) -> Answer:
    """Why the account may, or what is missing: grants that reach elsewhere, are over, not begun or not confirmed."""
    if not account.is_active:
        return Answer(False, [_("账号已停用。")])
    if unit is not None and account.denied.covers(unit.path):
        return Answer(False, [_("对%(unit)s应当回避，回避胜过一切授权。") % {"unit": unit}])
    today = timezone.localdate()
    rows = account.grants.select_related("unit")
    lent = Delegation.objects.filter(delegate=account).select_related("grant__unit", "grant__account")
    held: list[tuple[Grant, Account | None, str]] = [(g, None, _grant_fault(g, today)) for g in rows]
    held += [(d.grant, d.grant.account, _lent_fault(d, today)) for d in lent]
    allowing = [one for one in held if rules.allows(one[0].role, capability, one[0].purpose)]
    open_now = [(g, lender) for g, lender, fault in allowing if not fault]
    good = [(g, lender) for g, lender in open_now if unit is None or g.reach.covers(unit.path)]
    if good:
        return Answer(True, [reason(g, lender) for g, lender in good])
    missing = [f"{reason(g, lender)}：{fault or _('管不到这个单位')}" for g, lender, fault in allowing]
    return Answer(False, missing or [_("没有一项授权包含这项权限。")])


def _grant_fault(grant: Grant, today: Any) -> str:
    if grant.state == "proposed":
        return _("还没有复核")
    if grant.state == "declined":
        return _("复核没有通过")
    if grant.starts_on > today:
        return _("%(day)s 才开始") % {"day": grant.starts_on}
    return _("已于 %(day)s 终止") % {"day": grant.ends_on} if grant.ends_on and grant.ends_on < today else ""


def _lent_fault(one: Delegation, today: Any) -> str:
    if one.state == "revoked":
        return _("代理已收回")
    if one.starts_on > today:
        return _("代理 %(day)s 才开始") % {"day": one.starts_on}
    if one.ends_on < today:
        return _("代理已于 %(day)s 结束") % {"day": one.ends_on}
    return _("委托人的账号已停用") if not one.grant.account.is_active else _grant_fault(one.grant, today)
