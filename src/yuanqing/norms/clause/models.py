"""Clauses of published packs, one row each, so that records can cite and people can open them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.records import Record, RecordQuerySet


class ClauseQuerySet(RecordQuerySet["Clause"]):
    def visible_to(self, account: Any) -> ClauseQuerySet:
        return self


class Clause(Record):
    """条款: one clause of one published version of a pack, cited as pack.code@edition."""

    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="clauses", verbose_name=_("规则包"))
    code = models.CharField(_("编号"), max_length=40)
    parent_code = models.CharField(_("上级编号"), max_length=40, blank=True)
    title = models.CharField(_("标题"), max_length=300)
    text = models.TextField(_("内容"), blank=True)
    source = models.CharField(_("出处"), max_length=300, blank=True)
    mark = models.CharField(_("核实程度"), max_length=10, blank=True)
    position = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Any]] = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("条款")
        ordering = ["pack", "position"]
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="clause_code_is_unique_in_its_edition")]

    class Secrecy:
        open = ("pack", "code", "parent_code", "title", "text", "source", "mark", "position")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return address("clause:detail", self.pk)

    @property
    def cite(self) -> str:
        return f"{self.pack.name}.{self.code}@{self.pack.edition}"
