"""Accounts, and what they are granted: role × root unit × depth × purpose × dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.database.prepared import prepared_cursor
from yuanqing.kernel.packs.published import WHICH, learn
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account import rules
from yuanqing.org.account.lifecycle import COUNTING, GRANT_LIFECYCLE
from yuanqing.org.person.models import Person
from yuanqing.org.scope.rules import Denied, Reach, Rights, Scope, rights_of
from yuanqing.org.unit.models import Unit, within

# One row for each right that one of the accounts holds today, own or lent, and for each thing it is kept from. A
# substitute is kept from whatever the one she stands in for is kept from: who must keep out may not choose who decides.
# And which editions of packs there are: every request asks both.
RIGHTS = f"""
WITH lent AS (
    SELECT d.delegate_id, d.grant_id, g.account_id FROM org_delegation d
    JOIN org_grant g ON g.id = d.grant_id JOIN org_account a ON a.id = g.account_id AND a.is_active
    WHERE d.delegate_id = ANY(%(ids)s::uuid[]) AND d.state = 'in_force' AND %(today)s BETWEEN d.starts_on AND d.ends_on
      AND g.state IN ('in_force', 'ended') AND g.starts_on <= %(today)s
      AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)
), kept AS (
    SELECT id, id AS out_of FROM unnest(%(ids)s::uuid[]) id UNION SELECT delegate_id, account_id FROM lent
)
SELECT g.account_id, 'right', g.role, coalesce(u.path, ''), g.depth, g.purpose, NULL::uuid
FROM org_grant g LEFT JOIN org_unit u ON u.id = g.unit_id
WHERE g.account_id = ANY(%(ids)s::uuid[]) AND g.state IN ('in_force', 'ended') AND g.starts_on <= %(today)s
  AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)
UNION ALL
SELECT l.delegate_id, 'right', g.role, coalesce(u.path, ''), g.depth, g.purpose, g.account_id
FROM lent l JOIN org_grant g ON g.id = l.grant_id LEFT JOIN org_unit u ON u.id = g.unit_id
UNION ALL
SELECT k.id, r.about, r.record_model, coalesce(u.path, ''), NULL, '', coalesce(r.person_id, r.record_id)
FROM kept k JOIN org_recusal r ON r.account_id = k.out_of AND r.state IN ('declared', 'in_force')
LEFT JOIN org_unit u ON u.id = r.unit_id
UNION ALL
SELECT NULL, 'editions', ({WHICH})::text, '', NULL, '', NULL
"""  # noqa: S608 fixed texts


class AccountQuerySet(RecordQuerySet["Account"]):
    def visible_to(self, account: Any) -> AccountQuerySet:
        """One's own; and those of people, or with grants, in the units whose accounts one looks after."""
        scope = account.scopes("org.account.view")
        if not scope:
            return self.filter(pk=account.pk)
        granted = Grant.objects.filter(account=models.OuterRef("pk"))
        theirs = within(scope, "person__unit__path") | Q(models.Exists(granted.filter(within(scope, "unit__path"))))
        for path in scope.denied:
            theirs &= ~Q(models.Exists(granted.filter(unit__path__startswith=path)))
            theirs &= ~Q(person__unit__path__startswith=path)
        return self.filter(Q(pk=account.pk) | theirs)


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Account:
        found: Account = self.get(username=username)
        return found


class Account(AbstractBaseUser, Record):
    """账号: somebody who can sign in; what it may do comes from its grants alone."""

    last_login = None  # sign-ins are events, not facts about the account
    limits: tuple[str, ...] | None = None  # capability patterns of the token that acts for it; None for itself

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    display_name = models.CharField(_("显示名"), max_length=60)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account")
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Any] = AccountManager()

    class Meta:
        verbose_name = _("账号")
        ordering = ["username"]

    class Secrecy:
        internal = ("username", "display_name", "person", "email", "is_active")
        sensitive = ("password",)
        retention = "30y"

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_absolute_url(self) -> str:
        return address("account:detail", self.pk)

    def check_password(self, raw_password: str | None) -> bool:
        """True when it fits; unlike the inherited one it never rewrites the account on the way."""
        return check_password(raw_password, self.password)

    @cached_property
    def rights(self) -> Rights:
        """Everything that decides what the account may see and do today: one statement for the whole request."""
        return rights_today([self])[self.pk]

    @property
    def denied(self) -> Denied:
        """What the account is kept from (回避); it wins over every grant."""
        return self.rights.denied

    def scopes(self, capability: str) -> Scope:
        """Where the account has the capability today; empty when nowhere."""
        if self.limits is not None and not rules.covers(self.limits, capability):
            return Scope([], self.rights.denied.paths)
        return rules.scope_of(self.rights, capability)

    def can(self, capability: str, unit: Unit | None = None) -> bool:
        """Whether some grant in force allows the capability, for this unit if one is named."""
        scope = self.scopes(capability)
        return bool(scope) if unit is None else scope.covers(unit.path)

    def behalf(self, capability: str, unit: Unit | None = None) -> UUID | None:
        """Whose delegation (代理) alone lets the account do this; None when its own grants do, or nothing does."""
        lent = None
        for right in self.rights.held:
            covers = unit is None or right.reach.covers(unit.path)
            if covers and rules.allows(right.role, capability, right.purpose):
                if right.behalf is None:
                    return None
                lent = lent or right.behalf
        return lent

    @property
    def identities(self) -> frozenset[Any]:
        """Its own id and those of the accounts it acts for: nobody may approve what any of them did."""
        return frozenset({self.pk, *(r.behalf for r in self.rights.held if r.behalf)})

    def can_any(self, noun: str) -> bool:
        """Whether some grant in force allows any capability of the noun beyond seeing."""
        return any(rules.touches(right.role, noun) for right in self.rights.held)

    @property
    def roles(self) -> list[str]:
        return sorted({right.role for right in self.rights.held})


