"""Questions of the bank."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.education.question import rules
from yuanqing.education.question.lifecycle import LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.unit.models import Unit, within

KINDS = [
    (rules.SINGLE, _("单选")),
    (rules.MULTIPLE, _("多选")),
    (rules.TRUE_FALSE, _("判断")),
    (rules.ORDERING, _("排序")),
]


class QuestionQuerySet(RecordQuerySet["Question"]):
    def visible_to(self, account: Any) -> QuestionQuerySet:
        return self.filter(within(account.scopes("education.question.view"), "unit__path"))


class Question(Record):
    """试题: one question with its options and the right answer; once in use its words do not change."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="questions", verbose_name=_("单位"))
    kind = models.CharField(_("题型"), max_length=20, choices=KINDS)
    stem = models.CharField(_("题干"), max_length=500)
    options = models.JSONField(_("选项"), default=list)
    answer = models.JSONField(_("答案"), default=list)  # numbers of options from 1; for an ordering, the right order
    clauses = models.JSONField(_("对应条款"), default=list, blank=True)
    explanation = models.CharField(_("解析"), max_length=500, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("试题")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "stem"],
                name="question_is_asked_once",
                violation_error_message=_("题库里已经有这道题。"),
            )
        ]
        indexes = [models.Index(fields=["state", "unit"], name="question_in_use")]

    class Secrecy:
        internal = ("unit", "kind", "stem", "options", "answer", "clauses", "explanation", "state")
        retention = "10y"

    def __str__(self) -> str:
        return self.stem[:60]

    def get_absolute_url(self) -> str:
        return address("question:detail", self.pk)
