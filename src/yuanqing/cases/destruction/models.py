"""Destructions of sealed content, and what certifies them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.destruction.lifecycle import LIFECYCLE
from yuanqing.cases.petition.policies import barred_from
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealingKey, opened_by
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within

SUBJECTS = {"lead": _("问题线索"), "petition": _("信访举报")}


class DestructionQuerySet(RecordQuerySet["Destruction"]):
    def visible_to(self, account: Any) -> DestructionQuerySet:
        """Within the account's scope, less those of matters that it must keep out of: its number alone would tell of them."""
        guarded = Q(guard__isnull=True) | opened_by(account, "guard__")
        rows = self.filter(within(account.scopes("cases.destruction.view"), "unit__path") & guarded)
        return rows.exclude(pk__in=barred_from(rows, account))


class Destruction(Record):
    """内容销毁: one matter whose content is to be, or was, destroyed; the certificate says how much, and what it was by its commitments."""

    subject = models.CharField(_("对象"), max_length=20, choices=list(SUBJECTS.items()))
    number = models.CharField(_("编号"), max_length=40)  # of the lead or petition
    matter = models.UUIDField(_("对象标识"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("办理单位"))
    guard = models.ForeignKey(
        SealingKey, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("线索的钥匙")
    )  # of the lead it is about: whoever cannot open that does not see this
    barred = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("应回避的账号"))
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="+", verbose_name=_("卷宗密钥"))
    ended_on = models.DateField(_("对象结束日期"))
    ground = models.CharField(_("依据"), max_length=40)  # of the table `destruction_ground`
    reason = models.CharField(_("说明"), max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    proposed_on = models.DateField(_("提出日期"))
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decision = models.CharField(_("决定理由"), max_length=500, blank=True)
    values_count = models.PositiveIntegerField(_("销毁内容份数"), default=0)
    size = models.PositiveBigIntegerField(_("销毁密文字节数"), default=0)
    wraps_count = models.PositiveIntegerField(_("销毁密钥封装数"), default=0)
    digest = models.CharField(_("承诺值摘要"), max_length=64, blank=True)  # SHA-256 of the commitments, sorted
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = DestructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("内容销毁")
        ordering = ["-proposed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=~Q(state="refused"),
                name="matter_is_destroyed_once",
                violation_error_message=_("这一件已经提出过销毁。"),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed")
                | (
                    Q(decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decision="")
                    & (Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")))
                ),
                name="destruction_is_decided_by_another_with_a_reason",
                violation_error_message=_("销毁由提出人以外的人决定，写明理由。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | ~Q(digest=""),
                name="destruction_is_certified",
                violation_error_message=_("销毁要有证明。"),
            ),
        ]

    class Secrecy:
        internal = (
            "subject", "number", "matter", "unit", "ended_on", "ground", "proposed_by", "proposed_on", "decided_by",
            "decided_on", "values_count", "size", "wraps_count", "digest", "state",
        )  # fmt: skip
        sensitive = ("key", "guard", "barred", "reason", "decision")
        wall = ("cases.destruction.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("destruction:detail", self.pk)
