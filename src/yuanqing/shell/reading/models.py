"""Entries of the read log. Rows are only ever added: a trigger refuses everything else."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.org.account.models import Account
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import within
from yuanqing.org.unit.queries import covers_all

KINDS = {
    "record": _("打开记录"),
    "list": _("看清单"),
    "export": _("导出"),
    "file": _("下载文件"),
    "program": _("程序读取"),
}


class ReadEntryQuerySet(models.QuerySet["ReadEntry"]):
    def visible_to(self, account: Any) -> ReadEntryQuerySet:
        """What the people within the auditor's scope read."""
        scope = as_scope(account.scopes("shell.reading.view"))
        return self if covers_all(scope) else self.filter(within(scope, "by__person__unit__path"))


class ReadEntry(models.Model):
    """查阅: somebody opened a sensitive record, or a list or export of so many, with the filter used."""

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("谁"))
    noun = models.CharField(_("对象"), max_length=80)  # duty.noun
    kind = models.CharField(_("方式"), max_length=10, choices=list(KINDS.items()))
    record_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField(_("条数"), null=True)
    filter = models.CharField(_("筛选条件"), max_length=300, blank=True)

    objects: ClassVar[models.Manager[Any]] = ReadEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["-at"], name="read_by_time"),
            models.Index(fields=["by", "-at"], name="read_by_account"),
            models.Index(
                fields=["record_id", "-at"], name="read_by_record", condition=models.Q(record_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.noun}"
