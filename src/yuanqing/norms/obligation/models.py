"""Who owes what by when; a record fulfils it, nobody types "done"."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.packs.published import current, pack_of
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.period.models import Period
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within


def title_of(kind: str, pack_id: UUID) -> str:
    """What the kind is called in the edition of the pack under which it was opened; no query once that is read."""
    name, _dot, code = kind.partition(".")
    edition = pack_of(pack_id)
    entry = edition.by_code.get(code) if edition.name == name else current(name).by_code.get(code)
    return entry.label if entry else kind


class ObligationQuerySet(RecordQuerySet["Obligation"]):
    def visible_to(self, account: Any) -> ObligationQuerySet:
        own = Q(person_id=account.person_id) if getattr(account, "person_id", None) else Q(pk__in=[])
        return self.filter(within(account.scopes("norms.obligation.view"), "unit__path") | own)

    def owed(self) -> ObligationQuerySet:
        return self.filter(fulfilled_at__isnull=True, lapsed_at__isnull=True, excused_at__isnull=True)


class Obligation(Record):
    """应履行事项: something a unit or a person owes under a clause by a time."""

    kind = models.CharField(_("事项"), max_length=60)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="obligations", verbose_name=_("依据"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="obligations", verbose_name=_("单位"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="obligations")
    period = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="obligations")
    subject = models.UUIDField(null=True, blank=True)  # what it is about, where one kind is owed for several things
    about = models.CharField(_("内容"), max_length=200, blank=True, default="", db_default="")
    opens_on = models.DateField(_("开始日期"))
    due_at = models.DateTimeField(_("截止"))
    fulfilled_at = models.DateTimeField(_("履行时间"), null=True, blank=True)
    fulfilled_by = models.UUIDField(null=True, blank=True)
    lapsed_at = models.DateTimeField(_("逾期未履行认定时间"), null=True, blank=True)
    excused_at = models.DateTimeField(_("不再要求的时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("应履行事项")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit", "person", "period", "opens_on", "subject"],
                name="obligation_is_opened_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(fulfilled_at__isnull=True, fulfilled_by__isnull=True)
                | Q(fulfilled_at__isnull=False, fulfilled_by__isnull=False),
                name="fulfilled_obligation_names_its_record",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_at"], name="obligation_owed", condition=Q(fulfilled_at__isnull=True)),
            models.Index(fields=["period", "unit"], name="obligation_by_period"),
            models.Index(fields=["due_at"], name="obligation_due", condition=Q(fulfilled_at__isnull=True)),
            models.Index(fields=["person", "due_at"], name="obligation_of_person", condition=Q(person__isnull=False)),
        ]

    class Secrecy:
        internal = (
            "kind",
            "clause",
            "unit",
            "person",
            "period",
            "subject",
            "about",
            "opens_on",
            "due_at",
            "fulfilled_at",
            "fulfilled_by",
            "lapsed_at",
            "excused_at",
        )
        retention = "permanent"

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        title = title_of(self.kind, self.clause.pack_id)
        return _("%(what)s：%(about)s") % {"what": title, "about": self.about} if self.about else title

    def get_absolute_url(self) -> str:
        return address("obligation:detail", self.pk)

    @property
    def is_owed(self) -> bool:
        return self.fulfilled_at is None and self.lapsed_at is None and self.excused_at is None

    @property
    def is_late(self) -> bool:
        """Fulfilled after the due time, recorded as not fulfilled, or still owed and overdue."""
        return self.excused_at is None and (
            self.lapsed_at is not None or (self.fulfilled_at or timezone.now()) > self.due_at
        )
