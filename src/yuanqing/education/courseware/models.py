"""Packages of an activity, who learns with them, and where each of their parts stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.activity.models import Activity, offered
from yuanqing.education.courseware.lifecycle import LIFECYCLE, RUN_LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within

EDITIONS = [("", _("还没有上传")), ("1.2", "SCORM 1.2"), ("2004", "SCORM 2004")]
STATUSES = [
    ("", _("还没有报告")),
    ("incomplete", _("没有完成")),
    ("completed", _("完成")),
    ("passed", _("合格")),
    ("failed", _("不合格")),
]
WANTS = {
    "order": _("规定了各部分的先后和条件。这里不执行，学的人自己从列表里选。"),
    "rollup": _("规定了各部分怎样合成总成绩。这里不执行：都完成才算完成，总分取各部分的平均。"),
    "shared": _("几个部分共用学习目标。这里不共用，每个部分各记各的。"),
    "buttons": _("要播放器提供“上一部分、下一部分”按钮。这里没有，学完一部分回到列表再开下一部分。"),
    "limit": _("限了时间或者次数。这里不限。"),
}
KINDS = {
    "true-false": _("判断"), "choice": _("选择"), "fill-in": _("填空"), "long-fill-in": _("简答"), "matching": _("配对"),
    "performance": _("操作"), "sequencing": _("排序"), "likert": _("量表"), "numeric": _("数字"), "other": _("其他"),
}  # fmt: skip
RESULTS = {
    "correct": _("对"), "wrong": _("错"), "incorrect": _("错"), "unanticipated": _("没有料到的回答"), "neutral": _("不分对错"),
}  # fmt: skip


class CoursewareQuerySet(RecordQuerySet["Courseware"]):
    def visible_to(self, account: Any) -> CoursewareQuerySet:
        """Those of the units within the scope, and those of activities that oneself is invited to."""
        return self.filter(offered("education.courseware.view", account))


class Courseware(Record):
    """课件: a SCORM package that those invited to an activity learn with."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="coursewares", verbose_name=_("教育活动"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="coursewares", verbose_name=_("单位"))
    title = models.CharField(_("名称"), max_length=120)
    minutes = models.PositiveSmallIntegerField(_("至少学多久（分钟）"), default=1)
    edition = models.CharField(_("标准"), max_length=10, blank=True, default="", choices=EDITIONS)
    parts = models.JSONField(_("各部分"), default=list, blank=True)  # as rules.Part, in the order of the manifest
    wants = models.JSONField(_("不支持的要求"), default=list, blank=True)  # codes of WANTS
    digest = models.CharField(max_length=64, blank=True, default="")  # of the package that was published
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = CoursewareQuerySet.as_manager()

    class Meta:
        verbose_name = _("课件")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(edition=""), name="published_courseware_says_its_standard"
            ),
        ]

    class Secrecy:
        internal = ("activity", "unit", "title", "minutes", "edition", "parts", "wants", "digest", "state")
        retention = "10y"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("courseware:detail", self.pk)

    @property
    def unsupported(self) -> list[str]:
        """What the package asks for and does not get, in sentences."""
        return [str(WANTS[code]) for code in self.wants if code in WANTS]


class RunQuerySet(RecordQuerySet["Run"]):
    def visible_to(self, account: Any) -> RunQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.courseware.view"), "unit__path") | own)


class Run(Record):
    """课件学习: one person and one package: what it says of him, and how long the server saw it open."""

    courseware = models.ForeignKey(Courseware, models.PROTECT, related_name="runs", verbose_name=_("课件"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="runs", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="runs", verbose_name=_("单位"))
    status = models.CharField(_("课件报告的结果"), max_length=12, blank=True, default="", choices=STATUSES)
    score = models.PositiveSmallIntegerField(_("课件报告的分数"), null=True, blank=True)
    begun_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("学完时间"), null=True, blank=True)
    state = RUN_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("课件学习")
        constraints = [
            models.UniqueConstraint(fields=["courseware", "person"], name="courseware_is_learnt_once_by_a_person"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__lte=100), name="score_is_of_a_hundred"),
            models.CheckConstraint(
                condition=Q(state="learning") | Q(finished_at__isnull=False), name="finished_run_says_when"
            ),
        ]

    class Secrecy:
        internal = ("courseware", "person", "unit", "status", "score", "begun_at", "finished_at", "state")
        retention = "10y"

    def __str__(self) -> str:
        return f"{self.courseware} · {self.person}"

    def get_absolute_url(self) -> str:
        return address("courseware:run", self.pk)


class Desk(models.Model):
    """课桌: the one window in which a person learns with a package, and the time that the server counted."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="desk")
    window = models.CharField(max_length=32, default="")
    sequence = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    heard_at = models.DateTimeField()


class Place(models.Model):
    """书签: what one part of the package said last; the next time it goes on from there."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="places")
    part = models.CharField(max_length=200)
    status = models.CharField(max_length=12, blank=True, default="")
    score = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(default=0)  # as the package counts them, of the sessions before
    session = models.FloatField(default=0)  # and of the one that goes on
    location = models.CharField(max_length=1000, blank=True, default="")
    suspended = models.TextField(blank=True, default="")  # cmi.suspend_data
    completion = models.CharField(max_length=20, blank=True, default="")  # in the standard's words
    success = models.CharField(max_length=20, blank=True, default="")
    interactions = models.JSONField(default=list)  # as rules keeps them: what was asked and answered
    objectives = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "part"], name="part_has_one_place_in_a_run")]
