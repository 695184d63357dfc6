"""Recusals, and the barrier they put up before every noun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.recusal.lifecycle import LIFECYCLE
from yuanqing.org.unit.models import Unit, within

ABOUT = {"person": _("人员"), "unit": _("单位及其下级"), "record": _("一条记录")}


class RecusalQuerySet(RecordQuerySet["Recusal"]):
    def visible_to(self, account: Any) -> RecusalQuerySet:
        """One's own, those one asked for, and those of the people one looks after."""
        own = Q(account=account.pk) | Q(asked_by=account.pk)
        return self.filter(own | within(account.scopes("org.recusal.view"), "account__person__unit__path"))


class Recusal(Record):
    """回避: an account keeps out of what concerns a person, a unit or one record; it wins over every grant."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="recusals", verbose_name=_("回避人"))
    ground = models.CharField(_("情形"), max_length=40)  # of the roles pack's table recusal_ground
    about = models.CharField(_("关于"), max_length=10, choices=list(ABOUT.items()))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位"))
    record_model = models.CharField(max_length=100, blank=True, db_default="")
    record_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    state = LIFECYCLE.field()
    asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    decided_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decision = models.CharField(_("决定的理由"), max_length=300, blank=True, db_default="")

    objects: ClassVar[models.Manager[Any]] = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("回避")
        indexes = [models.Index(fields=["account", "state"], name="recusal_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(about="person", person__isnull=False, unit__isnull=True, record_id__isnull=True)
                | Q(about="unit", unit__isnull=False, person__isnull=True, record_id__isnull=True)
                | Q(about="record", record_id__isnull=False, person__isnull=True, unit__isnull=True),
                name="recusal_is_about_one_thing",
                violation_error_message=_("回避只能关于一个人、一个单位或者一条记录。"),
            )
        ]

    class Secrecy:
        internal = (
            "account", "ground", "about", "person", "unit", "record_model", "record_id", "state", "asked_by",
            "decided_by",
        )  # fmt: skip
        sensitive = ("reason", "decision")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.account} · {self.get_about_display()}"

    @property
    def begun_in(self) -> str:
        """The state in which it was made: declared by oneself, ordered by who decides, or asked for by somebody else."""
        if self.asked_by_id == self.account_id:
            return "declared"
        is_ordered = self.decided_by_id == self.asked_by_id and not self.decision and self.state == "in_force"
        return "in_force" if is_ordered else "requested"

    def get_absolute_url(self) -> str:
        return address("recusal:detail", self.pk)


Concern = Callable[[Any], Q]
_concerns: dict[type[models.Model], list[Concern]] = {}


def concerns(model: type[models.Model], condition: Concern) -> None:
    """Say which rows of a model concern persons (a set of ids), where no foreign key to a person says it."""
    _concerns.setdefault(model, []).append(condition)


def concerned(model: type[models.Model], denied: Any) -> Q:
    """Rows of the model that a denial reaches: the records named, what refers to them, and what refers to the persons
    and units named."""
    found = Q(pk__in=denied.records.get(model._meta.label_lower, ()))
    if denied.persons:
        found |= Q(pk__in=denied.persons) if model is Person else Q()
        for condition in _concerns.get(model, ()):
            found |= condition(denied.persons)
    if model is Unit:
        found |= _under("path", denied.paths)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            found |= _through(field, denied)
    return found


def _through(field: Any, denied: Any) -> Q:
    target = field.related_model
    found = Q()
    if ids := denied.records.get(target._meta.label_lower):
        found |= Q(**{f"{field.name}__in": ids})
    if target is Person and denied.persons:
        found |= Q(**{f"{field.name}__in": denied.persons})
    if target is Unit:
        found |= _under(f"{field.name}__path", denied.paths)
    return found


def _under(field: str, paths: Any) -> Q:
    found = Q()
    for path in paths:
        found |= Q(**{f"{field}__startswith": path})
    return found


def own(model: type[models.Model], account: Any) -> Q | None:
    """Rows that are addressed to the account itself, which no recusal hides from it; None when there can be none."""
    if model is Account:
        return Q(pk=account.pk)
    named = {f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model is Account}
    return Q(account=account.pk) if "account" in named else None


def ids_of_concern(model: type[models.Model], denied: Any) -> models.QuerySet[Any]:
    """The ids of a model's rows that a denial reaches; for a condition in a larger statement."""
    rows: models.QuerySet[Any] = model._base_manager.filter(concerned(model, denied))
    return rows.order_by().values("pk")


class RecusalBarrier:
    """回避屏障: hides from every queryset, and closes to every act, what the account must keep out of."""

    def hide(self, rows: models.QuerySet[Any], account: Any) -> models.QuerySet[Any]:
        denied = getattr(account, "denied", None)
        if not denied:
            return rows
        kept = ~concerned(rows.model, denied)
        mine = own(rows.model, account)
        return rows.filter(kept | mine if mine is not None else kept)

    def reason(self, record: models.Model, by: Any) -> str:
        denied = getattr(by, "denied", None)
        if not denied or not self._reaches(record, by, denied):
            return ""
        return str(_("您应当回避这件事项，不能查看，也不能办理。"))

    def _reaches(self, record: models.Model, by: Any, denied: Any) -> bool:
        if (isinstance(record, Account) and record.pk == by.pk) or getattr(record, "account_id", None) == by.pk:
            return False
        if not record._state.adding:
            found = type(record)._base_manager.filter(pk=record.pk).filter(concerned(type(record), denied))
            return bool(found.exists())
        return any(self._names(record, f, denied) for f in record._meta.concrete_fields if f.is_relation)

    def _names(self, record: models.Model, field: Any, denied: Any) -> bool:
        """Whether a new record refers, by this field, to what is denied."""
        pk: UUID | None = getattr(record, field.attname)
        if pk is None:
            return False
        target = field.related_model
        if target is Unit:
            return bool(denied.covers(getattr(record, field.name).path))
        if target is Account and denied.persons:
            return getattr(record, field.name).person_id in denied.persons
        return pk in denied.records.get(target._meta.label_lower, ()) or (target is Person and pk in denied.persons)
