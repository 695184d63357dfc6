"""The record of signing in, links that work once, and the counters behind the waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.signin import rules

HAPPENINGS = (
    ("enter", _("登录")),
    ("leave", _("退出")),
    ("fail", _("登录失败")),
    ("add_factor", _("添加第二因素")),
    ("remove_factor", _("去掉第二因素")),
    ("end_sessions", _("结束登录状态")),
)
METHODS = (
    ("password", _("密码")),
    ("totp", _("密码和动态口令")),
    ("webauthn", _("密码和通行密钥")),
    ("passkey", _("通行密钥")),
    ("recovery_codes", _("密码和恢复码")),
    ("socialaccount", _("统一身份认证")),
    ("ldap", _("目录服务")),
)
FACTORS = {"totp": _("动态口令"), "webauthn": _("通行密钥"), "recovery_codes": _("恢复码")}


class SignInQuerySet(RecordQuerySet["SignIn"]):
    def visible_to(self, account: Any) -> SignInQuerySet:
        """One's own; all of them for those who look after the record of all units."""
        if "" in account.scopes("org.signin.view"):
            return self
        return self.filter(account=account.pk)


class SignIn(Record):
    """登录记录: that an account signed in, failed to, or changed by what it signs in; never altered afterwards.

    Failures are counted elsewhere and noted at the first, second, fourth, eighth… of a row, each with its number.
    """

    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号")
    )
    happening = models.CharField(_("事项"), max_length=20, choices=HAPPENINGS)
    method = models.CharField(_("方式"), max_length=20, choices=METHODS, blank=True)
    at = models.DateTimeField(_("时间"))
    source = models.GenericIPAddressField(_("来源"), null=True, blank=True)
    device = models.CharField(_("设备"), max_length=rules.DEVICE_LENGTH, blank=True)
    count = models.PositiveIntegerField(_("次数"), default=0)  # failures in a row, or sessions ended
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("登录记录")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["-at"], name="sign_ins_by_time"),
            models.Index(fields=["account", "-at"], name="sign_ins_by_account"),
        ]

    class Secrecy:
        internal = ("account", "happening", "method", "at", "device", "count", "reason")
        sensitive = ("source",)
        wall = ("org.signin.view",)
        retention = "10y"

    def __str__(self) -> str:
        return f"{self.account or '—'} · {self.get_happening_display()}"

    @property
    def how(self) -> str:
        """By what it was done, in the reader's words."""
        if self.happening.endswith("_factor"):
            return str(FACTORS.get(self.method, self.method))
        return str(self.get_method_display())

    @property
    def remark(self) -> str:
        """What the number means, and the reason where one was given."""
        says = {
            "enter": _("此前连续失败 %(n)s 次"),
            "fail": _("连续第 %(n)s 次"),
            "end_sessions": _("%(n)s 处"),
        }.get(self.happening)
        number = str(says) % {"n": self.count} if says and self.count else ""
        return "；".join(part for part in (number, self.reason) if part)


class LinkQuerySet(RecordQuerySet["Link"]):
    def visible_to(self, account: Any) -> LinkQuerySet:
        return self.filter(account__in=Account.objects.visible_to(account))

    def usable(self, at: datetime) -> LinkQuerySet:
        """Not used, not run out, and not followed by a newer one for the same account."""
        same = Q(account=models.OuterRef("account")) | Q(account__isnull=True, purpose=models.OuterRef("purpose"))
        newer = Link.objects.filter(same, issued_at__gt=models.OuterRef("issued_at"))
        return self.filter(~models.Exists(newer), used_at__isnull=True, expires_at__gt=at)


class Link(Record):
    """一次性链接: lets one person set a password once, within a day; only the hash of its token is kept."""

    PURPOSES = (("first", _("建立第一个管理员")), ("set_password", _("设置密码")))

    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号")
    )
    purpose = models.CharField(_("用途"), max_length=20, choices=PURPOSES)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("一次性链接")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="first", account__isnull=True) | Q(purpose="set_password", account__isnull=False),
                name="link_is_for_an_account_or_the_first_one",
            )
        ]

    class Secrecy:
        internal = ("account", "purpose", "issued_at", "expires_at", "used_at")
        sensitive = ("token_hash",)
        retention = "10y"

    def __str__(self) -> str:
        return f"{self.account or '—'} · {self.get_purpose_display()}"


class Attempt(models.Model):
    """输错计数: failures in a row of one account, browser or source, under a keyed hash; swept after a day of quiet."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    open_at = models.DateTimeField()
