"""Published packs: versions never change, records cite code@version."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.records import Record, RecordQuerySet


class PackVersionQuerySet(RecordQuerySet["PackVersion"]):
    def visible_to(self, account: Any) -> PackVersionQuerySet:
        return self  # rules are public to everybody signed in

    def in_force(self, on: Any) -> PackVersionQuerySet:
        """The latest version of each pack that applies on this day."""
        return self.filter(effective_from__lte=on).order_by("name", "-effective_from", "-published_at").distinct("name")


class PackVersion(Record):
    """规则包版本: one published version of a pack, with its whole content and fingerprint."""

    name = models.SlugField(_("规则包"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    kind = models.CharField(_("类别"), max_length=30)
    edition = models.CharField(_("版本"), max_length=30)
    effective_from = models.DateField(_("施行日期"))
    published_at = models.DateTimeField(_("发布时间"))
    fingerprint = models.CharField(_("指纹"), max_length=64)
    content = models.JSONField(_("内容"))

    objects: ClassVar[models.Manager[Any]] = PackVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("规则包版本")
        constraints = [models.UniqueConstraint(fields=["name", "edition"], name="pack_edition_is_published_once")]

    class Secrecy:
        open = ("name", "title", "kind", "edition", "effective_from", "published_at", "fingerprint", "content")
        retention = "permanent"

    def __str__(self) -> str:
        return f"{self.title} {self.edition}"

    @property
    def cite(self) -> str:
        return f"{self.name}@{self.edition}"
