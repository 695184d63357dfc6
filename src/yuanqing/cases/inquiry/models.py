"""Every letter and every talk of a lead, with its days."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.lead.models import Lead
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account

MODES = {"letter": _("函询"), "talk": _("谈话"), "delegated": _("委托谈话")}


class InquiryQuerySet(RecordQuerySet["Inquiry"]):
    def visible_to(self, account: Any) -> InquiryQuerySet:
        return self.filter(lead__in=Lead.objects.visible_to(account))


class Inquiry(Record):
    """谈话函询: asking the person by letter or in a talk; what is asked and answered is sealed in the lead's file."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="inquiries", verbose_name=_("问题线索"))
    mode = models.CharField(_("方式"), max_length=20, choices=list(MODES.items()))
    people = models.PositiveSmallIntegerField(_("谈话人数"), default=0)
    asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    asked_on = models.DateField(_("发函或通知日期"))
    due_on = models.DateField(_("答复期限"))
    answered_on = models.DateField(_("答复或谈话日期"), null=True, blank=True)
    is_endorsed = models.BooleanField(_("所在党组织主要负责人签字背书"), default=False)
    is_checked = models.BooleanField(_("已抽查"), default=False)
    is_true = models.BooleanField(_("抽查属实"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("谈话函询")
        ordering = ["asked_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="letter") | Q(people__gte=2),
                name="talk_is_held_by_two",
                violation_error_message=_("谈话不得少于两人。"),
            ),
            models.CheckConstraint(
                condition=~Q(mode="letter") | Q(answered_on__isnull=True) | Q(is_endorsed=True),
                name="reply_bears_the_chiefs_signature",
                violation_error_message=_("书面说明要由所在党组织主要负责人签字背书。"),
            ),
            models.CheckConstraint(
                condition=Q(is_checked=False) | Q(is_true__isnull=False),
                name="checked_reply_says_whether_it_was_true",
                violation_error_message=_("抽查要写明是否属实。"),
            ),
        ]

    class Secrecy:
        internal = (
            "lead", "mode", "people", "asked_by", "asked_on", "due_on", "answered_on", "is_endorsed", "is_checked", "is_true",
        )  # fmt: skip
        retention = "permanent"
