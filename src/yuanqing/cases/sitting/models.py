"""Sittings of the body, who was called to them and what they said; under a key of their own, for those alone who take part."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.sitting.lifecycle import LIFECYCLE, OPEN
from yuanqing.cases.sitting.rules import TO_SIGN
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.sealing.models import SealedValue, SealingKey, opened_by
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit, within

MATTERS = {"lead": Lead, "case": Case}
OUTCOMES = {"agreed": _("同意"), "against": _("不同意"), "put_off": _("暂缓，另行审议")}
PARTS = {"called": _("已通知"), "present": _("到会"), "absent": _("缺席"), "withdrew": _("已回避")}
VOTES = {"for": _("同意"), "against": _("不同意"), "abstain": _("弃权")}


class SittingQuerySet(RecordQuerySet["Sitting"]):
    def visible_to(self, account: Any) -> SittingQuerySet:
        """Where the account has the right and its key opens the sitting: whoever withdrew is no recipient."""
        scope = within(account.scopes("cases.sitting.view"), "unit__path")
        return self.filter(scope & opened_by(account, "key__"))

    def with_last_written(self) -> Any:
        """`last_written_on`: when its minutes or a correction of them were written last."""
        papers = Minute.objects.filter(sitting=OuterRef("pk"), kind__in=TO_SIGN).order_by("-written_on")
        return self.annotate(last_written_on=Subquery(papers.values("written_on")[:1]))

    def going_or_agreed(self) -> SittingQuerySet:
        """Those because of which the body need not be called again."""
        return self.filter(Q(state__in=OPEN) | Q(state="concluded", outcome="agreed"))


class Sitting(Record):
    """集体审议: one meeting of the body on one matter: when and where, who was there, how it was resolved."""

    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, blank=True, related_name="sittings", verbose_name=_("问题线索")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="sittings", verbose_name=_("立案")
    )
    number = models.CharField(_("编号"), max_length=40)  # of the matter, which members need not be able to open
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("管理单位"))
    key = models.ForeignKey(SealingKey, models.PROTECT, related_name="sittings", verbose_name=_("卷宗密钥"))
    purpose = models.CharField(_("议题"), max_length=40)  # of the sittings pack
    body = models.CharField(_("会议"), max_length=40)  # of the sittings pack
    held_on = models.DateField(_("会议日期"))
    began_at = models.TimeField(_("开始时刻"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=200)
    chaired_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人")
    )
    convened_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("召集人"))
    convened_on = models.DateField(_("召集日期"))
    members = models.PositiveSmallIntegerField(_("成员人数"))
    due = models.PositiveSmallIntegerField(_("应到人数"), default=0)
    present = models.PositiveSmallIntegerField(_("到会人数"), default=0)
    favour = models.PositiveSmallIntegerField(_("同意票"), default=0)
    opposed = models.PositiveSmallIntegerField(_("不同意票"), default=0)
    abstained = models.PositiveSmallIntegerField(_("弃权票"), default=0)
    outcome = models.CharField(_("决议"), max_length=20, choices=list(OUTCOMES.items()), blank=True)
    decision = models.CharField(_("同意的处理结果"), max_length=40, blank=True)  # of the cases pack, for a sanction
    resolved_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("记录人")
    )
    resolved_on = models.DateField(_("决议日期"), null=True, blank=True)
    unsigned = models.PositiveSmallIntegerField(_("缺签人数"), default=0)  # when the minutes were closed
    corrections = models.PositiveSmallIntegerField(_("更正次数"), default=0)
    concluded_on = models.DateField(_("审结日期"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("集体审议")
        ordering = ["-held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=False, case__isnull=True) | Q(lead__isnull=True, case__isnull=False),
                name="sitting_is_on_one_matter",
                violation_error_message=_("一次审议一件事项。"),
            ),
            models.UniqueConstraint(
                fields=["lead", "case", "purpose"],
                condition=Q(state__in=OPEN),
                nulls_distinct=False,
                name="matter_is_sat_on_once_at_a_time",
                violation_error_message=_("这一件的上一次审议还没有结束。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(present=F("favour") + F("opposed") + F("abstained")),
                name="everybody_present_has_voted",
                violation_error_message=_("到会的成员要逐人表态。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["resolved", "concluded"]) | (~Q(outcome="") & Q(resolved_on__isnull=False)),
                name="resolved_sitting_has_an_outcome",
                violation_error_message=_("审议要有决议。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded") | Q(concluded_on__isnull=False),
                name="concluded_sitting_says_when",
                violation_error_message=_("审结要有日期。"),
            ),
        ]

    class Secrecy:
        internal = (
            "lead", "case", "number", "unit", "purpose", "body", "held_on", "began_at", "chaired_by", "convened_by", "convened_on", "members", "due",
            "present", "resolved_by", "resolved_on", "unsigned", "corrections", "concluded_on", "state",
        )  # fmt: skip
        sensitive = ("key", "place", "favour", "opposed", "abstained", "outcome", "decision")
        wall = ("cases.sitting.view",)
        retention = "permanent"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("sitting:detail", self.pk)

    @property
    def matter(self) -> Any:
        """The lead or case it is about; for acts, since the wall may hide it from who reads."""
        return self.lead or self.case


class PartQuerySet(RecordQuerySet[Any]):
    def visible_to(self, account: Any) -> PartQuerySet:
        return self.filter(sitting__in=Sitting.objects.visible_to(account))


class Minute(Record):
    """审议材料: one sealed paper of a sitting; kind, day and writer are in the clear."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="papers", verbose_name=_("集体审议"))
    kind = models.CharField(_("种类"), max_length=40)  # of the sittings pack's table `paper`
    value = models.OneToOneField(SealedValue, models.PROTECT, related_name="+", verbose_name=_("内容"))
    written_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经手人")
    )
    written_on = models.DateField(_("日期"))
    position = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("审议材料")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sitting", "position"], name="papers_of_a_sitting_are_in_order")]

    class Secrecy:
        internal = ("sitting", "kind", "written_by", "written_on", "position")
        sensitive = ("value",)
        wall = ("cases.sitting.view",)
        retention = "permanent"


