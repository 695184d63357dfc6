"""Notices and reminders in the inbox of an account; they tell of records and are none themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yuanqing.org.account.models import Account


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, account: Any) -> MessageQuerySet:
        return self.filter(account_id=account.pk)


class Message(models.Model):
    """消息: one line in somebody's inbox; `key` makes sending it twice harmless."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="messages")
    key = models.CharField(max_length=200)
    kind = models.CharField(_("种类"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    link = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("邮件发送时间"), null=True, blank=True)

    objects: ClassVar[models.Manager[Any]] = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="message_is_sent_once")]
        indexes = [
            models.Index(fields=["account", "-sent_at"], name="message_by_account"),
            models.Index(fields=["account"], name="message_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["sent_at"], name="message_unmailed", condition=models.Q(mailed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title
