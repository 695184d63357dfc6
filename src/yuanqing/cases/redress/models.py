"""What a case leads to beyond the person; readable to the unit that must act, and naming nobody."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.redress.lifecycle import ENDED, LIFECYCLE
from yuanqing.education.column.models import Article
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class RedressQuerySet(RecordQuerySet["Redress"]):
    def visible_to(self, account: Any) -> RedressQuerySet:
        """Those of the units for which the account holds the right: the unit that must act, and the body that watches."""
        return self.filter(within(account.scopes("cases.redress.view"), "unit__path"))

    def running(self) -> RedressQuerySet:
        return self.exclude(state__in=ENDED)


class Redress(Record):
    """以案促改事项: one thing that a decided case asks of a unit, with its owner, date, answer and re-visit."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups", verbose_name=_("立案"))
    kind = models.CharField(_("种类"), max_length=40)  # of the remedies pack's table `redress_kind`
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("内容"), max_length=10_000)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人"))
    type = models.CharField(
        _("对应条款"), max_length=20, blank=True
    )  # problem type, as the register of violations has it
    issued_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"))
    issued_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    watched_until = models.DateField(_("复发观察到"), null=True, blank=True)
    is_accepted = models.BooleanField(_("采纳"), null=True, blank=True)
    answer = models.TextField(_("答复"), max_length=10_000, blank=True)
    answered_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    effect = models.CharField(_("回访结果"), max_length=40, blank=True)  # of the table `effect`
    finding = models.CharField(_("回访情况"), max_length=1000, blank=True)
    verified_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("回访人")
    )
    verified_on = models.DateField(_("回访日期"), null=True, blank=True)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("廉政栏目文章")
    )
    withdrawal = models.CharField(_("撤回的理由"), max_length=300, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = RedressQuerySet.as_manager()

    class Meta:
        verbose_name = _("以案促改事项")
        ordering = ["-issued_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="redress_by_clock")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED) | Q(due_on__isnull=False),
                name="running_redress_has_a_clock",
                violation_error_message=_("没有落实的事项必须有期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="verified")
                | (Q(answered_on__isnull=False, verified_on__isnull=False) & ~Q(effect="") & ~Q(finding="")),
                name="verified_redress_was_answered_and_visited",
                violation_error_message=_("答复并回访以后才能核验。"),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | Q(answered_by__isnull=True) | ~Q(verified_by=F("answered_by")),
                name="redress_is_verified_by_another",
                violation_error_message=_("回访须由答复人以外的人进行。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawal=""),
                name="withdrawn_redress_says_why",
                violation_error_message=_("请写明撤回的理由。"),
            ),
        ]

    class Secrecy:
        internal = (
            "case", "kind", "title", "unit", "owner", "type", "issued_by", "issued_on", "due_on", "watched_until",
            "is_accepted", "answered_by", "answered_on", "returns", "effect", "verified_by", "verified_on", "article",
            "ended_on", "state",
        )  # fmt: skip
        sensitive = ("text", "answer", "finding", "withdrawal")
        wall = ("cases.redress.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("redress:detail", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state not in ENDED
