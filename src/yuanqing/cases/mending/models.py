"""Correction windows for slight cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.mending.lifecycle import ENDED, LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class MendingQuerySet(RecordQuerySet["Mending"]):
    def visible_to(self, account: Any) -> MendingQuerySet:
        """Within the account's scope, and one's own."""
        own = Q(person=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("cases.mending.view"), "unit__path") | own)


class Mending(Record):
    """限期改正: what one person has to put right by a day; no link to a sealed file, which would tell whom that is about."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("本人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在单位"))
    kind = models.CharField(_("种类"), max_length=40)  # of the remedies pack's table `mending_kind`
    matter = models.TextField(_("要改正什么"), max_length=4000)
    document = models.CharField(_("依据文号"), max_length=100)
    ordered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("责令人"))
    ordered_on = models.DateField(_("责令日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    prolonged = models.PositiveSmallIntegerField(_("延长次数"), default=0)
    report = models.TextField(_("改正情况"), max_length=4000, blank=True)
    reported_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报告人")
    )
    reported_on = models.DateField(_("报告日期"), null=True, blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    finding = models.CharField(_("核实情况"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核实人")
    )
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = MendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("限期改正")
        ordering = ["-ordered_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="mending_by_clock")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED) | Q(due_on__isnull=False),
                name="running_mending_has_a_clock",
                violation_error_message=_("没有结束的改正必须有期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | (Q(ended_on__isnull=False, checked_by__isnull=False) & ~Q(finding="")),
                name="mending_ends_with_a_finding",
                violation_error_message=_("请写明核实情况。"),
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(reported_by__isnull=True) | ~Q(checked_by=F("reported_by")),
                name="mending_is_checked_by_another",
                violation_error_message=_("核实须由报告人以外的人进行。"),
            ),
        ]

    class Secrecy:
        internal = (
            "unit", "kind", "ordered_by", "ordered_on", "due_on", "prolonged", "reported_by", "reported_on", "returns",
            "checked_by", "ended_on", "state",
        )  # fmt: skip
        sensitive = ("person", "matter", "document", "report", "finding")
        wall = ("cases.mending.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return address("mending:detail", self.pk)
