"""The clear envelope of every petition; what it says is sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.petition.lifecycle import LIFECYCLE
from yuanqing.hotline.report.models import Report
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealedValue, SealingKey, opened_by
from yuanqing.org.account.models import Account


class PetitionQuerySet(RecordQuerySet["Petition"]):
    def visible_to(self, account: Any) -> PetitionQuerySet:
        """Those the account has a role for and its key opens; what it is shut out of does not even count."""
        if not account.can("cases.petition.view"):
            return self.none()
        return self.filter(opened_by(account, "key__"))


class Petition(Record):
    """信访举报: channel, kind, day, level, clock and state; the rest is an age file."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    channel = models.CharField(_("来源渠道"), max_length=40)
    kind = models.CharField(_("类别"), max_length=40)
    is_named = models.BooleanField(_("实名"))
    level = models.CharField(_("被反映人级别"), max_length=40)
    received_on = models.DateField(_("收到日期"))
    report = models.OneToOneField(
        Report, models.PROTECT, null=True, blank=True, related_name="petition", verbose_name=_("网络举报")
    )
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="petitions", verbose_name=_("卷宗密钥"))
    content = models.ForeignKey(SealedValue, models.PROTECT, related_name="+", verbose_name=_("内容"))
    barred = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("应回避的账号"))
    is_assigned_from_above = models.BooleanField(_("上级交办"), default=False)
    extensions = models.PositiveSmallIntegerField(_("延长次数"), default=0)
    due = models.CharField(_("期限种类"), max_length=60, blank=True)  # code of the deadlines pack
    due_on = models.DateField(_("期限"), null=True, blank=True)
    escalations = models.PositiveSmallIntegerField(_("逾期上报次数"), default=0)
    escalated_on = models.DateField(_("上报日期"), null=True, blank=True)
    confirmed_on = models.DateField(_("笔录核对日期"), null=True, blank=True)
    acknowledged_on = models.DateField(_("告知日期"), null=True, blank=True)
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by", verbose_name=_("重复于")
    )
    handler = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )
    passed_to = models.CharField(_("送往"), max_length=200, blank=True)
    outcome = models.CharField(_("办理结果"), max_length=40, blank=True)
    concluded_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("信访举报")
        ordering = ["-received_on", "-number"]
        indexes = [
            models.Index(fields=["-received_on", "-number"], name="petition_by_receipt"),
            models.Index(fields=["state", "due_on"], name="petition_by_clock"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["registered", "accepted", "assigned", "under_lead", "concluded"])
                | Q(due_on__isnull=False),
                name="open_petition_has_a_clock",
                violation_error_message=_("没有办完的信访举报必须有期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(handler__isnull=False),
                name="assigned_petition_has_a_handler",
                violation_error_message=_("承办中的信访举报必须有承办人。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="repeated") | Q(repeats__isnull=False),
                name="repeated_petition_names_the_first",
                violation_error_message=_("请写明与哪一件重复。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent_up", "forwarded"]) | ~Q(passed_to=""),
                name="passed_on_petition_says_where_to",
                violation_error_message=_("请写明送往哪里。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["concluded", "answered"]) | (~Q(outcome="") & Q(concluded_on__isnull=False)),
                name="concluded_petition_has_an_outcome",
                violation_error_message=_("办结要写明结果。"),
            ),
        ]

    class Secrecy:
        internal = (
            "number",
            "channel",
            "kind",
            "is_named",
            "level",
            "received_on",
            "report",
            "is_assigned_from_above",
            "extensions",
            "due",
            "due_on",
            "escalations",
            "escalated_on",
            "confirmed_on",
            "acknowledged_on",
            "repeats",
            "handler",
            "passed_to",
            "outcome",
            "concluded_on",
            "closed_on",
            "state",
        )
        sensitive = ("key", "content", "barred")
        wall = ("cases.petition.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("petition:detail", self.pk)

    @property
    def is_web(self) -> bool:
        return self.report_id is not None
