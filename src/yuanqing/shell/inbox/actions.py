"""Sending messages to inboxes and by mail, each once; reading them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from yuanqing.org.account.models import Account
from yuanqing.shell.inbox.models import Message


def send(accounts: Iterable[Account | UUID], *, key: str, kind: str, title: str, body: str = "", link: str = "") -> int:
    """One line in each inbox; the same key again changes nothing. Titles never name persons. Returns the lines written."""
    ids = {one.pk if isinstance(one, Account) else one for one in accounts}
    return deliver(
        Message(account_id=pk, key=key, kind=kind, title=title[:200], body=body, link=link, sent_at=timezone.now())
        for pk in sorted(ids, key=str)
    )


def deliver(messages: Iterable[Message]) -> int:
    """Write messages that differ from reader to reader; those whose key is known are left as they are."""
    fresh = list(messages)
    before = {(one.account_id, one.key) for one in fresh}
    known = set(
        Message.objects.filter(
            account_id__in={account for account, _key in before}, key__in={key for _account, key in before}
        ).values_list("account_id", "key")
    )
    new = [one for one in fresh if (one.account_id, one.key) not in known]
    Message.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
    return len(new)


def mark_read(account: Any, messages: Any = None) -> int:
    """Mark the account's unread messages (all, or those of a queryset) as read; returns how many were unread."""
    rows = Message.objects.visible_to(account) if messages is None else messages.visible_to(account)
    return int(rows.filter(read_at__isnull=True).update(read_at=timezone.now()))


def mail(kind: str) -> int:
    """Mail the messages of a kind that have not been mailed to accounts with an address; each in its own transaction.

    A message is marked together with sending it, so that a crash repeats one mail at most.
    """
    waiting = Message.objects.filter(kind=kind, mailed_at__isnull=True, account__is_active=True)
    ids = list(waiting.exclude(account__email="").order_by("sent_at", "pk").values_list("pk", flat=True))
    if not ids:
        return 0
    with get_connection() as post:
        return sum(_mail_one(pk, post) for pk in ids)


def _mail_one(pk: int, post: Any) -> int:
    with transaction.atomic():
        rows = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
        message = rows.filter(pk=pk, mailed_at__isnull=True).first()
        if message is None:
            return 0
        message.mailed_at = timezone.now()
        message.save(update_fields=["mailed_at"])
        EmailMessage(message.title, message.body, to=[message.account.email], connection=post).send()
    return 1
