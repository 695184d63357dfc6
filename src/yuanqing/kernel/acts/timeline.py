"""What the ledger says happened to a record, for people to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.acts.steps import SYSTEM, registry
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.records import Record


@dataclass(frozen=True)
class Happening:
    """One line of a record's history."""

    at: datetime
    who: str
    label: str
    note: dict[str, Any]
    seq: int


def history(record: Record, *others: Record) -> list[Happening]:
    """What the ledger says happened to the record (and to the parts of it that are given), newest first."""
    entries = list(Entry.objects.filter(record_id__in=[record.pk, *(o.pk for o in others)]).order_by("-seq"))
    accounts = get_user_model()._default_manager.in_bulk({e.by_id for e in entries if e.by_id})
    labels = {a.name: str(a.label) for a in registry.values()}
    return [
        Happening(
            timezone.localtime(e.at),
            str(accounts.get(e.by_id, "") if e.by_id else SYSTEM),
            labels.get(e.act, e.act),
            json.loads(e.note) if e.note else {},
            e.seq,
        )
        for e in entries
    ]


def last_word(record: Record) -> str:
    """Who touched the record last, as a sentence; "" when nobody has."""
    entry = Entry.objects.filter(record_id=record.pk).order_by("-seq").first()
    if entry is None:
        return ""
    account = get_user_model()._default_manager.filter(pk=entry.by_id).first() if entry.by_id else SYSTEM
    label = next((a.label for a in registry.values() if a.name == entry.act), entry.act)
    when = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")
    return _("%(who)s已于 %(when)s 办理“%(what)s”。") % {"who": account, "when": when, "what": label}
