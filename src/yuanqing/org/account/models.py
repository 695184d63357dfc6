"""Accounts, and what they are granted: role × root unit × dates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account import rules
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class AccountQuerySet(RecordQuerySet["Account"]):
    def visible_to(self, account: Any) -> AccountQuerySet:
        """One's own; and those of people, or with grants, in the units whose accounts one looks after."""
        prefixes = account.scopes("org.account.view")
        if "" in prefixes:
            return self
        granted = Grant.objects.filter(within(prefixes, "unit__path"), account=models.OuterRef("pk"))
        theirs = within(prefixes, "person__unit__path") | Q(models.Exists(granted))
        return self.filter(Q(pk=account.pk) | theirs if prefixes else Q(pk=account.pk))


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Account:
        found: Account = self.get(username=username)
        return found


class Account(AbstractBaseUser, Record):
    """账号: somebody who can sign in; what it may do comes from its grants alone."""

    last_login = None  # sign-ins are events, not facts about the account

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
        return reverse("account:detail", args=[self.pk])

    def check_password(self, raw_password: str | None) -> bool:
        """True when it fits; unlike the inherited one it never rewrites the account on the way."""
        return check_password(raw_password, self.password)

    @cached_property
    def grants_now(self) -> list[tuple[str, str]]:
        """(role, path prefix) of the grants in force today; one query for the whole request."""
        rules.refresh()
        rows = Grant.objects.filter(account=self.pk).on(timezone.localdate())
        return [(role, path or "") for role, path in rows.values_list("role", "unit__path")]

    def scopes(self, capability: str) -> list[str]:
        """Path prefixes of the subtrees in which this account has the capability; "" is everywhere."""
        if not self.is_active:
            return []
        found = {path for role, path in self.grants_now if rules.allows(role, capability)}
        return sorted(p for p in found if not any(p != q and p.startswith(q) for q in found))

    def can(self, capability: str, unit: Unit | None = None) -> bool:
        """Whether some grant in force allows the capability, for this unit if one is named."""
        prefixes = self.scopes(capability)
        return bool(prefixes) if unit is None else any(unit.path.startswith(p) for p in prefixes)

    @property
    def roles(self) -> list[str]:
        return sorted({role for role, _path in self.grants_now})


class GrantQuerySet(RecordQuerySet["Grant"]):
    def visible_to(self, account: Any) -> GrantQuerySet:
        prefixes = account.scopes("org.account.view")
        if "" in prefixes:
            return self
        return self.filter(Q(account=account.pk) | within(prefixes, "unit__path"))

    def on(self, day: Any) -> GrantQuerySet:
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))


class Grant(Record):
    """授权: a role of an account over a unit and everything below it, between two dates, with a reason."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("单位"))
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)
    reason = models.CharField(_("授权理由"), max_length=200)

    objects: ClassVar[models.Manager[Any]] = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "unit", "starts_on"], name="grant_is_given_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="grant_ends_after_it_starts",
                violation_error_message=_("终止日期不能早于起始日期。"),
            ),
        ]

    class Secrecy:
        internal = ("account", "role", "unit", "starts_on", "ends_on", "reason")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.account} · {self.role}"
