"""The clear envelope of a report, and the letters that go back and forth; what they say is sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.hotline.report.lifecycle import LIFECYCLE
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealedValue, SealingKey, opened_by


class ReportQuerySet(RecordQuerySet["Report"]):
    def visible_to(self, account: Any) -> ReportQuerySet:
        """Those the account's key opens; nobody else learns that they exist."""
        return self.filter(opened_by(account, "key__"))


class Report(Record):
    """网络举报: channel, kind, level, day and state; everything else is sealed."""

    channel = models.CharField(_("类别"), max_length=40)
    is_named = models.BooleanField(_("实名"))
    level = models.CharField(_("被反映人级别"), max_length=40)
    language = models.CharField(_("语言"), max_length=10)
    received_on = models.DateField(_("收到日期"))
    next_on = models.DateField(_("下一步期限"), null=True, blank=True)
    passes_through = models.BooleanField(_("直送上级"), default=False)
    tag = models.BinaryField(max_length=32, unique=True)
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="reports", verbose_name=_("卷宗密钥"))
    content = models.ForeignKey(SealedValue, models.PROTECT, related_name="+", verbose_name=_("举报内容"))
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("网络举报")

    class Secrecy:
        internal = ("channel", "is_named", "level", "language", "received_on", "next_on", "passes_through", "state")
        sensitive = ("key", "content")
        sealed = ("tag",)
        retention = "permanent"

    def __str__(self) -> str:
        return str(self.pk)[:8]


class LetterQuerySet(RecordQuerySet["Letter"]):
    def visible_to(self, account: Any) -> LetterQuerySet:
        return self.filter(report__in=Report.objects.visible_to(account))


class Letter(Record):
    """往来信件: what the reporter added, or what the office answered or asked."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="letters", verbose_name=_("网络举报"))
    from_reporter = models.BooleanField(_("举报人所写"))
    written_on = models.DateField(_("日期"))
    content = models.ForeignKey(SealedValue, models.PROTECT, related_name="+", verbose_name=_("内容"))
    position = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager[Any]] = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("往来信件")
        ordering = ["position"]

    class Secrecy:
        internal = ("report", "from_reporter", "written_on", "position")
        sensitive = ("content",)
        retention = "permanent"
