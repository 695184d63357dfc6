"""The clear envelope of a case, its people, its sealed papers, and the ledgers of measures, evidence and interventions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.case.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.lead.models import Lead
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealedValue, SealingKey, opened_by
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within

PARTS = {"investigation": _("审查调查"), "trial": _("审理")}


class CaseQuerySet(RecordQuerySet["Case"]):
    def visible_to(self, account: Any) -> CaseQuerySet:
        """Where the account has the right and its key opens the file."""
        scope = within(account.scopes("cases.case.view"), "unit__path")
        return self.filter(scope & opened_by(account, "key__"))

    def running(self) -> CaseQuerySet:
        return self.exclude(state__in=ENDED)


class Case(Record):
    """立案: a matter under investigation, tried by others than those who investigate; its content is sealed."""

    number = models.CharField(_("案号"), max_length=40, unique=True)
    lead = models.OneToOneField(Lead, models.PROTECT, related_name="case", verbose_name=_("问题线索"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("管理单位"))
    category = models.CharField(_("问题类别"), max_length=40)
    level = models.CharField(_("被审查人级别"), max_length=40)
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="cases", verbose_name=_("卷宗密钥"))
    barred = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name=_("应回避的账号"))
    owner = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("责任人"))
    due = models.CharField(_("期限种类"), max_length=60, blank=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    escalations = models.PositiveSmallIntegerField(_("逾期上报次数"), default=0)
    escalated_on = models.DateField(_("上报日期"), null=True, blank=True)
    filed_on = models.DateField(_("立案日期"))
    announced_on = models.DateField(_("宣布立案日期"), null=True, blank=True)
    planned_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("方案提出人")
    )
    plan_on = models.DateField(_("方案批准日期"), null=True, blank=True)
    facts_on = models.DateField(_("事实材料见面日期"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("移送人")
    )
    submitted_on = models.DateField(_("移送审理日期"), null=True, blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    tried_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审理人")
    )
    tried_on = models.DateField(_("审理完毕日期"), null=True, blank=True)
    proposal = models.CharField(_("审理建议"), max_length=40, blank=True)
    outcome = models.CharField(_("处理结果"), max_length=40, blank=True)
    document = models.CharField(_("决定文号"), max_length=100, blank=True)
    closing_reason = models.CharField(_("撤案理由"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    told_on = models.DateField(_("宣布日期"), null=True, blank=True)
    executed_on = models.DateField(_("执行报告日期"), null=True, blank=True)
    extension = models.CharField(_("以案促改"), max_length=300, blank=True)
    extended_on = models.DateField(_("以案促改决定日期"), null=True, blank=True)
    ended_on = models.DateField(_("归档或撤案日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("立案")
        ordering = ["-filed_on", "-number"]
        indexes = [models.Index(fields=["state", "due_on"], name="case_by_clock")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED) | Q(owner__isnull=False, due_on__isnull=False),
                name="running_case_has_an_owner_and_a_clock",
                violation_error_message=_("没有结束的案件必须有责任人和期限。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["investigating", "dropped"])
                | Q(
                    announced_on__isnull=False,
                    plan_on__isnull=False,
                    facts_on__isnull=False,
                    submitted_on__isnull=False,
                ),
                name="tried_case_was_announced_planned_and_shown",
                violation_error_message=_("宣布立案、批准方案、事实材料见面以后才能移送审理。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "enforced", "archived"])
                | (
                    Q(
                        tried_on__isnull=False,
                        decided_on__isnull=False,
                        tried_by__isnull=False,
                        decided_by__isnull=False,
                    )
                    & ~Q(outcome="")
                    & ~Q(document="")
                    & ~Q(tried_by=F("decided_by"))
                    & ~Q(tried_by=F("submitted_by"))
                ),
                name="decided_case_was_tried_by_others",
                violation_error_message=_("审查、审理、决定须由不同的人办理。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | Q(extended_on__isnull=False, executed_on__isnull=False),
                name="archived_case_has_its_extension_decided",
                violation_error_message=_("以案促改没有决定的案件不能归档。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | (~Q(closing_reason="") & Q(decided_by__isnull=False)),
                name="dropped_case_says_why",
                violation_error_message=_("撤销案件要写明理由。"),
            ),
        ]

    class Secrecy:
        internal = (
            "number", "lead", "unit", "category", "level", "owner", "due", "due_on", "extensions", "escalations",
            "escalated_on", "filed_on",
            "announced_on", "planned_by", "plan_on", "facts_on", "submitted_by", "submitted_on", "returns", "tried_by",
            "tried_on", "proposal", "outcome", "decided_by", "decided_on", "delivered_on", "told_on", "executed_on",
            "extended_on", "ended_on", "state",
        )  # fmt: skip
        sensitive = ("key", "barred", "document", "closing_reason", "extension")
        wall = ("cases.case.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("case:detail", self.pk)

    @property
    def is_running(self) -> bool:
        return self.state not in ENDED


class PartQuerySet(RecordQuerySet[Any]):
    def visible_to(self, account: Any) -> PartQuerySet:
        return self.filter(case__in=Case.objects.visible_to(account))


class Officer(Record):
    """办案人员: who investigates, or who tries; never both in one case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="officers", verbose_name=_("立案"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("人员"))
    part = models.CharField(_("承担的工作"), max_length=20, choices=list(PARTS.items()))
    since_on = models.DateField(_("起始日期"))

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("办案人员")
        ordering = ["part", "since_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "account"],
                name="officer_has_one_part_in_a_case",
                violation_error_message=_("同一个人在一件案子里只能承担一种工作。"),
            )
        ]

    class Secrecy:
        internal = ("case", "account", "part", "since_on")
        retention = "permanent"


