"""Months with windows that are frozen when they open."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.almanac import Month, Window
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.norms.period.lifecycle import LIFECYCLE
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within


class PeriodQuerySet(RecordQuerySet["Period"]):
    def visible_to(self, account: Any) -> PeriodQuerySet:
        return self

    def still_due(self, form: str | None = None) -> PeriodQuerySet:
        """Open months whose due time lies ahead, of one form or of all."""
        rows = self.filter(state="open", due_at__gte=timezone.now())
        return rows.filter(form=form) if form else rows


class Period(Record):
    """月度: one month of one form, with the windows as they were frozen when it opened."""

    form = models.CharField(_("报表"), max_length=60)
    month_on = models.DateField(_("月份"))
    form_edition = models.ForeignKey(PackVersion, models.PROTECT, related_name="+", verbose_name=_("报表版本"))
    rule = models.JSONField(_("期限规则"), default=dict, blank=True)  # as it stood when the month opened
    policy = models.CharField(_("遇非工作日"), max_length=20)
    opens_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("截止"))
    grace_until = models.DateTimeField(_("宽限至"))
    locks_at = models.DateTimeField(_("锁定"))
    state = LIFECYCLE.field()
    closed_at = models.DateTimeField(_("结账时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("月度")
        ordering = ["-month_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "month_on"],
                name="month_of_a_form_opens_once",
                violation_error_message=_("这个月度已经开启。"),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("due_at"))
                & Q(due_at__lte=F("grace_until"))
                & Q(grace_until__lte=F("locks_at")),
                name="windows_follow_each_other",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(closed_at__isnull=False), name="closed_period_says_when"
            ),
        ]

    class Secrecy:
        open = (
            "form",
            "month_on",
            "form_edition",
            "rule",
            "policy",
            "opens_at",
            "due_at",
            "grace_until",
            "locks_at",
            "state",
            "closed_at",
        )
        retention = "permanent"

    def __str__(self) -> str:
        return self.month.label

    def get_absolute_url(self) -> str:
        return address("period:detail", self.pk)

    @property
    def month(self) -> Month:
        return Month.of(self.month_on)

    @property
    def window(self) -> Window:
        """The window as it was frozen when the month opened."""
        return Window(self.opens_at, self.due_at, self.grace_until, self.locks_at)


class ExtensionQuerySet(RecordQuerySet["Extension"]):
    def visible_to(self, account: Any) -> ExtensionQuerySet:
        return self.filter(within(account.scopes("norms.obligation.view"), "unit__path"))


class Extension(Record):
    """延期: a later due time for one unit in one period, with reason, grantor and end."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="extensions", verbose_name=_("月度"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    until = models.DateTimeField(_("延至"))
    reason = models.CharField(_("理由"), max_length=300)
    granted_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("批准人"))

    objects: ClassVar[models.Manager[Any]] = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("延期")
        ordering = ["-until"]
        indexes = [models.Index(fields=["period", "unit", "-until"], name="extension_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="extension_has_a_reason", violation_error_message=_("请写明延期理由。")
            )
        ]

    class Secrecy:
        internal = ("period", "unit", "until", "reason", "granted_by")
        retention = "permanent"
