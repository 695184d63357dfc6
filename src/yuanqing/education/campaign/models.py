"""The education plan of a unit for a year."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yuanqing.education.campaign.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within


class CampaignQuerySet(RecordQuerySet["Campaign"]):
    def visible_to(self, account: Any) -> CampaignQuerySet:
        """Published plans within the scope; drafts for those who draft there."""
        seen = within(account.scopes("education.campaign.view"), "unit__path") & ~Q(state="draft")
        return self.filter(seen | within(account.scopes("education.campaign.draft"), "unit__path"))


class Campaign(Record):
    """警示教育: what a unit means to achieve by education in a year, and the activities planned for it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    aim = models.TextField(_("目标和安排"), max_length=10_000, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    outcome = models.CharField(_("效果小结"), max_length=500, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("教育计划")
        ordering = ["-year", "unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="unit_has_one_campaign_a_year",
                violation_error_message=_("这个单位这一年的教育计划已经有了，请在那里添加活动。"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="published_campaign_says_when"
            ),
        ]

    class Secrecy:
        open = ("unit", "year", "title", "state")
        internal = ("aim", "published_at", "published_by", "closed_at", "outcome")
        retention = "permanent"

    def __str__(self) -> str:
        return _now("%(year)s 年 %(title)s") % {"year": self.year, "title": self.title}

    def get_absolute_url(self) -> str:
        return address("campaign:detail", self.pk)
