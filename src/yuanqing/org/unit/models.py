"""Units as they are now, and their dated places in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.org.scope.rules import Reach, Scope, as_scope
from yuanqing.org.unit.rules import CODE

NOTHING = Q(pk__in=[])


def within(prefixes: Iterable[str], field: str = "path") -> Q:
    """Rows whose path lies within a scope, or in one of these subtrees; nothing for an empty one.

    Conditions on the path alone, so that an index of paths serves them: a prefix, the exact path for a unit alone, and
    beside the prefix a pattern where the reach ends after some levels. What is denied is cut out last.
    """
    scope = as_scope(prefixes)
    condition = NOTHING
    for reach in scope.reaches:
        condition |= _reached(reach, field)
    for path in scope.denied:
        condition &= ~Q(**{f"{field}__startswith": path})
    return condition


def at_the_top(scope: Scope, field: str = "path") -> Q:
    """Rows of the very units at which a scope begins, without what lies below them."""
    return Q(**{f"{field}__in": [reach.path for reach in scope.reaches]})


def _reached(reach: Reach, field: str) -> Q:
    if reach.path == "" and reach.depth is None:
        return ~NOTHING  # an empty Q would vanish when a caller adds “or”
    if reach.depth == 0:
        return Q(**{field: reach.path})
    below = Q(**{f"{field}__startswith": reach.path})
    if reach.depth is None:
        return below
    return below & Q(**{f"{field}__regex": f"^{re.escape(reach.path)}([^/]+/){{0,{reach.depth}}}$"})


class UnitQuerySet(RecordQuerySet["Unit"]):
    def visible_to(self, account: Any) -> UnitQuerySet:
        return self.filter(within(account.scopes("org.unit.view")))

    def active(self) -> UnitQuerySet:
        return self.filter(ended_on__isnull=True)

    def in_subtree(self, unit: Unit) -> UnitQuerySet:
        return self.filter(path__startswith=unit.path)


class Unit(Record):
    """单位: a unit as it stands today; its history is in its placements."""

    code = models.CharField(
        _("单位代码"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(CODE, _("单位代码只能用字母、数字、点、横线和下划线，以字母或数字开头。"))],
    )
    name = models.CharField(_("单位名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    kind = models.CharField(_("单位类别"), max_length=40, blank=True)
    peer_group = models.CharField(_("同类组"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    path = models.CharField(_("路径"), max_length=400, db_collation="C", unique=True)
    sort_key = models.CharField(max_length=200, db_collation="C", blank=True)
    spelling = models.CharField(max_length=240, blank=True)
    is_reporting = models.BooleanField(_("报送月报"), default=True)
    began_on = models.DateField(_("设立日期"))
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        ordering = ["path"]
        indexes = [models.Index(fields=["sort_key"], name="unit_by_pinyin")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=CODE),
                name="unit_code_fits_into_a_path",
                violation_error_message=_("单位代码只能用字母、数字、点、横线和下划线，以字母或数字开头。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=models.F("began_on")),
                name="unit_ends_after_it_began",
                violation_error_message=_("撤销日期必须晚于设立日期。"),
            ),
        ]

    class Secrecy:
        open = (
            "code",
            "name",
            "short_name",
            "kind",
            "peer_group",
            "parent",
            "path",
            "sort_key",
            "spelling",
            "is_reporting",
            "began_on",
            "ended_on",
        )
        retention = "permanent"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("unit:detail", self.pk)

    @property
    def depth(self) -> int:
        return self.path.count("/")

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def codes_above(self) -> list[str]:
        """Codes from the root down to the parent."""
        return self.path.rstrip("/").split("/")[:-1]


class PlacementQuerySet(RecordQuerySet["Placement"]):
    def visible_to(self, account: Any) -> PlacementQuerySet:
        return self.filter(within(account.scopes("org.unit.view"), "unit__path"))

    def on(self, day: Any) -> PlacementQuerySet:
        """The tree as it was on a day."""
        return self.filter(during__contains=day)


class Placement(Record):
    """单位沿革: name, parent and kind of a unit during a period; periods never overlap and never lack a parent."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="placements", verbose_name=_("单位"))
    parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("上级单位")
    )
    name = models.CharField(_("单位名称"), max_length=200)
    kind = models.CharField(_("单位类别"), max_length=40, blank=True)
    peer_group = models.CharField(_("同类组"), max_length=40, blank=True)
    path = models.CharField(_("路径"), max_length=400, db_collation="C")
    during = DateRangeField(_("期间"))
    reason = models.CharField(_("事由"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位沿革")
        constraints = [
            ExclusionConstraint(
                name="unit_has_one_place_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("同一单位在同一时间只能有一个名称和上级。"),
            ),
            models.CheckConstraint(condition=Q(during__isempty=False), name="placement_lasts_at_least_a_day"),
        ]

    class Secrecy:
        open = ("unit", "parent", "name", "kind", "peer_group", "path", "during", "reason")
        retention = "permanent"

    def __str__(self) -> str:
        return self.name
