"""Sanctions of persons, one row a decision; periods are computed from all decisions about a person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.sanction.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class SanctionQuerySet(RecordQuerySet["Sanction"]):
    def visible_to(self, account: Any) -> SanctionQuerySet:
        """Within the account's scope, never its own person's (回避)."""
        rows = self.filter(within(account.scopes("cases.sanction.view"), "unit__path"))
        person_id = getattr(account, "person_id", None)
        return rows.exclude(person=person_id) if person_id else rows


class Sanction(Record):
    """处分: one decision about one person, what kind it is and until when it bars something."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="sanctions", verbose_name=_("受处分人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在单位"))  # at the decision
    level = models.CharField(_("级别"), max_length=40, blank=True)  # cadre level at the decision
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="sanctions", verbose_name=_("立案")
    )
    kind = models.CharField(_("处分种类"), max_length=40)  # of the sanctions pack
    form = models.PositiveSmallIntegerField(_("形态"))
    months = models.PositiveSmallIntegerField(_("决定的月数"), null=True, blank=True)
    is_for_removal = models.BooleanField(_("应撤销党内职务而没有党内职务"), default=False)
    decided_on = models.DateField(_("决定日期"))
    document = models.CharField(_("文号"), max_length=100)
    restored_on = models.DateField(_("恢复党员权利日期"), null=True, blank=True)
    ends_on = models.DateField(_("影响期最后一天"), null=True, blank=True)
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)
    revocation = models.CharField(_("撤销的理由和文号"), max_length=300, blank=True)
    imposed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("处分")
        ordering = ["-decided_on", "pk"]
        indexes = [models.Index(fields=["state", "ends_on"], name="sanction_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "decided_on", "document"],
                name="sanction_is_registered_once",
                violation_error_message=_("这项处分已经登记过。"),
            ),
            models.CheckConstraint(condition=Q(form__range=(1, 4)), name="sanction_belongs_to_one_of_four_forms"),
            models.CheckConstraint(
                condition=~Q(state="revoked") | (Q(revoked_on__isnull=False) & ~Q(revocation="")),
                name="revoked_sanction_says_why_and_when",
                violation_error_message=_("撤销处分要写明理由和文号。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="over") | Q(ends_on__isnull=False),
                name="sanction_is_over_on_a_day",
                violation_error_message=_("没有影响期的处分不会期满。"),
            ),
        ]

    class Secrecy:
        internal = (
            "unit", "level", "case", "kind", "form", "months", "is_for_removal", "decided_on", "restored_on", "ends_on",
            "revoked_on", "imposed_by", "state",
        )  # fmt: skip
        sensitive = ("person", "document", "revocation")
        wall = ("cases.sanction.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.document

    def get_absolute_url(self) -> str:
        return address("sanction:detail", self.pk)
