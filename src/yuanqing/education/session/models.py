"""Sessions of activities, and who was there."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.session.lifecycle import ATTENDANCE_LIFECYCLE, LIFECYCLE
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


def new_secret() -> str:
    return secrets.token_hex(16)


class SessionQuerySet(RecordQuerySet["Session"]):
    def visible_to(self, account: Any) -> SessionQuerySet:
        """Those of the units within the scope, and those that oneself or people within the scope are expected at."""
        expected = Participation.objects.visible_to(account).filter(
            activity=OuterRef("activity"), unit__path__startswith=OuterRef("unit__path")
        )
        return self.filter(within(account.scopes("education.session.view"), "unit__path") | Exists(expected))


class Session(Record):
    """场次: one occasion of an activity, for the people of a unit and below who are invited to it."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sessions", verbose_name=_("教育活动"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sessions", verbose_name=_("单位"))
    code = models.CharField(_("编号"), max_length=20)
    place = models.CharField(_("地点"), max_length=120)
    host = models.CharField(_("主持人或主讲人"), max_length=120, blank=True)
    begins_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    secret = models.CharField(max_length=32, default=new_secret)  # what the codes at the door are made from
    minutes = models.TextField(_("记录"), max_length=100_000, blank=True)
    minuted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("记录人")
    )
    state = LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("场次")
        ordering = ["-begins_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="session_code_is_used_once", violation_error_message=_("这个编号刚刚用掉了，请再试一次。")
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("begins_at")),
                name="session_ends_after_it_begins",
                violation_error_message=_("结束时间应晚于开始时间。"),
            ),
        ]  # fmt: skip

    class Secrecy:
        internal = (
            "activity", "unit", "code", "place", "host", "begins_at", "ends_at", "secret", "minutes", "minuted_by", "state",
        )  # fmt: skip
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.activity} {self.code}"

    def get_absolute_url(self) -> str:
        return address("session:detail", self.pk)


class AttendanceQuerySet(RecordQuerySet["Attendance"]):
    def visible_to(self, account: Any) -> AttendanceQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("education.session.view"), "unit__path") | own)


class Attendance(Record):
    """到场: one person at one session: there, or away for a reason."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances", verbose_name=_("场次"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="attendances", verbose_name=_("单位"))
    way = models.CharField(_("凭据"), max_length=40)  # qr or list
    at = models.DateTimeField(_("时间"))
    reason = models.CharField(_("缺席理由"), max_length=40, blank=True)  # of the education pack's table absence_reason
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人"))
    state = ATTENDANCE_LIFECYCLE.field()

    objects: ClassVar[models.Manager[Any]] = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("到场")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="person_is_entered_once_at_a_session",
                violation_error_message=_("这个人这一场已经登记过。"),
            ),
            models.CheckConstraint(condition=~Q(state="absent") | ~Q(reason=""), name="absence_says_why"),
        ]

    class Secrecy:
        internal = ("session", "person", "unit", "way", "at", "by", "state")
        sensitive = ("reason", "note")
        wall = ("education.session.view",)
        retention = "30y"

    def __str__(self) -> str:
        return f"{self.session} · {self.person}"

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()


class CorrectionQuerySet(RecordQuerySet["Correction"]):
    def visible_to(self, account: Any) -> CorrectionQuerySet:
        return self.filter(attendance__in=Attendance.objects.visible_to(account))


class Correction(Record):
    """到场更正: a later entry that says why somebody entered as present was not there; what was entered stays readable."""

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="corrections", verbose_name=_("到场"))
    was_way = models.CharField(_("原来的凭据"), max_length=40)
    was_at = models.DateTimeField(_("原来的时间"))
    reason = models.CharField(_("更正的理由"), max_length=300)
    at = models.DateTimeField(_("更正时间"))
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("更正人"))

    objects: ClassVar[models.Manager[Any]] = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("到场更正")
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="correction_of_attendance_says_why")]

    class Secrecy:
        internal = ("attendance", "was_way", "was_at", "at", "by")
        sensitive = ("reason",)
        wall = ("education.session.view",)
        retention = "30y"

    def __str__(self) -> str:
        return str(self.attendance)

    def get_absolute_url(self) -> str:
        return self.attendance.get_absolute_url()
