"""What the ledger says happened to a record, for people to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.acts.steps import SYSTEM, registry
from yuanqing.kernel.database.prepared import prepared_cursor
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


class Line(NamedTuple):
    """What is told of an entry; its digests are not."""

    seq: int
    at: datetime
    act: str
    by_id: UUID | None
    note: str


LINES = "SELECT seq, at, act, by_id, note FROM kernel_entry WHERE record_id = ANY(%s::uuid[]) ORDER BY seq DESC"


def history(record: Record, *others: Record) -> list[Happening]:
    """What the ledger says happened to the record (and to the parts of it that are given), newest first."""
    with prepared_cursor() as cursor:
        cursor.execute(LINES, [[record.pk, *(o.pk for o in others)]])
        return happenings([Line(*row) for row in cursor.fetchall()])


def happenings(entries: Iterable[Entry | Line]) -> list[Happening]:
    """Entries of the ledger in words: who did it, and for whom when she stood in for somebody (代理)."""
    entries = list(entries)
    notes = [json.loads(e.note) if e.note else {} for e in entries]
    ids = {e.by_id for e in entries if e.by_id} | {UUID(n["behalf"]) for n in notes if "behalf" in n}
    accounts = get_user_model()._default_manager.in_bulk(ids) if ids else {}
    names = {e.act for e in entries}
    labels = {a.name: str(a.label) for a in registry.values() if a.name in names}
    return [
        Happening(timezone.localtime(e.at), _who(e, note, accounts), labels.get(e.act, e.act), note, e.seq)
        for e, note in zip(entries, notes, strict=True)
    ]


def _who(entry: Entry | Line, note: dict[str, Any], accounts: Mapping[Any, Any]) -> str:
    name = str(accounts.get(entry.by_id, "") if entry.by_id else SYSTEM)
    if "behalf" not in note:
        return name
    return _("%(who)s（代%(whom)s）") % {"who": name, "whom": accounts.get(UUID(note["behalf"]), "")}


def last_word(record: Record) -> str:
    """Who touched the record last, as a sentence; "" when nobody has."""
    entries = list(Entry.objects.filter(record_id=record.pk).order_by("-seq")[:1])
    if not entries:
        return ""
    found = happenings(entries)[0]
    when = found.at.strftime("%Y-%m-%d %H:%M:%S")
    return _("%(who)s已于 %(when)s 办理“%(what)s”。") % {"who": found.who, "when": when, "what": found.label}
