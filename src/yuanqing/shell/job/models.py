"""Long work: what was asked, how far it is, and what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.org.account.models import Account


class Job(models.Model):
    """后台任务: shown with a figure while it runs; may be left and returned to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=60)
    key = models.CharField(max_length=200, blank=True)
    title = models.CharField(_("名称"), max_length=200)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="jobs")
    arguments = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=20, default="waiting")  # waiting, running, done, failed
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(_("进度"), max_length=200, blank=True)
    outcome = models.TextField(_("结果"), blank=True)
    link = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
