"""Files that belong to records, and uploads under way."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel import barriers
from yuanqing.kernel.addresses import address
from yuanqing.kernel.records import Record, RecordQuerySet
from yuanqing.kernel.store.contents import in_words
from yuanqing.kernel.store.media import KINDS
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit
from yuanqing.shell.file.registry import Purpose, purposes

LEVELS = {"open": _("公开"), "internal": _("内部"), "sensitive": _("工作秘密")}
FRESH = timedelta(days=1)  # whoever adds a file sees it for a day, until the record that it is for speaks of it


class FileQuerySet(RecordQuerySet["File"]):
    def visible_to(self, account: Any) -> FileQuerySet:
        """Whoever may see the record a file is about; and for a day whoever added it."""
        condition = _fresh(account)
        for each in purposes().values():
            condition |= each.condition(account)
        return self.filter(condition)

    def of(self, purpose: str, account: Any) -> FileQuerySet:
        """Those of one purpose that the account may see: no condition of another purpose lets one of them in."""
        seen = self.filter(_fresh(account) | purposes()[purpose].condition(account), purpose=purpose)
        return barriers.before(seen, account)


def _fresh(account: Any) -> Q:
    return Q(added_by=account.pk, added_at__gte=timezone.now() - FRESH) if account.pk else Q(pk__in=[])


class File(Record):
    """附件: a file handed in, told by its content, for one purpose."""

    name = models.CharField(_("文件名"), max_length=150)
    media_type = models.CharField(_("种类"), max_length=100)
    size = models.BigIntegerField(_("大小"))  # bytes
    digest = models.CharField(
        _("校验值"), max_length=64, db_index=True
    )  # SHA-256 of the content, and its place in the store
    purpose = models.CharField(_("用途"), max_length=60)
    about = models.UUIDField(
        null=True, blank=True, db_index=True
    )  # the record, of the purpose's model, that it belongs to
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("单位"))
    level = models.CharField(_("密级"), max_length=20, choices=list(LEVELS.items()), default="internal")
    added_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("上传人")
    )
    added_at = models.DateTimeField(_("上传时间"))

    objects: ClassVar[models.Manager[Any]] = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        ordering = ["-added_at"]
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="file_is_not_empty")]

    class Secrecy:
        internal = ("media_type", "size", "purpose", "about", "unit", "level", "added_by", "added_at")
        sensitive = ("name", "digest")
        retention = "30y"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("file:download", self.pk)

    @property
    def kind(self) -> str:
        found = KINDS.get(self.media_type)
        return str(found.label) if found else self.media_type

    @property
    def family(self) -> str:
        """document, sheet, slides, picture, video, sound, text or archive."""
        found = KINDS.get(self.media_type)
        return found.family if found else ""

    @property
    def shown_size(self) -> str:
        return in_words(self.size)

    @property
    def subject(self) -> Purpose | None:
        return purposes().get(self.purpose)


class Upload(models.Model):
    """上传: a file on its way in pieces; gone a day after it was left."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=150)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=60)
    about = models.UUIDField(null=True, blank=True)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="uploads")
    begun_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.name
