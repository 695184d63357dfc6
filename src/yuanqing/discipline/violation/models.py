"""The register of violations: one row a matter (起), one row a person involved (人), one row a measure."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from yuanqing.discipline.violation.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.norms.clause.models import Clause
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.recusal.models import concerns
from yuanqing.org.unit.models import Unit, within

# Every list, count and page asks it, and mostly there are none: found once for a statement and not beside each row.
MATTERS = """SELECT unnest(ARRAY[v.id, coalesce(v.corrects_id, v.id), coalesce(later.id, v.id)])
FROM discipline_involved i JOIN discipline_violation v ON v.id = i.violation_id
LEFT JOIN discipline_violation later ON later.corrects_id = v.id WHERE i.person_id = ANY (%s::uuid[])"""


def involving(*person_ids: Any) -> Q:
    """Violations that concern these persons, or whose correction or corrected entry does: the ground for recusal."""
    return Q(pk__in=RawSQL(MATTERS, [list(person_ids)]))  # noqa: S611 a fixed text, the persons are its parameter


class ViolationQuerySet(RecordQuerySet["Violation"]):
    def visible_to(self, account: Any) -> ViolationQuerySet:
        """Within the account's scope, never a matter that concerns its own person (回避)."""
        rows = self.filter(within(account.scopes("discipline.violation.view"), "unit__path"))
        person_id = getattr(account, "person_id", None)
        return rows.filter(~involving(person_id)) if person_id else rows

    def standing(self) -> ViolationQuerySet:
        """Without those that a later entry corrected."""
        return self.exclude(state="superseded")


