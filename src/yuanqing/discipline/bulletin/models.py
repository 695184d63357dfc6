"""The monthly bulletin: drafted from a closed month, signed, published, read, never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.bulletin.lifecycle import LIFECYCLE
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.addresses import address
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.norms.period.models import Period
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit


class BulletinQuerySet(RecordQuerySet["Bulletin"]):
    def visible_to(self, account: Any) -> BulletinQuerySet:
        if account.can("discipline.bulletin.view_draft"):
            return self
        return self.filter(state="published") if account.can("discipline.bulletin.view") else self.none()


class Bulletin(Record):
    """通报: the bulletin of one month (一月一通报)."""

    review = models.OneToOneField(MonthlyReview, models.PROTECT, related_name="bulletin", verbose_name=_("月度考评"))
    template = models.ForeignKey(PackVersion, models.PROTECT, related_name="+", verbose_name=_("模板版本"))
    number = models.CharField(_("发文字号"), max_length=60)
    year = models.PositiveSmallIntegerField(_("发文年份"))
    serial = models.PositiveSmallIntegerField(_("发文顺序号"))
    title = models.CharField(_("标题"), max_length=200)
    slots = models.JSONField(_("叙述"), default=dict, blank=True)
    demands = models.JSONField(_("下月要求"), default=list, blank=True)
    content = models.JSONField(_("定稿内容"), default=dict, blank=True)
    content_hash = models.CharField(_("定稿内容哈希"), max_length=64, blank=True)
    files = models.JSONField(_("文件"), default=dict, blank=True)  # format → sha256
    state = LIFECYCLE.field()
    drafted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("起草人"))
    reviewed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    review_note = models.CharField(_("审核意见"), max_length=500, blank=True)
    signed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签发人")
    )
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    checkpoint = models.TextField(_("台账检查点"), blank=True)

    objects: ClassVar[models.Manager[Any]] = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("通报")
        ordering = ["-review__period__month_on"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published")
                | (Q(signed_by__isnull=False) & Q(published_at__isnull=False) & ~Q(checkpoint="")),
                name="published_bulletin_is_signed_and_witnessed",
            ),
            models.UniqueConstraint(
                fields=["year", "serial"],
                name="document_number_is_used_once",
                violation_error_message=_("这个发文字号刚刚被用了，请再试一次。"),
            ),
        ]

    class Secrecy:
        internal = (
            "review",
            "template",
            "number",
            "year",
            "serial",
            "title",
            "slots",
            "demands",
            "content",
            "content_hash",
            "files",
            "state",
            "drafted_by",
            "reviewed_by",
            "review_note",
            "signed_by",
            "signed_at",
            "published_at",
            "checkpoint",
        )
        retention = "permanent"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("bulletin:detail", self.pk)

    @property
    def month(self) -> Month:
        return self.review.period.month


class TypicalCaseQuerySet(RecordQuerySet["TypicalCase"]):
    def visible_to(self, account: Any) -> TypicalCaseQuerySet:
        return self.filter(bulletin__in=Bulletin.objects.visible_to(account))


class TypicalCase(Record):
    """典型案例: a concluded violation told in the bulletin after the de-identification check."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="cases", verbose_name=_("通报"))
    violation = models.ForeignKey(Violation, models.PROTECT, related_name="+", verbose_name=_("违规问题"))
    text = models.TextField(_("案例文字"))
    told_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撰写人")
    )
    explanations = models.JSONField(_("脱敏说明"), default=dict, blank=True)  # the words found → why they may stand
    checked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("脱敏核对人")
    )
    is_dropped = models.BooleanField(_("不采用"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Any]] = TypicalCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("典型案例")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(told_by__isnull=True) | ~Q(checked_by=models.F("told_by")),
                name="case_is_checked_by_another_person",
                violation_error_message=_("案例须由撰写人以外的人核对。"),
            )
        ]

    class Secrecy:
        internal = ("bulletin", "text", "told_by", "checked_by", "is_dropped", "position")
        sensitive = ("violation", "explanations")
        wall = ("discipline.bulletin.view", "discipline.bulletin.view_draft")
        retention = "permanent"

    def __str__(self) -> str:
        return str(_("典型案例"))

    def get_absolute_url(self) -> str:
        return reverse("bulletin:detail", args=[self.bulletin_id])


class DeliveryQuerySet(RecordQuerySet["Delivery"]):
    def visible_to(self, account: Any) -> DeliveryQuerySet:
        if account.can("discipline.bulletin.view_draft"):
            return self
        return self.filter(account=account)


class Delivery(Record):
    """送达: the bulletin was put before an account; reading it is the receipt."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="deliveries", verbose_name=_("通报"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("收件人"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位"))
    answers_for = models.ForeignKey(  # set for the leader who must read it for the unit; others are told only
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("负责阅读的单位")
    )
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name=_("月度"))
    delivered_at = models.DateTimeField(_("送达时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("催办上级时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("送达")
        constraints = [models.UniqueConstraint(fields=["bulletin", "account"], name="bulletin_is_delivered_once")]

    class Secrecy:
        internal = ("bulletin", "account", "unit", "answers_for", "period", "delivered_at", "read_at", "escalated_at")
        retention = "10y"

    def get_absolute_url(self) -> str:
        return reverse("bulletin:detail", args=[self.bulletin_id])


class ErratumQuerySet(RecordQuerySet["Erratum"]):
    def visible_to(self, account: Any) -> ErratumQuerySet:
        return self.filter(bulletin__in=Bulletin.objects.visible_to(account))


class Erratum(Record):
    """更正: a figure of an earlier closed month that later entries changed, told with the difference."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="errata", verbose_name=_("通报"))
    about = models.ForeignKey(MonthlyReview, models.PROTECT, related_name="errata", verbose_name=_("更正月份"))
    figure = models.CharField(_("指标"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    published = models.BigIntegerField(_("原数"))
    corrected = models.BigIntegerField(_("更正数"))

    objects: ClassVar[models.Manager[Any]] = ErratumQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正")
        ordering = ["about__period__month_on", "unit__path", "figure"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "about", "figure", "unit"], name="erratum_is_told_once"),
            models.CheckConstraint(condition=~Q(published=models.F("corrected")), name="erratum_has_a_difference"),
        ]

    class Secrecy:
        internal = ("bulletin", "about", "figure", "unit", "published", "corrected")
        retention = "permanent"

    @property
    def difference(self) -> int:
        return self.corrected - self.published
