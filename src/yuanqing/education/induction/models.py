"""An induction with its items, and the examinations sat for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.induction.lifecycle import LIFECYCLE
from yuanqing.education.notice.models import Notice
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Post
from yuanqing.org.unit.models import Unit, within

STANDING = ("open", "complete", "exception_asked", "excepted")  # one at a time for a person and a post
CLEARED = ("complete", "excepted")  # with these the appointment may take effect


class InductionQuerySet(RecordQuerySet["Induction"]):
    def visible_to(self, account: Any) -> InductionQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.induction.view"), "unit__path") | own)


class Induction(Record):
    """任前教育: course, examination, talk, promise and avoidance statement of one person before one post."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="inductions", verbose_name=_("拟任人员"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="inductions", verbose_name=_("拟任岗位"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inductions", verbose_name=_("单位"))
    planned_on = models.DateField(_("拟任日期"), null=True, blank=True)
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("学习材料")
    )
    prepared_at = models.DateTimeField(_("准备时间"))
    prepared_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("准备人")
    )
    completed_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    exception_reason = models.CharField(_("例外理由"), max_length=300, blank=True)
    exception_asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请例外的人")
    )
    excepted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("同意例外的人")
    )
    excepted_at = models.DateTimeField(_("同意例外的时间"), null=True, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = InductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("任前教育")
        ordering = ["-prepared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post"],
                condition=Q(state__in=STANDING),
                name="person_has_one_induction_for_a_post_at_a_time",
                violation_error_message=_("已经为这个人准备过这个岗位的任前教育。"),
            ),
            models.CheckConstraint(
                condition=Q(excepted_by__isnull=True) | ~Q(excepted_by=models.F("exception_asked_by")),
                name="exception_is_approved_by_a_second_person",
                violation_error_message=_("例外须由申请人以外的人同意。"),
            ),
        ]

    class Secrecy:
        internal = (
            "person", "post", "unit", "planned_on", "notice", "prepared_at", "prepared_by", "completed_at", "exception_asked_by",
            "excepted_by", "excepted_at", "state",
        )  # fmt: skip
        sensitive = ("exception_reason",)
        wall = ("education.induction.view",)
        retention = "30y"

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"

    def get_absolute_url(self) -> str:
        return address("induction:detail", self.pk)


class InductionItemQuerySet(RecordQuerySet["InductionItem"]):
    def visible_to(self, account: Any) -> InductionItemQuerySet:
        return self.filter(induction__in=Induction.objects.visible_to(account))


class InductionItem(Record):
    """任前教育项目: one thing to be done, and what was recorded when it was."""

    induction = models.ForeignKey(Induction, models.PROTECT, related_name="items", verbose_name=_("任前教育"))
    code = models.CharField(_("项目"), max_length=40)  # a code of the education pack's table induction_item
    position = models.PositiveSmallIntegerField(default=0)
    is_required = models.BooleanField(_("必须"), default=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    score = models.PositiveSmallIntegerField(_("分数"), null=True, blank=True)
    record = models.TextField(_("记录"), max_length=5000, blank=True)

    objects: ClassVar[models.Manager[Any]] = InductionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("任前教育项目")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["induction", "code"], name="induction_has_each_item_once")]

    class Secrecy:
        internal = ("induction", "code", "position", "is_required", "done_at", "done_by", "score")
        sensitive = ("record",)
        retention = "30y"


class SittingQuerySet(RecordQuerySet["Sitting"]):
    def visible_to(self, account: Any) -> SittingQuerySet:
        return self.filter(induction__in=Induction.objects.visible_to(account))


class Sitting(Record):
    """任前考试: the questions drawn for one attempt, what was answered and the score."""

    induction = models.ForeignKey(Induction, models.PROTECT, related_name="sittings", verbose_name=_("任前教育"))
    number = models.PositiveSmallIntegerField(_("第几次"))
    questions = models.JSONField(_("题目"), default=list)  # codes of the pack's table induction_question, as drawn
    answers = models.JSONField(_("回答"), default=dict, blank=True)
    score = models.PositiveSmallIntegerField(_("分数"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("开始时间"))
    sat_at = models.DateTimeField(_("交卷时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("任前考试")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["induction", "number"], name="sitting_is_numbered_once")]

    class Secrecy:
        internal = ("induction", "number", "score", "drawn_at", "sat_at")
        sensitive = ("questions", "answers")
        retention = "30y"