class Violation(Record):
    """违规问题: a breach of the eight-point rules or of the ten disciplines, from receipt to conclusion."""

    number = models.CharField(_("编号"), max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="violations", verbose_name=_("单位"))
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="violations", verbose_name=_("违反条款"))
    rules = models.CharField(_("规则包"), max_length=60)  # "eight_points" or "ten_disciplines", as the clause's pack
    type = models.CharField(_("问题类型"), max_length=20)  # the clause's code, kept beside it for figures
    level = models.CharField(_("级别"), max_length=40)  # the highest level of those involved
    source = models.CharField(_("来源"), max_length=40)
    facts = models.TextField(_("主要事实"))
    severity = models.CharField(
        _("情节"), max_length=20, db_default=""
    )  # an answer of the routing pack's dimension of this name
    received_on = models.DateField(_("受理日期"))
    route = models.CharField(_("去向"), max_length=40, blank=True)
    route_basis = models.CharField(_("分流依据"), max_length=200, blank=True)  # the row that decided, as routing.R1@1.0
    route_deviation = models.CharField(_("未按建议分流的理由"), max_length=300, blank=True)
    transferred_to = models.CharField(_("移送机关"), max_length=200, blank=True)
    transfer_receipt = models.CharField(_("移送回执编号"), max_length=100, blank=True)
    transferred_on = models.DateField(_("移送日期"), null=True, blank=True)
    concluded_on = models.DateField(_("查处日期"), null=True, blank=True)
    outcome = models.TextField(_("查处情况"), blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("更正")
    )
    correction_reason = models.CharField(_("更正理由"), max_length=300, blank=True)
    corrected_on = models.DateField(_("更正日期"), null=True, blank=True)
    lowering = models.CharField(_("从轻更正的情形"), max_length=40, blank=True)  # code of the corrections pack
    recorded_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    routed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("分流人")
    )
    concluded_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办结人")
    )
    amended_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("更正人")
    )
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ViolationQuerySet.as_manager()

    class Meta:
        verbose_name = _("违规问题")
        ordering = ["-received_on", "-number"]
        indexes = [
            models.Index(fields=["unit", "-received_on"], name="violation_by_unit"),
            models.Index(fields=["received_on"], name="violation_by_receipt"),
            models.Index(fields=["concluded_on"], name="violation_by_conclusion"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "superseded"]) | ~Q(route=""),
                name="violation_beyond_receipt_is_routed",
                violation_error_message=_("受理以后的违规问题必须有去向。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["concluded", "unfounded"]) | Q(concluded_on__isnull=False),
                name="concluded_violation_says_when",
                violation_error_message=_("请填写查处日期。"),
            ),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True) | Q(concluded_on__gte=models.F("received_on")),
                name="violation_is_concluded_after_receipt",
                violation_error_message=_("查处日期不能早于受理日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(route="criminal_transfer", state="concluded") | ~Q(transfer_receipt=""),
                name="criminal_transfer_has_a_receipt",
                violation_error_message=_("移送司法的问题必须登记移送回执编号后才能办结。"),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | (~Q(correction_reason="") & Q(corrected_on__isnull=False)),
                name="correction_says_why_and_when",
                violation_error_message=_("请写明更正理由。"),
            ),
        ]

    class Secrecy:
        internal = (
            "number",
            "unit",
            "clause",
            "rules",
            "type",
            "level",
            "source",
            "received_on",
            "route",
            "route_basis",
            "concluded_on",
            "state",
            "severity",
            "transferred_on",
            "corrects",
            "corrected_on",
            "lowering",
            "recorded_by",
            "routed_by",
            "concluded_by",
            "amended_by",
        )
        sensitive = ("facts", "outcome", "transferred_to", "transfer_receipt", "correction_reason", "route_deviation")
        wall = ("discipline.violation.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("violation:detail", self.pk)

    @property
    def is_criminal(self) -> bool:
        return self.severity == "criminal"

    @property
    def handlers(self) -> set[Any]:
        """Accounts that registered, routed, concluded or corrected it: the line of the matter."""
        return {self.recorded_by_id, self.routed_by_id, self.concluded_by_id, self.amended_by_id} - {None}


concerns(Violation, lambda persons: involving(*persons))


class InvolvedQuerySet(RecordQuerySet["Involved"]):
    def visible_to(self, account: Any) -> InvolvedQuerySet:
        return self.filter(violation__in=Violation.objects.visible_to(account))


class Involved(Record):
    """涉及人员: a person dealt with in a violation; counted as 人."""

    violation = models.ForeignKey(Violation, models.PROTECT, related_name="involved", verbose_name=_("违规问题"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员"))
    name = models.CharField(_("姓名"), max_length=60)
    level = models.CharField(_("级别"), max_length=40)
    is_party_member = models.BooleanField(_("中共党员"), default=False)
    is_sanctioned = models.BooleanField(_("受党纪政务处分"), default=False)  # set by the acts from its measures
    form = models.PositiveSmallIntegerField(_("最重形态"), default=0, db_default=0)  # of its measures; 0: none yet
    waiver = models.CharField(_("不予处理的理由"), max_length=300, blank=True, db_default="")
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Any]] = InvolvedQuerySet.as_manager()

    class Meta:
        verbose_name = _("涉及人员")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["violation", "person"],
                name="person_is_involved_once_in_a_violation",
                violation_error_message=_("同一个人在一件问题里只登记一次。"),
            ),
            models.CheckConstraint(condition=Q(form__range=(0, 4)), name="person_is_under_one_of_four_forms"),
        ]

    class Secrecy:
        internal = ("violation", "level", "is_party_member", "is_sanctioned", "form", "position")
        sensitive = ("person", "name", "waiver")
        retention = "permanent"


class MeasureQuerySet(RecordQuerySet["Measure"]):
    def visible_to(self, account: Any) -> MeasureQuerySet:
        return self.filter(involved__violation__in=Violation.objects.visible_to(account))


class Measure(Record):
    """处理措施: what was done about a person involved; each belongs to one of the four forms (四种形态)."""

    involved = models.ForeignKey(Involved, models.PROTECT, related_name="measures", verbose_name=_("涉及人员"))
    code = models.CharField(_("措施"), max_length=60)  # from the eight_points pack's tables of measures
    form = models.PositiveSmallIntegerField(_("形态"))
    decided_on = models.DateField(_("决定日期"))
    document = models.CharField(_("文号"), max_length=100, blank=True)

    objects: ClassVar[models.Manager[Any]] = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("处理措施")
        ordering = ["decided_on"]
        constraints = [
            models.CheckConstraint(condition=Q(form__range=(1, 4)), name="measure_belongs_to_one_of_four_forms")
        ]

    class Secrecy:
        internal = ("involved", "code", "form", "decided_on")
        sensitive = ("document",)
        retention = "permanent"


class Series(models.Model):
    """编号序列: the last number given in a year; a gap may remain, a number is never given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "discipline_violation_series"
