"""Which easing was drawn, for whom, and what he would have decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.rereading.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import opened_by
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import within


class RereadingQuerySet(RecordQuerySet["Rereading"]):
    def visible_to(self, account: Any) -> RereadingQuerySet:
        """The reader's own; and, for those who decide or manage, whatever belongs to a lead they can open."""
        scope = within(account.scopes("cases.rereading.view"), "easing__lead__unit__path")
        own = Q(reader=account.pk) & opened_by(account, "easing__lead__key__")
        return self.filter(scope & (own | Q(easing__lead__in=Lead.objects.visible_to(account))))


class Rereading(Record):
    """盲评: an easing read again by lot; the reader sees the papers, not who handled and who decided."""

    easing = models.OneToOneField(Easing, models.PROTECT, related_name="rereading", verbose_name=_("从轻事项"))
    reader = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("盲评人"))
    drawn_on = models.DateField(_("抽取日期"))
    due_on = models.DateField(_("期限"))
    opinion = models.CharField(_("意见"), max_length=20, blank=True)  # of the leads pack's table `opinion`
    given_on = models.DateField(_("提出日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = RereadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("盲评")
        ordering = ["-drawn_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="drawn") | (~Q(opinion="") & Q(given_on__isnull=False)),
                name="given_rereading_has_an_opinion",
                violation_error_message=_("请选择意见。"),
            )
        ]

    class Secrecy:
        internal = ("easing", "reader", "drawn_on", "due_on", "opinion", "given_on", "state")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.drawn_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return address("rereading:detail", self.pk)
