"""Monthly returns: what a unit reports, beside what the records say; each submission is kept for good."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.monthly_return.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.norms.period.models import Period
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within


class MonthlyReturnQuerySet(RecordQuerySet["MonthlyReturn"]):
    def visible_to(self, account: Any) -> MonthlyReturnQuerySet:
        return self.filter(within(account.scopes("discipline.monthly_return.view"), "unit__path"))


class MonthlyReturn(Record):
    """月报: one unit's return for one month; open until submitted, then reviewed by the unit above.

    `cells` holds cell code → number or text as the unit reports it, `prefilled` cell code → number as the records say,
    both sparse (no entry is 0); `reasons` cell code → why the reported number differs from the record; `explanations`
    check code → why a soft check does not hold; `declared_gaps` lists the units below that this return does not wait
    for, as {"unit", "name", "reason"}. `path`, `unit_name` and `peer_group` are the unit's as the month opened.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="returns", verbose_name=_("月度"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns", verbose_name=_("单位"))
    path = models.CharField(max_length=400, db_collation="C")
    unit_name = models.CharField(_("单位名称"), max_length=200)
    peer_group = models.CharField(_("同类组"), max_length=40, blank=True)
    due_at = models.DateTimeField(_("截止"))
    state = LIFECYCLE.field()
    prefilled = models.JSONField(_("系统数"), default=dict, blank=True)
    cells = models.JSONField(_("填报数"), default=dict, blank=True)
    reasons = models.JSONField(_("改动理由"), default=dict, blank=True)
    explanations = models.JSONField(_("说明"), default=dict, blank=True)
    declared_gaps = models.JSONField(_("声明缺报的下级单位"), default=list, blank=True)
    carried_count = models.PositiveIntegerField(_("上月结转"), default=0, db_default=0)
    received_count = models.PositiveIntegerField(_("本月受理"), default=0, db_default=0)
    concluded_count = models.PositiveIntegerField(_("本月办结"), default=0, db_default=0)
    open_count = models.PositiveIntegerField(_("月末在办"), default=0, db_default=0)
    override_count = models.PositiveIntegerField(_("改动项数"), default=0, db_default=0)
    gap_total = models.PositiveIntegerField(_("与记录差额合计"), default=0, db_default=0)
    is_nil = models.BooleanField(_("零报告"), default=False, db_default=False)
    nil_statement = models.CharField(_("零报告声明"), max_length=300, blank=True, db_default="")
    signed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签报人")
    )
    first_submitted_at = models.DateTimeField(_("首次报送时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    returned_count = models.PositiveSmallIntegerField(_("退回次数"), default=0, db_default=0)
    review_note = models.CharField(_("审核意见"), max_length=500, blank=True, db_default="")
    reviewed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = MonthlyReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("月报")
        ordering = ["-period__month_on", "path"]
        constraints = [
            models.UniqueConstraint(fields=["period", "unit"], name="unit_reports_once_a_month"),
            models.CheckConstraint(
                condition=Q(open_count=F("carried_count") + F("received_count") - F("concluded_count")),
                name="return_counts_add_up",
                violation_error_message=_("上月结转 + 本月受理 − 本月办结必须等于月末在办。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "missing"]) | Q(first_submitted_at__isnull=False),
                name="submitted_return_says_when",
            ),
            models.CheckConstraint(
                condition=Q(is_nil=False) | ~Q(nil_statement=""),
                name="nil_return_is_a_signed_statement",
                violation_error_message=_("零报告须由单位负责人签署声明。"),
            ),
        ]
        indexes = [
            models.Index(fields=["period", "path"], name="return_by_month_and_place"),
            models.Index(fields=["unit", "period"], name="return_by_unit"),
        ]

    class Secrecy:
        internal = (
            "period",
            "unit",
            "path",
            "unit_name",
            "peer_group",
            "due_at",
            "state",
            "prefilled",
            "cells",
            "reasons",
            "explanations",
            "declared_gaps",
            "carried_count",
            "received_count",
            "concluded_count",
            "open_count",
            "override_count",
            "gap_total",
            "is_nil",
            "nil_statement",
            "signed_by",
            "first_submitted_at",
            "submitted_at",
            "returned_count",
            "review_note",
            "reviewed_by",
            "reviewed_at",
        )
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.unit_name} {self.period}"

    def get_absolute_url(self) -> str:
        return address("monthly_return:detail", self.pk)

    @property
    def is_reported(self) -> bool:
        return self.first_submitted_at is not None

    @property
    def is_overridden(self) -> bool:
        """Some number differs from what the records say."""
        return self.override_count > 0

    @property
    def is_late(self) -> bool:
        """First reported after its due time, or not reported although that has passed."""
        return (self.first_submitted_at or timezone.now()) > self.due_at


class SubmissionQuerySet(RecordQuerySet["Submission"]):
    def visible_to(self, account: Any) -> SubmissionQuerySet:
        return self.filter(within(account.scopes("discipline.monthly_return.view"), "monthly_return__unit__path"))


class Submission(Record):
    """报送记录: one submission as it was made, by the server's clock, chained by hash to the one before."""

    monthly_return = models.ForeignKey(MonthlyReturn, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("次数"))
    at = models.DateTimeField(_("报送时间"))
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报送人"))
    content = models.JSONField(_("内容"))  # cells, prefilled, reasons, explanations, declared_gaps, nil_statement
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Any]] = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("报送记录")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["monthly_return", "number"], name="submission_is_numbered_once")]

    class Secrecy:
        internal = ("monthly_return", "number", "at", "by", "content", "previous_digest", "digest")
        retention = "permanent"


class ReturnDraft(models.Model):
    """月报草稿: what is being typed, shared by the unit's people until it is submitted; no kept record."""

    monthly_return = models.OneToOneField(MonthlyReturn, models.CASCADE, related_name="draft")
    content = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
