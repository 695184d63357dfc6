"""Counting what is unread."""

from __future__ import annotations

from typing import Any

from yuanqing.shell.inbox.models import Message


def unread_count(account: Any) -> int:
    """One count on a partial index; the top bar of every page asks for it."""
    return Message.objects.visible_to(account).filter(read_at__isnull=True).count() if account.pk else 0
