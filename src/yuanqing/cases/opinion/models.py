"""Integrity opinions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.opinion.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class OpinionQuerySet(RecordQuerySet["Opinion"]):
    def visible_to(self, account: Any) -> OpinionQuerySet:
        """Within the account's scope, never about its own person (回避)."""
        rows = self.filter(within(account.scopes("cases.opinion.view"), "unit__path"))
        person_id = getattr(account, "person_id", None)
        return rows.exclude(person=person_id) if person_id else rows


class Opinion(Record):
    """廉政意见: one answer about one person; what is under way is looked for in the files and never written down here."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("征求意见对象"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在单位"))
    purpose = models.CharField(_("事由"), max_length=40)  # of the table `opinion_purpose`
    asked_by = models.CharField(_("征求意见单位"), max_length=100)
    letter = models.CharField(_("来函文号"), max_length=100)
    asked_on = models.DateField(_("来函日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    checked_on = models.DateField(_("查对日期"), null=True, blank=True)
    periods = ArrayField(models.CharField(max_length=200), default=list, blank=True, verbose_name=_("影响期"))
    answer = models.CharField(_("意见"), max_length=40, blank=True)  # of the table `opinion_answer`
    remark = models.CharField(_("说明"), max_length=500, blank=True)
    drafted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("拟稿人")
    )
    document = models.CharField(_("回复文号"), max_length=100, blank=True)
    signed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签发人")
    )
    signed_on = models.DateField(_("回复日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("廉政意见")
        ordering = ["-asked_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="opinion_by_clock")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "letter"],
                name="person_is_asked_about_once_in_a_letter",
                violation_error_message=_("这封来函里的这个人已经登记过。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | (
                    Q(checked_on__isnull=False, signed_on__isnull=False, signed_by__isnull=False)
                    & ~Q(answer="")
                    & ~Q(document="")
                    & ~Q(signed_by=F("drafted_by"))
                ),
                name="opinion_was_checked_and_signed_by_another",
                violation_error_message=_("廉政意见由拟稿人以外的人签发。"),
            ),
        ]

    class Secrecy:
        internal = (
            "unit", "purpose", "asked_on", "due_on", "checked_on", "answer", "drafted_by", "signed_by", "signed_on", "state",
        )  # fmt: skip
        sensitive = ("person", "asked_by", "letter", "periods", "remark", "document")
        wall = ("cases.opinion.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.person.name

    def get_absolute_url(self) -> str:
        return address("opinion:detail", self.pk)
