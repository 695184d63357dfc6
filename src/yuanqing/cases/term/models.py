"""Terms that events make run."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.term.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account

MATTERS = {"petition": Petition, "lead": Lead, "case": Case, "sanction": Sanction}
NONE = {f"{name}__isnull": True for name in MATTERS}


class TermQuerySet(RecordQuerySet["Term"]):
    def visible_to(self, account: Any) -> TermQuerySet:
        """Where the account has the right and sees the matter; those of a quarter are for who sees petitions."""
        if not account.can("cases.term.view"):
            return self.none()
        seen = Q(**NONE) if account.can("cases.petition.view") else Q(pk__isnull=True)
        for name, model in MATTERS.items():
            manager: Any = model.objects
            seen |= Q(**{f"{name}__in": manager.visible_to(account).values("pk")})
        return self.filter(seen)


class Term(Record):
    """限期事项: what is due by when because of what happened, and when and how it was done."""

    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("信访举报")
    )
    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("问题线索")
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("立案"))
    sanction = models.ForeignKey(
        Sanction, models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("处分")
    )
    quarter = models.CharField(_("季度"), max_length=10, blank=True)  # 2026Q3, of terms without a matter
    kind = models.CharField(_("事项"), max_length=40)  # of the terms pack
    clock = models.CharField(_("期限种类"), max_length=60)  # code of the deadlines pack
    starts_on = models.DateField(_("起算日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    starts_at = models.DateTimeField(_("起算时刻"), null=True, blank=True)  # where the pack counts hours
    due_at = models.DateTimeField(_("到期时刻"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("延长次数"), default=0)
    escalations = models.PositiveSmallIntegerField(_("逾期上报次数"), default=0)
    escalated_on = models.DateField(_("上报日期"), null=True, blank=True)
    begun_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    done_on = models.DateField(_("办理日期"), null=True, blank=True)
    done_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    how = models.CharField(_("怎样办的"), max_length=300, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("限期事项")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="term_by_clock")]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "lead", "case", "sanction", "quarter", "kind", "starts_on"],
                nulls_distinct=False,
                name="term_begins_once",
                violation_error_message=_("这一限期事项已经登记。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(due_on__isnull=False),
                name="running_term_has_a_clock",
                violation_error_message=_("限期事项必须有期限。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(done_on__isnull=False) & ~Q(how="")),
                name="done_term_says_how",
                violation_error_message=_("请写明怎样办的。"),
            ),
            models.CheckConstraint(
                condition=~Q(**NONE) | ~Q(quarter=""),
                name="term_is_of_a_matter_or_a_quarter",
                violation_error_message=_("限期事项要写明是哪一件的。"),
            ),
        ]

    class Secrecy:
        internal = (
            "petition", "lead", "case", "sanction", "quarter", "kind", "clock", "starts_on", "due_on", "starts_at", "due_at",
            "extensions",
            "escalations", "escalated_on", "begun_by", "done_on", "done_by", "state",
        )  # fmt: skip
        sensitive = ("how",)
        wall = ("cases.term.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return str(self.matter or self.quarter)

    @property
    def number(self) -> str:
        """What a message may bear: the number of the matter, or the quarter; of a sanction not even its document."""
        return str(self) if self.sanction_id is None else str(_("处分"))

    def get_absolute_url(self) -> str:
        return address("term:detail", self.pk)

    @property
    def matter(self) -> Any:
        """The record whose event made it run; None for a quarter."""
        return self.petition or self.lead or self.case or self.sanction
