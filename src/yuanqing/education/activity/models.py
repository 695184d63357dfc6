"""Activities of a plan, and who is meant to take part in each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.activity.lifecycle import LIFECYCLE, PARTICIPATION_LIFECYCLE
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.notice.models import Notice
from yuanqing.kernel.addresses import address
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class ActivityQuerySet(RecordQuerySet["Activity"]):
    def visible_to(self, account: Any) -> ActivityQuerySet:
        """What the units within the scope hold, and what oneself or people within the scope are invited to."""
        invited = Participation.objects.visible_to(account).filter(activity=OuterRef("pk"))
        planning = within(account.scopes("education.activity.plan"), "unit__path")
        seen = within(account.scopes("education.activity.view"), "unit__path") | Exists(invited)
        return self.filter(planning | (~Q(state="planned") & seen))


class Activity(Record):
    """教育活动: something people take part in, tied to clauses, for those its audience means."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="activities", verbose_name=_("教育计划"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="activities", verbose_name=_("举办单位"))
    kind = models.CharField(_("形式"), max_length=40)  # a code of the education pack's table activity_kind
    title = models.CharField(_("名称"), max_length=120)
    summary = models.TextField(_("内容"), max_length=5000, blank=True)
    clauses = models.JSONField(_("对应条款"), default=list, blank=True)  # "pack.code" of rule packs
    audience = models.JSONField(_("对象"), default=list, blank=True)
    begins_on = models.DateField(_("开始日期"))
    due_on = models.DateField(_("最迟参加日期"))
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("讲话或材料")
    )
    announced_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_reason = models.CharField(_("取消的理由"), max_length=300, blank=True)
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("教育活动")
        ordering = ["-begins_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("begins_on")),
                name="activity_is_due_after_it_begins",
                violation_error_message=_("最迟参加日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "cancelled")) | Q(announced_at__isnull=False),
                name="announced_activity_says_when",
            ),
        ]

    class Secrecy:
        internal = (
            "campaign", "unit", "kind", "title", "summary", "clauses", "audience", "begins_on", "due_on", "notice",
            "announced_at", "ended_at", "ended_reason", "state",
        )  # fmt: skip
        retention = "permanent"

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        entry = current("education").by_code.get(self.kind)
        return str(entry.label) if entry else self.kind

    def get_absolute_url(self) -> str:
        return address("activity:detail", self.pk)


class ParticipationQuerySet(RecordQuerySet["Participation"]):
    def visible_to(self, account: Any) -> ParticipationQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.activity.view"), "unit__path") | own)

    def due(self) -> ParticipationQuerySet:
        """Without those who are no longer asked for."""
        return self.exclude(state="released")


class Participation(Record):
    """参加: one person and one activity: by which rule invited, until when, and when and how taken part."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="participations", verbose_name=_("教育活动"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="participations", verbose_name=_("单位"))
    rank = models.CharField(_("职级"), max_length=40, blank=True)
    is_key = models.BooleanField(_("重点岗位"), default=False)
    rule = models.PositiveSmallIntegerField(default=0)  # which of the audience's rules meant this person
    due_at = models.DateTimeField(_("最迟"))
    invited_at = models.DateTimeField(_("通知时间"))
    attended_at = models.DateTimeField(_("参加时间"), null=True, blank=True)
    way = models.CharField(_("凭据"), max_length=40, blank=True)  # qr, list, course: what proves it
    state = PARTICIPATION_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("参加")
        constraints = [
            models.UniqueConstraint(fields=["activity", "person"], name="person_is_invited_once_to_an_activity"),
            models.CheckConstraint(
                condition=~Q(state="attended") | Q(attended_at__isnull=False), name="attended_says_when"
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="participation_of_person")]

    class Secrecy:
        internal = (
            "activity", "person", "unit", "rank", "is_key", "rule", "due_at", "invited_at", "attended_at", "way", "state",
        )  # fmt: skip
        retention = "30y"

    def __str__(self) -> str:
        return f"{self.activity} · {self.person}"

    def get_absolute_url(self) -> str:
        return self.activity.get_absolute_url()


def offered(capability: str, account: Any) -> Q:
    """What belongs to an activity: of the units within the scope, and, unless a draft, of what oneself is invited to."""
    seen = within(account.scopes(capability), "unit__path")
    person = getattr(account, "person_id", None)
    invited = Participation.objects.due().filter(activity=OuterRef("activity"), person=person)
    return seen | Q(~Q(state="draft"), Exists(invited)) if person else seen
