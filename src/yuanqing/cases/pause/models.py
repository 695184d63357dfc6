"""Pauses of the clocks of petitions, leads and cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.pause.lifecycle import LIFECYCLE
from yuanqing.cases.petition.models import Petition
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account

ONE = (
    Q(petition__isnull=False, lead__isnull=True, case__isnull=True)
    | Q(petition__isnull=True, lead__isnull=False, case__isnull=True)
    | Q(petition__isnull=True, lead__isnull=True, case__isnull=False)
)


class PauseQuerySet(RecordQuerySet["Pause"]):
    def visible_to(self, account: Any) -> PauseQuerySet:
        """Where the account has the right and sees the matter whose clock it is."""
        if not account.can("cases.pause.view"):
            return self.none()
        petitions = Petition.objects.visible_to(account).values("pk")
        leads, cases = Lead.objects.visible_to(account).values("pk"), Case.objects.visible_to(account).values("pk")
        return self.filter(Q(petition__in=petitions) | Q(lead__in=leads) | Q(case__in=cases))


class Pause(Record):
    """期限暂停: which clock of which matter stood still, on which ground, approved by whom, and how far its last day moved."""

    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="pauses", verbose_name=_("信访举报")
    )
    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, blank=True, related_name="pauses", verbose_name=_("问题线索")
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="pauses", verbose_name=_("立案"))
    clock = models.CharField(_("暂停的期限"), max_length=60)  # code of the deadlines pack
    due_on = models.DateField(_("原到期日"))
    ground = models.CharField(_("情形"), max_length=40)  # of the pauses pack's table `pause_ground`
    reason = models.CharField(_("理由"), max_length=300)
    until = models.DateField(_("恢复日期"), null=True, blank=True)
    asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人")
    )
    asked_on = models.DateField(_("申请日期"))
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    document = models.CharField(_("审批意见和文号"), max_length=200, blank=True)
    begins_on = models.DateField(_("暂停之日"), null=True, blank=True)
    question_on = models.DateField(_("恢复或询问日期"), null=True, blank=True)
    kept_on = models.PositiveSmallIntegerField(_("继续暂停次数"), default=0)
    resumed_on = models.DateField(_("恢复之日"), null=True, blank=True)
    moved_to = models.DateField(_("顺延后的到期日"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限暂停")
        ordering = ["-asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE, name="pause_is_of_one_matter", violation_error_message=_("一次只暂停一件事项的期限。")
            ),
            models.UniqueConstraint(
                fields=["petition", "lead", "case"],
                condition=Q(state__in=["asked", "running"]),
                nulls_distinct=False,
                name="matter_is_paused_once_at_a_time",
                violation_error_message=_("这一件已有一项暂停在申请或者进行。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(begins_on__isnull=False, question_on__isnull=False),
                name="running_pause_has_a_clock",
                violation_error_message=_("暂停必须有恢复或者询问的日期。"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="pause_is_decided_by_a_second_person",
                violation_error_message=_("暂停由申请人以外的人审批。"),
            ),
        ]

    class Secrecy:
        internal = (
            "petition", "lead", "case", "clock", "due_on", "ground", "until", "asked_by", "asked_on", "decided_by",
            "begins_on", "question_on", "kept_on", "resumed_on", "moved_to", "state",
        )  # fmt: skip
        sensitive = ("reason", "document")
        wall = ("cases.pause.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return str(self.matter)

    def get_absolute_url(self) -> str:
        return address("pause:detail", self.pk)

    @property
    def matter(self) -> Any:
        """The petition, lead or case whose clock it is."""
        return self.petition or self.lead or self.case
