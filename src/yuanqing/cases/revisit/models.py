"""Return visits to sanctioned persons."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.revisit.lifecycle import LIFECYCLE
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class RevisitQuerySet(RecordQuerySet["Revisit"]):
    def visible_to(self, account: Any) -> RevisitQuerySet:
        """Within the account's scope, never about its own person (回避)."""
        rows = self.filter(within(account.scopes("cases.revisit.view"), "unit__path"))
        person_id = getattr(account, "person_id", None)
        return rows.exclude(person=person_id) if person_id else rows


class Revisit(Record):
    """回访: one visit that is due, and what was seen when it was held."""

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="revisits", verbose_name=_("处分"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("回访对象"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在单位"))
    kind = models.CharField(_("处分种类"), max_length=40)  # of the sanction, whose register not every visitor reads
    due_on = models.DateField(_("应当回访日期"))
    put_off = models.PositiveSmallIntegerField(_("推迟次数"), default=0)
    held_on = models.DateField(_("回访日期"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("回访人数"), default=0)
    impression = models.CharField(_("总的情况"), max_length=40, blank=True)  # of the table `impression`
    record = models.TextField(_("谈话情况"), max_length=10_000, blank=True)
    help = models.CharField(_("需要的帮助"), max_length=500, blank=True)
    held_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("回访人")
    )
    reason = models.CharField(_("不再回访的理由"), max_length=300, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = RevisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("回访")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="revisit_by_clock")]
        constraints = [
            models.UniqueConstraint(
                fields=["sanction", "due_on"],
                name="visit_is_planned_once",
                violation_error_message=_("这一天已经安排了回访。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="held")
                | (Q(held_on__isnull=False, people__gte=2) & ~Q(impression="") & ~Q(record="")),
                name="visit_was_held_by_two_and_written_down",
                violation_error_message=_("回访由两人以上进行，并写明情况。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | ~Q(reason=""),
                name="excused_visit_says_why",
                violation_error_message=_("请写明不再回访的理由。"),
            ),
        ]

    class Secrecy:
        internal = (
            "sanction",
            "unit",
            "kind",
            "due_on",
            "put_off",
            "held_on",
            "people",
            "impression",
            "held_by",
            "ended_on",
            "state",
        )
        sensitive = ("person", "record", "help", "reason")
        wall = ("cases.revisit.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return address("revisit:detail", self.pk)