def rights_today(accounts: Collection[Account]) -> dict[Any, Rights]:
    """What each of these accounts may see and do today, by its id: one statement for all of them."""
    rules.refresh()
    rows: dict[Any, list[tuple[Any, ...]]] = {account.pk: [] for account in accounts}
    ids = [account.pk for account in accounts if account.pk is not None and account.is_active]
    if ids:
        with prepared_cursor() as cursor:
            cursor.execute(RIGHTS, {"ids": ids, "today": timezone.localdate()})
            found = cursor.fetchall()
        for pk, *row in found:
            if pk is None:
                learn(row[1])
            else:
                rows[pk].append(tuple(row))
    return {pk: rights_of(tuple(of)) for pk, of in rows.items()}


class GrantQuerySet(RecordQuerySet["Grant"]):
    def visible_to(self, account: Any) -> GrantQuerySet:
        """One's own, and those over units whose accounts one looks after."""
        return self.filter(Q(account=account.pk) | within(account.scopes("org.account.view"), "unit__path"))

    def on(self, day: Any) -> GrantQuerySet:
        """Those that counted on a day: confirmed, and between their dates."""
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)), state__in=COUNTING)


class Grant(Record):
    """授权: a role of an account over a unit and so many levels below it, for a purpose, between two dates.

    Given with a reason by one administrator and confirmed by another; `waiver` cites what waived the second.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("单位"))
    depth = models.PositiveSmallIntegerField(_("到下面几级"), null=True, blank=True)  # None: the whole subtree
    purpose = models.CharField(_("用途"), max_length=40, blank=True, db_default="")  # "": all that the role allows
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)
    reason = models.CharField(_("授权理由"), max_length=200)
    state = GRANT_LIFECYCLE.field()
    proposed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    confirmed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人")
    )
    waiver = models.CharField(_("免于复核的依据"), max_length=100, blank=True, db_default="")

    objects: ClassVar[models.Manager[Any]] = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "unit", "depth", "purpose", "starts_on"],
                condition=Q(state__in=["proposed", "in_force"]),
                name="grant_is_given_once",
                nulls_distinct=False,
                violation_error_message=_("同样的授权已经有了，或者正在等待复核。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="grant_ends_after_it_starts",
                violation_error_message=_("终止日期不能早于起始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(depth__isnull=True) | Q(unit__isnull=False),
                name="grant_counts_levels_below_a_unit",
                violation_error_message=_("只有写明单位的授权才能限定级数。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("proposed_by")),
                name="grant_is_confirmed_by_another",
                violation_error_message=_("授权须由提出人以外的人复核。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "declined"])
                | Q(proposed_by__isnull=True)  # given by the operator at the machine
                | Q(confirmed_by__isnull=False)
                | ~Q(waiver=""),
                name="grant_counts_once_confirmed",
                violation_error_message=_("授权须由提出人以外的人复核。"),
            ),
        ]

    class Secrecy:
        internal = (
            "account", "role", "unit", "depth", "purpose", "starts_on", "ends_on", "reason", "state", "proposed_by",
            "confirmed_by", "waiver",
        )  # fmt: skip
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.account} · {self.role}"

    def get_absolute_url(self) -> str:
        return address("grant:detail", self.pk)

    @property
    def reach(self) -> Reach:
        return Reach(self.unit.path if self.unit else "", self.depth)

    def allows(self, capabilities: Iterable[str], unit: Unit | None = None) -> bool:
        """Whether its role, narrowed to its purpose, allows one of these for the unit, or anywhere where none is named."""
        within_reach = unit is None or self.reach.covers(unit.path)
        return within_reach and any(rules.allows(self.role, one, self.purpose) for one in capabilities)
