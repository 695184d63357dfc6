"""Every lowering, merging, closing, holding and delaying of a lead as a row: who asked, who decided, on which ground."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.lead.models import Lead
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account

STATES = {"asked": _("待审批"), "granted": _("同意"), "denied": _("不同意")}


class EasingQuerySet(RecordQuerySet["Easing"]):
    def visible_to(self, account: Any) -> EasingQuerySet:
        return self.filter(lead__in=Lead.objects.visible_to(account))


class Easing(Record):
    """从轻事项: a step that lowers, merges, closes, holds over or delays, with its ground and its second person."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="easings", verbose_name=_("问题线索"))
    kind = models.CharField(_("事项"), max_length=40)  # of the leads pack's table `easing`
    ground = models.CharField(_("情形"), max_length=40)  # of its table `ground`
    until = models.DateField(_("延到"), null=True, blank=True)
    level = models.CharField(_("改为级别"), max_length=40, blank=True)
    into = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入"))
    passed_to = models.CharField(_("送往"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人")
    )
    asked_on = models.DateField(_("申请日期"))
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    reason = models.CharField(_("审批理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=list(STATES.items()), default="asked")

    objects: ClassVar[models.Manager[Any]] = EasingQuerySet.as_manager()

    class Meta:
        verbose_name = _("从轻事项")
        ordering = ["-asked_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state="asked"),
                name="lead_has_one_open_request",
                violation_error_message=_("已有一项申请等待审批。"),
            ),
            models.CheckConstraint(
                condition=Q(state="asked")
                | (Q(decided_on__isnull=False, asked_by__isnull=False, decided_by__isnull=False) & ~Q(reason="") & ~Q(decided_by=F("asked_by"))),
                name="easing_is_decided_by_a_second_person_with_a_reason",
                violation_error_message=_("从轻事项须由另一人写明理由审批。"),
            ),
        ]  # fmt: skip

    class Secrecy:
        internal = (
            "lead", "kind", "ground", "until", "level", "into", "asked_by", "asked_on", "decided_by", "decided_on", "state",
        )  # fmt: skip
        sensitive = ("passed_to", "reason")
        wall = ("cases.lead.view", "cases.rereading.give")
        retention = "permanent"
