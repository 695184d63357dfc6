"""Tokens, and the day each was last used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account


class TokenQuerySet(RecordQuerySet["Token"]):
    def visible_to(self, account: Any) -> TokenQuerySet:
        """One's own, and those of the accounts that one looks after."""
        seen = Account.objects.visible_to(account).values("pk") if account.can("org.account.view") else []
        return self.filter(Q(account=account.pk) | Q(account__in=seen))


class Token(Record):
    """接口令牌: lets a program act as an account, within named capabilities, until a day."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens", verbose_name=_("账号"))
    name = models.CharField(_("名称"), max_length=60)
    scopes = models.JSONField(_("范围"), default=list)  # capability patterns, as in the roles pack
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(_("开头"), max_length=10)
    expires_on = models.DateField(_("到期日"))  # the last day
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("接口令牌")
        ordering = ["-expires_on", "name"]

    class Secrecy:
        internal = ("account", "name", "scopes", "hint", "expires_on", "revoked_on")
        sensitive = ("digest",)
        retention = "with_account"

    def __str__(self) -> str:
        return self.name


class TokenUse(models.Model):
    """令牌使用: the day a token was last used; an event, not a fact of the record."""

    token = models.OneToOneField(Token, models.CASCADE, primary_key=True, related_name="use")
    last_on = models.DateField(_("最近使用"))

    def __str__(self) -> str:
        return str(self.last_on)
