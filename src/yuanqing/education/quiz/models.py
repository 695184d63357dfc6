"""Quizzes, attempts at them, and the answers as they come in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.activity.models import Activity, offered
from yuanqing.education.quiz.lifecycle import ATTEMPT_LIFECYCLE, LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within

STAGES = [("before", _("学前测验")), ("after", _("学后测验"))]


class QuizQuerySet(RecordQuerySet["Quiz"]):
    def visible_to(self, account: Any) -> QuizQuerySet:
        """Those of the units within the scope, and those of activities that oneself is invited to."""
        return self.filter(offered("education.quiz.view", account))


class Quiz(Record):
    """测验: how many questions about what, how many tries in what time, from how many points on it is passed."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="quizzes", verbose_name=_("教育活动"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="quizzes", verbose_name=_("单位"))
    stage = models.CharField(_("先后"), max_length=10, choices=STAGES, default="after")
    title = models.CharField(_("名称"), max_length=120)
    length = models.PositiveSmallIntegerField(_("题数"))
    pass_mark = models.PositiveSmallIntegerField(_("合格分"))
    tries = models.PositiveSmallIntegerField(_("最多作答次数"))
    minutes = models.PositiveSmallIntegerField(_("限时（分钟）"))
    clauses = models.JSONField(_("只考这些条款"), default=list, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = _("测验")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "stage"],
                condition=~Q(state="closed"),
                name="activity_has_one_quiz_before_and_one_after",
                violation_error_message=_("这项活动已经有一个这样的测验。"),
            ),
            models.CheckConstraint(
                condition=Q(pass_mark__lte=100, length__gte=1, tries__gte=1), name="quiz_can_be_sat"
            ),
        ]

    class Secrecy:
        internal = (
            "activity", "unit", "stage", "title", "length", "pass_mark", "tries", "minutes", "clauses", "state",
        )  # fmt: skip
        retention = "10y"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("quiz:detail", self.pk)


class AttemptQuerySet(RecordQuerySet["Attempt"]):
    def visible_to(self, account: Any) -> AttemptQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.quiz.view"), "unit__path") | own)


class Attempt(Record):
    """答卷: one try of one person: the questions drawn, until when, and the result."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts", verbose_name=_("测验"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="attempts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="attempts", verbose_name=_("单位"))
    number = models.PositiveSmallIntegerField(_("第几次"))
    questions = models.JSONField(_("题目"), default=list)  # [[id of the question, [options as shown]], …]
    begun_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("到时"))
    marked_at = models.DateTimeField(_("交卷时间"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("分数"), null=True, blank=True)
    is_passed = models.BooleanField(_("合格"), default=False)
    results = models.JSONField(_("对错"), default=dict, blank=True)  # id of the question → right
    state = ATTEMPT_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("答卷")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "person", "number"],
                name="attempt_is_numbered_once",
                violation_error_message=_("另一个窗口里刚刚开始了一份答卷，请刷新。"),
            ),
            models.CheckConstraint(
                condition=Q(state="sitting") | Q(score__isnull=False), name="marked_attempt_has_a_score"
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="attempt_under_way", condition=Q(state="sitting"))]

    class Secrecy:
        internal = (
            "quiz", "person", "unit", "number", "begun_at", "ends_at", "marked_at", "score", "is_passed", "state",
        )  # fmt: skip
        sensitive = ("questions", "results")
        wall = ("education.quiz.view",)
        retention = "10y"

    def __str__(self) -> str:
        return f"{self.quiz} · {self.person}"

    def get_absolute_url(self) -> str:
        return address("quiz:sit", self.pk)


class Answer(models.Model):
    """作答: what was chosen for one question so far; it may be changed until the paper is handed in."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField()
    choice = models.JSONField(default=list)  # numbers of options as the author wrote them
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="question_is_answered_once")]
