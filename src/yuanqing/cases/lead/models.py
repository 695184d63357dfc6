"""The clear envelope of a lead, and the sealed papers of its file."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.lead.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.petition.models import Petition
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealedValue, SealingKey, opened_by
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within


class LeadQuerySet(RecordQuerySet["Lead"]):
    def visible_to(self, account: Any) -> LeadQuerySet:
        """Where the account has the right and its key opens the file; what it must keep out of does not even count."""
        scope = within(account.scopes("cases.lead.view"), "unit__path")
        return self.filter(scope & opened_by(account, "key__"))

    def running(self) -> LeadQuerySet:
        return self.exclude(state__in=ENDED)


class Lead(Record):
    """问题线索: something said or found that may be a violation; what it says and whom it names is sealed."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("信访举报")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("管理单位")
    )  # whose body handles it
    source = models.CharField(_("来源"), max_length=40)
    category = models.CharField(_("问题类别"), max_length=40)
    level = models.CharField(_("被反映人级别"), max_length=40)
    elements = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("写明的要素"))
    is_named = models.BooleanField(_("实名"), default=False)
    received_on = models.DateField(_("入册日期"))
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="leads", verbose_name=_("卷宗密钥"))
    barred = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("应回避的账号"))
    owner = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    handler = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )
    assigned_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分办人")
    )
    assigned_on = models.DateField(_("分办日期"), null=True, blank=True)
    due = models.CharField(_("期限种类"), max_length=60, blank=True)  # code of the deadlines pack
    due_on = models.DateField(_("期限"), null=True, blank=True)
    escalations = models.PositiveSmallIntegerField(_("逾期上报次数"), default=0)
    escalated_on = models.DateField(_("上报日期"), null=True, blank=True)
    method = models.CharField(_("处置方式"), max_length=20, blank=True)  # of the four
    proposal = models.CharField(_("处理意见"), max_length=40, blank=True)  # step that is asked for
    studied_on = models.DateField(_("集体研究日期"), null=True, blank=True)
    studied_by = models.PositiveSmallIntegerField(_("研究人数"), default=0)
    proposed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    disposed_on = models.DateField(_("处置日期"), null=True, blank=True)  # the first of the four methods approved
    secretary_on = models.DateField(_("主要负责人同意日期"), null=True, blank=True)
    restart_when = models.CharField(_("重启条件"), max_length=300, blank=True)
    restart_on = models.DateField(_("重启日期"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=40, blank=True)
    ground = models.CharField(_("情形"), max_length=40, blank=True)  # why it ended like this, coded
    closing_reason = models.CharField(_("理由"), max_length=300, blank=True)
    measure = models.CharField(_("处理措施"), max_length=40, blank=True)
    into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_leads", verbose_name=_("并入")
    )
    passed_to = models.CharField(_("送往"), max_length=200, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题线索")
        ordering = ["-received_on", "-number"]
        indexes = [
            models.Index(fields=["-received_on", "-number"], name="lead_by_receipt"),
            models.Index(fields=["state", "due_on"], name="lead_by_clock"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED) | Q(owner__isnull=False, due_on__isnull=False),
                name="running_lead_has_an_owner_and_a_clock",
                violation_error_message=_("没有结束的线索必须有责任人和期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED)
                | (
                    ~Q(closing_reason="")
                    & ~Q(outcome="")
                    & Q(ended_on__isnull=False, proposed_by__isnull=False, decided_by__isnull=False)
                    & ~Q(decided_by=models.F("proposed_by"))
                ),
                name="lead_ends_with_a_reason_and_a_second_person",
                violation_error_message=_("线索结束必须写明理由，并由提出人以外的人审批。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | (~Q(restart_when="") & Q(restart_on__isnull=False)),
                name="held_lead_says_when_it_restarts",
                violation_error_message=_("暂存待查必须写明重启条件和日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(into__isnull=False),
                name="merged_lead_names_the_other",
                violation_error_message=_("请写明并入哪一件。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pooled", *ENDED]) | Q(handler__isnull=False),
                name="lead_beyond_the_pool_has_a_handler",
                violation_error_message=_("分办以后的线索必须有承办人。"),
            ),
        ]

    class Secrecy:
        internal = (
            "number", "petition", "unit", "source", "category", "level", "elements", "is_named", "received_on", "owner",
            "handler", "assigned_by", "assigned_on", "due", "due_on", "escalations", "escalated_on", "method", "proposal",
            "studied_on", "studied_by", "proposed_by", "decided_by", "disposed_on", "secretary_on", "restart_on", "outcome", "ground",
            "measure", "into", "ended_on", "state",
        )  # fmt: skip
        sensitive = ("key", "barred", "restart_when", "closing_reason", "passed_to")
        wall = ("cases.lead.view", "cases.rereading.give")
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("lead:detail", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state not in ENDED


class PaperQuerySet(RecordQuerySet["Paper"]):
    def visible_to(self, account: Any) -> PaperQuerySet:
        return self.filter(lead__in=Lead.objects.visible_to(account))


class Paper(Record):
    """线索材料: one sealed paper of a lead's file; kind, day and writer are in the clear."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="papers", verbose_name=_("问题线索"))
    kind = models.CharField(_("种类"), max_length=40)  # of the leads pack's table `paper`
    value = models.OneToOneField(SealedValue, models.PROTECT, related_name="+", verbose_name=_("内容"))
    written_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经手人")
    )
    written_on = models.DateField(_("日期"))
    position = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[Any]] = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("线索材料")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["lead", "position"], name="papers_of_a_lead_are_in_order")]

    class Secrecy:
        internal = ("lead", "kind", "written_by", "written_on", "position")
        sensitive = ("value",)
        wall = ("cases.lead.view", "cases.rereading.give")
        retention = "permanent"
