"""Choice tables, clocks, who must keep out, who can handle, and the opened papers of a lead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.lead import rules
from yuanqing.cases.lead.lifecycle import ENDED
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import clock, concerned, is_barred, to_bring_above
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedPiece, SealedValue
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.queries import allowing
from yuanqing.org.person.models import Person
from yuanqing.org.recusal.lifecycle import HOLDING
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.unit.models import Unit

CHANNEL = "lead"


class Codes:
    """代码表: what the packs in force offer for choice."""

    def __init__(self) -> None:
        self.pack = current("leads")

    def table(self, name: str) -> dict[str, Entry]:
        return {e.code: e for e in self.pack.table(name)}

    @cached_property
    def levels(self) -> dict[str, Entry]:
        return {e.code: e for e in current("hotline").table("level")}

    @cached_property
    def ranks(self) -> list[str]:
        """Levels from low to high; what is not known stands lowest."""
        return ["level_unknown", *(code for code in self.levels if code != "level_unknown")]

    def goes_up(self, level: str) -> bool:
        return bool(self.levels[level].data["values"].get("route") == "up")

    def number(self, code: str) -> int:
        return int(self.pack.entry(code).value)

    def label(self, table: str, code: str) -> str:
        found = self.levels if table == "level" else self.table(table)
        return found[code].label if code in found else code

    def choices(self, table: str) -> list[tuple[str, str]]:
        found = self.levels if table == "level" else self.table(table)
        return [(e.code, e.label) for e in found.values()]

    def value(self, table: str, code: str, name: str) -> str:
        values: dict[str, str] = self.table(table)[code].data["values"]
        return values.get(name, "")


def next_number(on: date) -> str:
    """A number that was never given; gaps may remain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_lead_number')")
        return f"XS{on.year}-{cursor.fetchone()[0]:06d}"


def due(code: str, start: date | None = None) -> date:
    return clock(code, start or timezone.localdate())


# Who must keep out, who can come in


def to_keep_out(persons: Iterable[Person], petition: Petition | None = None) -> set[UUID]:
    """Accounts that must keep out of a matter about these persons: their own and those of the people they lead, those
    who are recused from them or their units, and those who kept out of the petition."""
    today, found = timezone.localdate(), set[UUID]()
    for person in persons:
        found |= set(concerned(person, today))
        own = Q(about="person", person=person)
        about = Recusal.objects.filter(state__in=HOLDING).select_related("unit")
        found |= set(about.filter(own).values_list("account_id", flat=True))
        for recusal in about.filter(about="unit"):
            if recusal.unit is not None and person.unit.path.startswith(recusal.unit.path):
                found.add(recusal.account_id)
    if petition is not None:
        holders = Holder.objects.active().filter(account_id__isnull=False)
        found |= {h.account_id for h in holders if h.account_id and is_barred(petition, h.account_id)}
    return found


def origin(lead: Lead) -> Petition | None:
    """The petition it came from: who keeps out of that one keeps out of the lead, though most who handle the lead do not see it."""
    with as_system():
        return lead.petition


def able(capabilities: Sequence[str], unit: Unit) -> list[Holder]:
    """Holders of keys whose grants of today allow one of these for the unit; one statement for each table."""
    fit = {grant.account_id for grant in allowing(capabilities, unit)}
    return list(Holder.objects.active().filter(kind="person", account_id__in=fit))


def accounts_of(holders: Iterable[Holder]) -> list[UUID]:
    return [h.account_id for h in holders if h.account_id]


# Papers


@dataclass
class Draft:
    """待存材料: a paper that is sealed already and not saved yet; what acts take."""

    kind: str
    value: SealedValue
    pieces: list[SealedPiece] = field(default_factory=list)


def drafted(record: Any, said: dict[str, str], channel: str = CHANNEL) -> list[Draft]:
    """Kind → text, sealed in memory to the key of a lead or a case; empty texts are left out."""
    return [_draft(record, kind, {"text": text.strip()}, channel) for kind, text in said.items() if text.strip()]


