"""Lessons of an activity, who watched them, and how far a watching has come."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.activity.models import Activity, offered
from yuanqing.education.lesson.lifecycle import LIFECYCLE, VIEWING_LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class LessonQuerySet(RecordQuerySet["Lesson"]):
    def visible_to(self, account: Any) -> LessonQuerySet:
        """Those of the units within the scope, and those of activities that oneself is invited to."""
        return self.filter(offered("education.lesson.view", account))


class Lesson(Record):
    """课程: a film that those invited to an activity watch online."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="lessons", verbose_name=_("教育活动"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="lessons", verbose_name=_("单位"))
    position = models.PositiveSmallIntegerField(_("第几课"))
    title = models.CharField(_("名称"), max_length=120)
    seconds = models.PositiveIntegerField(_("时长（秒）"), default=0)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "position"], name="lesson_has_its_place", violation_error_message=_("刚刚有人加了一课，请再试一次。")
            ),
            models.CheckConstraint(condition=Q(state="draft") | Q(seconds__gt=0), name="published_lesson_has_a_length"),
        ]  # fmt: skip

    class Secrecy:
        internal = ("activity", "unit", "position", "title", "seconds", "state")
        retention = "10y"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("lesson:detail", self.pk)


class ViewingQuerySet(RecordQuerySet["Viewing"]):
    def visible_to(self, account: Any) -> ViewingQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.lesson.view"), "unit__path") | own)


class Viewing(Record):
    """观看: one person and one lesson; finished once enough of it was proved to be watched."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="viewings", verbose_name=_("课程"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="viewings", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="viewings", verbose_name=_("单位"))
    begun_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("看完时间"), null=True, blank=True)
    state = VIEWING_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ViewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("观看")
        constraints = [
            models.UniqueConstraint(fields=["lesson", "person"], name="lesson_is_watched_once_by_a_person"),
            models.CheckConstraint(
                condition=Q(state="watching") | Q(finished_at__isnull=False), name="finished_viewing_says_when"
            ),
        ]

    class Secrecy:
        internal = ("lesson", "person", "unit", "begun_at", "finished_at", "state")
        retention = "10y"

    def __str__(self) -> str:
        return f"{self.lesson} · {self.person}"

    def get_absolute_url(self) -> str:
        return self.lesson.get_absolute_url()


class Progress(models.Model):
    """进度: what was credited so far, and what the last report said; written by every report."""

    viewing = models.OneToOneField(Viewing, models.CASCADE, related_name="progress")
    spans = models.JSONField(default=list)  # [[from, to], …] in seconds, in order, apart from each other
    sequence = models.PositiveIntegerField(default=0)
    position = models.FloatField(default=0)
    saved = models.FloatField(default=0)  # seconds of playing saved up
    reported_at = models.DateTimeField()
    refused = models.JSONField(default=dict)  # why nothing was credited → how often


class Seat(models.Model):
    """座位: the one window in which a person is watching; opening another takes it away."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    window = models.CharField(max_length=32)
    viewing = models.ForeignKey(Viewing, models.CASCADE, related_name="+")