class Attendee(Record):
    """参会成员: one member of the body at one sitting: there, absent or withdrawn; his vote, and when he signed."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attendees", verbose_name=_("集体审议"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("成员"))
    part = models.CharField(_("到会情况"), max_length=20, choices=list(PARTS.items()))
    ground = models.CharField(
        _("缘由"), max_length=40, blank=True
    )  # why he withdrew, was not there or could not be called
    vote = models.CharField(_("表态"), max_length=20, choices=list(VOTES.items()), blank=True)
    words = models.OneToOneField(
        Minute, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("意见")
    )
    signed_on = models.DateField(_("签字日期"), null=True, blank=True)
    remark = models.OneToOneField(
        Minute, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签字时的说明")
    )
    excuse = models.CharField(_("缺签原因"), max_length=40, blank=True)  # of the sittings pack's table `excuse`
    excused = models.ForeignKey(
        Minute, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("缺签说明")
    )

    objects: ClassVar[models.Manager[Any]] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("参会成员")
        ordering = ["account__display_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "account"], name="member_is_listed_once"),
            models.CheckConstraint(
                condition=Q(part="present") | Q(vote="", signed_on__isnull=True),
                name="only_who_is_present_votes_and_signs",
                violation_error_message=_("没有到会或者回避的成员不能表态和签字。"),
            ),
            models.CheckConstraint(
                condition=Q(excuse="", excused__isnull=True)
                | (~Q(excuse="") & Q(excused__isnull=False, part="present")),
                name="absent_signature_is_explained",
                violation_error_message=_("缺签要写明原因。"),
            ),
        ]

    class Secrecy:
        internal = ("sitting", "account", "part", "signed_on")
        sensitive = ("ground", "vote", "words", "remark", "excuse", "excused")
        wall = ("cases.sitting.view",)
        retention = "permanent"
