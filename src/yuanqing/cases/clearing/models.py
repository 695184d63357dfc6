"""Clearings of the wrongly accused."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.clearing.lifecycle import ENDED, LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within

TOLD = Q(start="on_request") | Q(state__in=["approved", "done"])  # of what the person concerned may know


class ClearingQuerySet(RecordQuerySet["Clearing"]):
    def visible_to(self, account: Any) -> ClearingQuerySet:
        """Within the account's scope, and one's own: what one asked for, and what was approved, for which consent is sought.

        A proposal of others that may yet be declined would tell the person, whatever his role, that he was reported.
        """
        rows = self.filter(within(account.scopes("cases.clearing.view"), "unit__path"))
        person_id = getattr(account, "person_id", None)
        if not person_id:
            return rows
        own = Q(person=person_id)
        return (rows | self.filter(own)).exclude(own & ~TOLD)


class Clearing(Record):
    """澄清正名: one clearing; it says the result, nothing of the inquiry, and links to no sealed file."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("本人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在单位"))
    start = models.CharField(_("启动方式"), max_length=40)  # of the table `clearing_start`
    way = models.CharField(_("澄清方式"), max_length=40)  # of the table `clearing_way`
    result = models.TextField(_("澄清内容"), max_length=2000)
    range = models.CharField(_("通报范围"), max_length=200, blank=True)
    is_consented = models.BooleanField(_("本人同意"), null=True, blank=True)
    proposed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"))
    proposed_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    decided_on = models.DateField(_("批准日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    done_on = models.DateField(_("澄清日期"), null=True, blank=True)
    account_of = models.CharField(_("澄清情况"), max_length=1000, blank=True)
    is_filed = models.BooleanField(_("材料已入廉政档案"), default=False)
    is_told_personnel = models.BooleanField(_("已告知组织人事部门"), default=False)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ClearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("澄清正名")
        ordering = ["-proposed_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="clearing_by_clock")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED) | Q(due_on__isnull=False),
                name="running_clearing_has_a_clock",
                violation_error_message=_("没有办结的澄清必须有期限。"),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")) & ~Q(reason="")),
                name="clearing_is_decided_by_another_with_a_reason",
                violation_error_message=_("是否澄清由提出人以外的人决定，写明理由。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False, is_consented=True),
                name="clearing_is_carried_out_with_consent",
                violation_error_message=_("本人同意才能澄清。"),
            ),
        ]

    class Secrecy:
        internal = (
            "unit", "start", "way", "is_consented", "proposed_by", "proposed_on", "due_on", "decided_by", "decided_on",
            "done_on", "is_filed", "is_told_personnel", "ended_on", "state",
        )  # fmt: skip
        sensitive = ("person", "result", "range", "reason", "account_of")
        wall = ("cases.clearing.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return address("clearing:detail", self.pk)
