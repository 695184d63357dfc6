"""The members of the team that checks a lead, and their signatures under its report."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.lead.models import Lead, Paper
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account


class MemberQuerySet(RecordQuerySet["Member"]):
    def visible_to(self, account: Any) -> MemberQuerySet:
        return self.filter(lead__in=Lead.objects.visible_to(account))


class Member(Record):
    """核查组成员: somebody of the team; the signature is under one wording of the report and lapses with it."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="members", verbose_name=_("问题线索"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("成员"))
    joined_on = models.DateField(_("加入日期"))
    signed = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签署的报告")
    )
    signed_on = models.DateField(_("签署日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("核查组成员")
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "account"],
                name="account_is_in_a_team_once",
                violation_error_message=_("这个人已经在核查组里。"),
            )
        ]

    class Secrecy:
        internal = ("lead", "account", "joined_on", "signed", "signed_on")
        retention = "permanent"