def _draft(record: Any, kind: str, content: dict[str, Any], channel: str) -> Draft:
    value = store.new_value(record.key, channel, record.pk, kind)
    return Draft(kind, value, store.sealed_in(value, json.dumps(content, ensure_ascii=False).encode()))


@dataclass(frozen=True)
class Opened:
    """一份材料: a paper with what it says, when the reader's key is unlocked."""

    paper: Any
    said: dict[str, Any]
    is_readable: bool = True
    is_intact: bool = True

    @property
    def text(self) -> str:
        return str(self.said.get("text", ""))


def opened(lead: Any, unlocking: Unlocking) -> list[Opened]:
    """Every paper of a lead, a case or a sitting, oldest first; Unopenable when this holder is no recipient."""
    rows = list(lead.papers.select_related("value__key", "written_by").order_by("position"))
    if rows and all(row.value.destroyed_on for row in rows):
        return [Opened(row, {}, is_readable=False) for row in rows]  # the keys to it went with it
    secret = unlocking.secret_of(lead.key)
    return [_opened(row, secret) for row in rows]


def _opened(paper: Any, secret: str) -> Opened:
    if paper.value.destroyed_on is not None:
        return Opened(paper, {}, is_readable=False)
    try:
        return Opened(paper, json.loads(store.open_value(paper.value, secret)), True, store.is_intact(paper.value))
    except (Unopenable, ValueError):
        return Opened(paper, {}, False, store.is_intact(paper.value))


def content_of(lead: Lead, secret: str) -> dict[str, Any]:
    """What the lead says; Unopenable when the secret is not its own."""
    row = lead.papers.select_related("value__key").get(kind="content", position=0)
    said: dict[str, Any] = json.loads(store.open_value(row.value, secret))
    return said


def subjects_of(lead: Lead, secret: str) -> list[Person]:
    """The persons on the rolls whom it names."""
    ids = content_of(lead, secret).get("subjects", [])
    return list(Person.objects.select_related("unit").filter(pk__in=ids))


def purpose_of(matter: Any) -> str:
    """What the body could sit on now about a lead or a case; "" when there is nothing to be decided."""
    return rules.purpose(matter._meta.model_name, matter.state, matter.proposal)


def may_convene(matter: Any, account: Any) -> bool:
    """Whether the account can call the body to a lead or a case now: nobody sits on the question yet, or has agreed to it."""
    purpose = purpose_of(matter)
    if not purpose or not account.can("cases.sitting.convene", matter.unit):
        return False
    return not matter.sittings.going_or_agreed().filter(purpose=purpose).exists()


# Lists and desks


def standing(account: Any) -> dict[str, Q]:
    """What waits for whom: the desk counts it, and the list is narrowed to the same."""
    mine = Q(handler=account.pk)
    return {
        "pooled": Q(state="pooled"),
        "confirm": mine & Q(state="assigned"),
        "mine": mine & Q(state__in=["screening", "inquiring", "verifying"]),
        "decide": Q(state__in=["proposed", "inquired", "verified"]) & ~mine,
        "late": ~Q(state__in=ENDED) & Q(due_on__lt=timezone.localdate()),
    }


def waiting(account: Any) -> dict[str, int]:
    """What the account can open and waits for it, by kind, and how much of it is late; one statement."""
    rows = Lead.objects.visible_to(account).order_by()
    found: dict[str, int] = rows.aggregate(
        **{name: Count("pk", filter=condition) for name, condition in standing(account).items()}
    )
    return found


def overdue(today: date) -> list[Lead]:
    """Those past their last day that are to be brought before somebody else now."""
    return to_bring_above(Lead.objects.running().select_related("key", "unit"), today)


def above(lead: Lead) -> list[Holder]:
    """Whom an overdue lead is brought before: who distributes, from the second time also who decides; only those who
    can open it, so that nobody learns of it who must not."""
    capabilities = ["cases.lead.assign"] + (["cases.lead.verify"] if lead.escalations > 1 else [])
    return [h for h in able(capabilities, lead.unit) if h.pk in lead.key.recipients and h.account_id != lead.handler_id]
