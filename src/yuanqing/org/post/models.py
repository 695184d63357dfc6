"""Posts, who holds them, and who manages which cadres."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


class Days(models.Func):
    """The days from a first to a last, both included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PostQuerySet(RecordQuerySet["Post"]):
    def visible_to(self, account: Any) -> PostQuerySet:
        return self.filter(within(account.scopes("org.post.view"), "unit__path"))


class Post(Record):
    """岗位: a post of a unit, with its rank and whether it is a key post."""

    code = models.CharField(_("岗位代码"), max_length=40, unique=True)
    name = models.CharField(_("岗位名称"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    rank = models.CharField(_("职级"), max_length=40, blank=True)
    is_key = models.BooleanField(_("重点岗位"), default=False)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        ordering = ["code"]

    class Secrecy:
        internal = ("code", "name", "unit", "rank", "is_key", "ended_on")
        retention = "permanent"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("post:detail", self.pk)


class AppointmentQuerySet(RecordQuerySet["Appointment"]):
    def visible_to(self, account: Any) -> AppointmentQuerySet:
        return self.filter(within(account.scopes("org.post.view"), "post__unit__path"))

    def on(self, day: Any) -> AppointmentQuerySet:
        return self.filter(during__contains=day)


class Appointment(Record):
    """任职: a person holds a post during a period."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name=_("岗位"))
    during = DateRangeField(_("任期"))
    document = models.CharField(_("任免文号"), max_length=100, blank=True)

    objects: ClassVar[models.Manager[Any]] = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        constraints = [
            ExclusionConstraint(
                name="person_holds_a_post_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个人在这段时间已经担任这个岗位。"),
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="appointment_lasts_at_least_a_day"),
        ]

    class Secrecy:
        internal = ("person", "post", "during", "document")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"


class JurisdictionQuerySet(RecordQuerySet["Jurisdiction"]):
    def visible_to(self, account: Any) -> JurisdictionQuerySet:
        return self.filter(within(account.scopes("org.post.view"), "unit__path"))

    def on(self, day: Any) -> JurisdictionQuerySet:
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)))


class Jurisdiction(Record):
    """干部管理权限: which unit manages the cadres of a rank in another unit and below."""

    manager = models.ForeignKey(Unit, models.PROTECT, related_name="manages", verbose_name=_("主管单位"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="managed_by", verbose_name=_("干部所在单位"))
    rank = models.CharField(_("职级"), max_length=40)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("干部管理权限")
        constraints = [
            ExclusionConstraint(
                name="rank_of_a_unit_has_one_manager_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("rank", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个单位的这一职级在这段时间已经定了主管单位。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="jurisdiction_ends_after_it_starts",
                violation_error_message=_("终止日期不能早于起始日期。"),
            ),
        ]

    class Secrecy:
        internal = ("manager", "unit", "rank", "starts_on", "ends_on")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.unit} · {self.rank}"
