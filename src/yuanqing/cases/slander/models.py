"""Findings on false accusations; of an anonymous reporter nothing is kept unless his unmasking was approved."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.petition.policies import barred_from
from yuanqing.cases.slander.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealingKey, opened_by
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within


class SlanderQuerySet(RecordQuerySet["Slander"]):
    def visible_to(self, account: Any) -> SlanderQuerySet:
        """Within the account's scope, less those about reports that it must keep out of: they name who reported."""
        guarded = Q(guard__isnull=True) | opened_by(account, "guard__")
        rows = self.filter(within(account.scopes("cases.slander.view"), "unit__path") & guarded)
        return rows.exclude(pk__in=barred_from(rows, account))


class Slander(Record):
    """诬告陷害认定: one proposal to find that somebody accused another falsely and on purpose."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("办理单位"))
    matter = models.CharField(_("信访编号"), max_length=40)
    guard = models.ForeignKey(
        SealingKey, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("线索的钥匙")
    )  # of the lead it is about: whoever cannot open that does not see this
    barred = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("应回避的账号"))
    was_named = models.BooleanField(_("实名举报"))
    unmasking = models.CharField(_("批准查明身份的文号"), max_length=100, blank=True)
    who = models.CharField(_("诬告人"), max_length=100)
    elements = ArrayField(models.CharField(max_length=40), verbose_name=_("已查实的要件"))
    evidence = models.TextField(_("证据"), max_length=10_000)
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"))
    proposed_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    level = models.CharField(_("批准机关级别"), max_length=40, blank=True)  # of the table `slander_level`
    approver = models.CharField(_("批准机关"), max_length=100, blank=True)
    document = models.CharField(_("批准文号"), max_length=100, blank=True)
    heavier = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("从重情形"))
    handling = models.CharField(_("处理方式"), max_length=40, blank=True)  # of the table `slander_handling`
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("认定人")
    )
    decided_on = models.DateField(_("认定日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = SlanderQuerySet.as_manager()

    class Meta:
        verbose_name = _("诬告陷害认定")
        ordering = ["-proposed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(was_named=True) | ~Q(unmasking=""),
                name="anonymous_reporter_is_named_only_after_an_approved_unmasking",
                violation_error_message=_("匿名举报未经批准不得追查举报人身份。"),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")) & ~Q(reason="")),
                name="slander_is_found_by_another_with_a_reason",
                violation_error_message=_("认定由提出人以外的人登记，写明理由。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (~Q(level="") & ~Q(approver="") & ~Q(document="")),
                name="slander_is_confirmed_with_approval_from_above",
                violation_error_message=_("认定诬告要有设区的市级以上批准。"),
            ),
        ]

    class Secrecy:
        internal = (
            "unit", "was_named", "elements", "proposed_by", "proposed_on", "due_on", "level", "heavier", "handling",
            "decided_by", "decided_on", "state",
        )  # fmt: skip
        sensitive = ("matter", "guard", "barred", "unmasking", "who", "evidence", "approver", "document", "reason")
        wall = ("cases.slander.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.matter

    def get_absolute_url(self) -> str:
        return address("slander:detail", self.pk)
