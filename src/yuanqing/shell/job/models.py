"""Long work: what was asked, how far it is, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.addresses import address
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import within
from yuanqing.org.unit.queries import covers_all

STATES = {"waiting": _("等待"), "running": _("进行中"), "done": _("完成"), "failed": _("没有完成")}


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, account: Any) -> JobQuerySet:
        """Each account sees the work it asked for; whoever looks after the system that of the people within the scope."""
        scope = account.scopes("kernel.job.view")
        if covers_all(scope):
            return self
        return self.filter(Q(account_id=account.pk) | within(scope, "account__person__unit__path"))


class Job(models.Model):
    """后台任务: shown with a figure while it runs; may be left and returned to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=60)
    key = models.CharField(max_length=200, blank=True)
    title = models.CharField(_("名称"), max_length=200)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="jobs")
    arguments = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=20, default="waiting", choices=list(STATES.items()))
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(_("进度"), max_length=200, blank=True)
    outcome = models.TextField(_("结果"), blank=True)
    link = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=["waiting", "running"]) & ~models.Q(key=""),
                name="one_job_runs_for_a_key",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("job:detail", self.pk)

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")