class CasePaper(Record):
    """案卷材料: one sealed paper of a case; kind, day and writer are in the clear."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers", verbose_name=_("立案"))
    kind = models.CharField(_("种类"), max_length=40)  # of the cases pack's table `paper`
    value = models.OneToOneField(SealedValue, models.PROTECT, related_name="+", verbose_name=_("内容"))
    written_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经手人")
    )
    written_on = models.DateField(_("日期"))
    position = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("案卷材料")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="papers_of_a_case_are_in_order")]

    class Secrecy:
        internal = ("case", "kind", "written_by", "written_on", "position")
        sensitive = ("value",)
        wall = ("cases.case.view",)
        retention = "permanent"


class CaseMeasure(Record):
    """审查措施: one use of a measure, with who approved it and from when until when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="measures", verbose_name=_("立案"))
    kind = models.CharField(_("措施"), max_length=40)  # of the cases pack's table `measure`
    approved_by = models.CharField(_("批准人和文号"), max_length=200)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)
    used_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("使用人")
    )

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("审查措施")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="measure_ends_after_it_starts",
                violation_error_message=_("终止日期不能早于起始日期。"),
            )
        ]

    class Secrecy:
        internal = ("case", "kind", "starts_on", "ends_on", "used_by")
        sensitive = ("approved_by",)
        wall = ("cases.case.view",)
        retention = "permanent"


class Evidence(Record):
    """证据: one item of the list, known by the SHA-256 of its file or scan; what it shows is sealed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence", verbose_name=_("立案"))
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=40)  # of the cases pack's table `evidence`
    digest = models.CharField(
        _("SHA-256"),
        max_length=64,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", _("SHA-256 是 64 位十六进制数（小写）。"))],
    )
    pages = models.PositiveIntegerField(_("页数"), default=0)
    obtained_on = models.DateField(_("取得日期"))
    obtained_by = models.PositiveSmallIntegerField(_("取证人数"))
    kept_at = models.CharField(_("保管处"), max_length=200)
    paper = models.OneToOneField(CasePaper, models.PROTECT, related_name="+", verbose_name=_("证据说明"))

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("证据")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="evidence_is_numbered_within_a_case"),
            models.UniqueConstraint(
                fields=["case", "digest"],
                name="evidence_is_listed_once",
                violation_error_message=_("这份材料（同一 SHA-256）已经登记过。"),
            ),
            models.CheckConstraint(
                condition=Q(obtained_by__gte=2),
                name="evidence_is_taken_by_two",
                violation_error_message=_("取证不得少于两人。"),
            ),
        ]

    class Secrecy:
        internal = ("case", "number", "kind", "digest", "pages", "obtained_on", "obtained_by", "paper")
        sensitive = ("kept_at",)
        wall = ("cases.case.view",)
        retention = "permanent"


class Custody(Record):
    """保管流转: a piece of evidence changed hands or place; two sign, and its file is known again by its SHA-256."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="custody", verbose_name=_("立案"))
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody", verbose_name=_("证据"))
    moved_on = models.DateField(_("交接日期"))
    given_by = models.CharField(_("移交人"), max_length=100)
    taken_by = models.CharField(_("接收人"), max_length=100)
    kept_at = models.CharField(_("保管处"), max_length=200)
    is_same = models.BooleanField(_("SHA-256 核对相符"))
    noted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("保管流转")
        ordering = ["evidence__number", "moved_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(given_by=F("taken_by")),
                name="evidence_passes_from_one_to_another",
                violation_error_message=_("移交人和接收人不能是同一个人。"),
            )
        ]

    class Secrecy:
        internal = ("case", "evidence", "moved_on", "is_same", "noted_by")
        sensitive = ("given_by", "taken_by", "kept_at")
        wall = ("cases.case.view",)
        retention = "permanent"


class Intervention(Record):
    """过问干预: somebody asked about the case, pleaded or interfered; who and how is sealed in the file."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="interventions", verbose_name=_("立案"))
    kind = models.CharField(_("方式"), max_length=40)  # of the cases pack's table `intervention`
    happened_on = models.DateField(_("发生日期"))
    noted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    paper = models.OneToOneField(CasePaper, models.PROTECT, related_name="+", verbose_name=_("情况"))

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("过问干预")
        ordering = ["-happened_on"]

    class Secrecy:
        internal = ("case", "kind", "happened_on", "noted_by", "paper")
        retention = "permanent"
