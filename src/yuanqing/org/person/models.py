"""People on the rolls."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.unit.models import Unit, within


class PersonQuerySet(RecordQuerySet["Person"]):
    def visible_to(self, account: Any) -> PersonQuerySet:
        own = models.Q(pk=account.person_id) if getattr(account, "person_id", None) else models.Q(pk__in=[])
        return self.filter(within(account.scopes("org.person.view"), "unit__path") | own)

    def present(self) -> PersonQuerySet:
        return self.filter(left_on__isnull=True)


class Person(Record):
    """人员: somebody employed by a unit."""

    number = models.CharField(_("人员编号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    sort_key = models.CharField(max_length=200, db_collation="C", blank=True)
    spelling = models.CharField(max_length=240, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("所在单位"))
    level = models.CharField(_("级别"), max_length=40, blank=True)
    is_party_member = models.BooleanField(_("中共党员"), default=False)
    email = models.EmailField(_("电子邮箱"), blank=True)
    left_on = models.DateField(_("离开日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        ordering = ["sort_key", "number"]
        indexes = [models.Index(fields=["sort_key"], name="person_by_pinyin")]

    class Secrecy:
        internal = ("number", "name", "sort_key", "spelling", "unit", "level", "is_party_member", "email", "left_on")
        retention = "30y"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("person:detail", self.pk)
