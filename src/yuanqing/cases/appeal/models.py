"""Appeals against sanctions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.appeal.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class AppealQuerySet(RecordQuerySet["Appeal"]):
    def visible_to(self, account: Any) -> AppealQuerySet:
        """Within the account's scope, and one's own."""
        own = Q(person=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("cases.appeal.view"), "unit__path") | own)

    def running(self) -> AppealQuerySet:
        return self.exclude(state__in=ENDED)


class Appeal(Record):
    """申诉: one appeal against one sanction, with its clocks and what became of it."""

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="appeals", verbose_name=_("处分"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("申诉人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在单位"))
    against = models.CharField(_("不服的处分"), max_length=40)  # its kind; the register itself is closed to the person
    kind = models.CharField(_("种类"), max_length=40)  # of the remedies pack's table `appeal_kind`
    known_on = models.DateField(_("知道决定的日期"))
    filed_on = models.DateField(_("提出日期"))
    is_late = models.BooleanField(_("超过提出期限"), default=False)
    grounds = models.TextField(_("申诉理由"), max_length=10_000)
    due = models.CharField(_("期限种类"), max_length=60, blank=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    reviewer = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复查人")
    )
    report = models.TextField(_("复查意见"), max_length=10_000, blank=True)
    proposal = models.CharField(_("建议"), max_length=40, blank=True)
    outcome = models.CharField(_("复查结果"), max_length=40, blank=True)
    document = models.CharField(_("决定文号"), max_length=100, blank=True)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    told_on = models.DateField(_("告知日期"), null=True, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("申诉")
        ordering = ["-filed_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="appeal_by_clock")]
        constraints = [
            models.UniqueConstraint(
                fields=["sanction"],
                condition=~Q(state__in=ENDED),
                name="sanction_has_one_running_appeal",
                violation_error_message=_("这项处分已有一件申诉正在办理。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED) | Q(due_on__isnull=False),
                name="running_appeal_has_a_clock",
                violation_error_message=_("没有办结的申诉必须有期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "told"])
                | (
                    Q(decided_on__isnull=False, decided_by__isnull=False, reviewer__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(document="")
                    & ~Q(decided_by=F("reviewer"))
                ),
                name="decided_appeal_was_reviewed_by_another",
                violation_error_message=_("复查和决定须由不同的人办理。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="declined_appeal_says_why",
                violation_error_message=_("不予受理要写明理由。"),
            ),
        ]

    class Secrecy:
        internal = (
            "sanction", "unit", "against", "kind", "known_on", "filed_on", "is_late", "due", "due_on", "accepted_on", "reviewer",
            "proposal", "outcome", "decided_by", "decided_on", "told_on", "ended_on", "state",
        )  # fmt: skip
        sensitive = ("person", "grounds", "report", "document", "reason")
        wall = ("cases.appeal.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return address("appeal:detail", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state not in ENDED
