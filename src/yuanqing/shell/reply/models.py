"""Answers to writes that bore a key, kept for a day so that the same write again gets the same answer."""

from __future__ import annotations

from django.db import models

from yuanqing.org.account.models import Account


class Reply(models.Model):
    """应答: what was answered to a key of an account; a record of nothing, gone after a day."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="replies")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=b"")
    answered_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="reply_to_a_key_is_one")]

    def __str__(self) -> str:
        return self.key
