"""Self-examinations, with one answer to each of the five problems."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yuanqing.education.examination.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class ExaminationQuerySet(RecordQuerySet["Examination"]):
    def visible_to(self, account: Any) -> ExaminationQuerySet:
        """One's own; of others within the scope what was submitted, never a draft."""
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        seen = within(account.scopes("education.examination.view"), "unit__path")
        return self.filter(own | (seen & ~Q(state="draft")))


class Examination(Record):
    """五个突出问题自查: one person's for one year: what was found, what the superior says, what was remedied."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="examinations", verbose_name=_("本人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="examinations", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年度"))
    begun_at = models.DateTimeField(_("开始时间"))
    submitted_at = models.DateTimeField(_("首次提交"), null=True, blank=True)
    commented_at = models.DateTimeField(_("点评时间"), null=True, blank=True)
    commented_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("点评人")
    )
    opinion = models.CharField(_("上级点评"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(_("整改完毕时间"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ExaminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("五个突出问题自查")
        ordering = ["-year", "unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"],
                name="person_examines_himself_once_a_year",
                violation_error_message=_("这一年的自查已经开始。"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="submitted_examination_says_when"
            ),
        ]

    class Secrecy:
        internal = (
            "person",
            "unit",
            "year",
            "begun_at",
            "submitted_at",
            "commented_at",
            "commented_by",
            "closed_at",
            "state",
        )
        sensitive = ("opinion",)
        wall = ("education.examination.view",)
        retention = "30y"

    def __str__(self) -> str:
        return _now("%(who)s %(year)s 年五个突出问题自查") % {"who": self.person, "year": self.year}

    def get_absolute_url(self) -> str:
        return address("examination:detail", self.pk)


class ProblemQuerySet(RecordQuerySet["Problem"]):
    def visible_to(self, account: Any) -> ProblemQuerySet:
        return self.filter(examination__in=Examination.objects.visible_to(account))


class Problem(Record):
    """突出问题: one of the five, with evidence, cause, remedy and date, or that there is none and why."""

    examination = models.ForeignKey(Examination, models.PROTECT, related_name="problems", verbose_name=_("自查"))
    code = models.CharField(_("问题"), max_length=40)  # a code of the education pack's table five_problem
    position = models.PositiveSmallIntegerField(default=0)
    is_found = models.BooleanField(_("有没有"), null=True, blank=True)
    evidence = models.TextField(_("具体表现"), max_length=2000, blank=True)
    cause = models.TextField(_("原因"), max_length=2000, blank=True)
    remedy = models.TextField(_("整改措施"), max_length=2000, blank=True)
    due_on = models.DateField(_("整改期限"), null=True, blank=True)
    remark = models.CharField(_("上级意见"), max_length=500, blank=True)
    report = models.TextField(_("整改情况"), max_length=2000, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    remedied_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    remedied_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )

    objects: ClassVar[models.Manager[Any]] = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("突出问题")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["examination", "code"], name="problem_is_answered_once"),
            models.CheckConstraint(
                condition=Q(remedied_at__isnull=True) | Q(reported_at__isnull=False),
                name="remedied_problem_was_reported",
            ),
        ]

    class Secrecy:
        internal = (
            "examination",
            "code",
            "position",
            "is_found",
            "due_on",
            "reported_at",
            "remedied_at",
            "remedied_by",
        )
        sensitive = ("evidence", "cause", "remedy", "remark", "report")
        wall = ("education.examination.view",)
        retention = "30y"

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        entry = current("education").by_code.get(self.code)
        return str(entry.label) if entry else self.code

    @property
    def is_open(self) -> bool:
        """Found, and not yet confirmed as remedied."""
        return bool(self.is_found) and self.remedied_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()
