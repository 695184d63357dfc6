"""Choice tables, clocks, who must keep out, and the opened content of a petition."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.likeness import queries as likeness
from yuanqing.cases.likeness.rules import LIKE
from yuanqing.cases.petition import rules
from yuanqing.cases.petition.lifecycle import RUNNING
from yuanqing.cases.petition.models import Petition
from yuanqing.hotline.report.models import Letter
from yuanqing.kernel import keys
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedValue
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Appointment

WEB = "web"
HEAD = ("who", "unit")  # answers that say whom and where
ALIKE = 5  # so many are suggested
LEADING = ("party_group_member", "leading_official", "mid_level_leader")  # ranks that lead the unit of their post


class Codes:
    """代码表: what the packs in force offer for choice."""

    def __init__(self) -> None:
        self.pack: Pack = current("petitions")
        self.hotline: Pack = current("hotline")

    @cached_property
    def channels(self) -> dict[str, Entry]:
        return {e.code: e for e in self.pack.table("channel")}

    @cached_property
    def outcomes(self) -> dict[str, Entry]:
        return {e.code: e for e in self.pack.table("outcome")}

    @cached_property
    def kinds(self) -> dict[str, Entry]:
        return {e.code: e for e in self.hotline.of_kind("section")}

    @cached_property
    def levels(self) -> dict[str, Entry]:
        return {e.code: e for e in self.hotline.table("level")}

    def goes_up(self, level: str) -> bool:
        """Whether a matter of this level leaves for a higher body at once."""
        values: Mapping[str, str] = self.levels[level].data["values"]
        return values.get("route") == "up"

    @staticmethod
    def label(table: dict[str, Entry], code: str) -> str:
        return table[code].label if code in table else code


def next_number(on: date) -> str:
    """A number that was never given; gaps may remain."""
    return next_numbers(on, 1)[0]


def next_numbers(on: date, many: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_petition_number') FROM generate_series(1, %s)", [many])
        return [f"XF{on.year}-{row[0]:06d}" for row in cursor.fetchall()]


def clock(code: str, start: date) -> date:
    """The last day of a deadline of the pack that starts to run on this day."""
    return rules.due_on(current("deadlines").entry(code).data, start, calendar_in_force())


def clock_label(code: str) -> str:
    """What the pack calls a deadline; the code itself where the pack knows it no longer."""
    known = current("deadlines").by_code
    return known[code].label if code in known else code


def ended(record: Any) -> str:
    """How a clock beside those of the matters ended, for its column; "" while it runs."""
    return "" if record.state == "running" else str(record.get_state_display())


def prolonged(petition: Petition) -> date:
    assert petition.due_on is not None
    return rules.extended(current("deadlines").entry("petition.assigned").data, petition.due_on, calendar_in_force())


def pepper() -> bytes:
    return keys.pepper(settings.HOME / "keys")


def concerned(person: Person, on: date) -> list[UUID]:
    """Accounts that must keep out of a matter about this person: his own, and those of everybody who works in a unit
    that he leads, or below it."""
    led = Appointment.objects.filter(person=person, during__contains=on, post__rank__in=LEADING)
    paths = list(led.values_list("post__unit__path", flat=True))
    below = Q(pk__isnull=True)
    for path in paths:
        below |= Q(person__unit__path__startswith=path)
    accounts = Account.objects.filter(below | Q(person=person))
    return list(accounts.values_list("pk", flat=True))


def is_barred(petition: Petition, account_id: UUID) -> bool:
    return rules.mark(pepper(), petition.pk, account_id) in petition.barred


def kept_out_of(*matters: Any) -> set[UUID]:
    """Accounts that are barred from one of these petitions, leads or cases."""
    known, secret = [(one.pk, set(one.barred)) for one in matters if one is not None and one.barred], pepper()
    ids = Account.objects.values_list("pk", flat=True) if known else []
    return {pk for pk in ids if any(rules.mark(secret, matter, pk) in barred for matter, barred in known)}


def to_shut_out(petition: Petition, accounts: Sequence[UUID]) -> list[Holder]:
    """Holders of these accounts that can open the petition now."""
    return list(Holder.objects.filter(pk__in=petition.key.recipients, account_id__in=accounts))


@dataclass(frozen=True)
class Page:
    """一份材料: one opened letter of the matter."""

    from_reporter: bool
    on: Any
    said: dict[str, Any]
    is_readable: bool = True

    @property
    def files(self) -> list[dict[str, Any]]:
        return list(self.said.get("files", []))

    @property
    def text(self) -> str:
        return str(self.said.get("text", ""))


def opened(petition: Petition, unlocking: Unlocking) -> list[Page]:
    """Content and letters, oldest first; Unopenable when this holder is no recipient."""
    if petition.content.destroyed_on:
        return [Page(True, petition.received_on, {}, False)]  # the keys to it went with it
    secret = unlocking.secret_of(petition.key)
    pages = [_page(petition.content, secret, True, petition.received_on)]
    if not petition.is_web:
        return pages
    letters = Letter.objects.filter(report=petition.report_id).select_related("content").order_by("position")
    return pages + [_page(one.content, secret, one.from_reporter, one.written_on) for one in letters]


def _page(value: SealedValue, secret: str, from_reporter: bool, on: Any) -> Page:
    try:
        return Page(from_reporter, on, json.loads(store.open_value(value, secret)))
    except (Unopenable, ValueError):
        return Page(from_reporter, on, {}, False)


def answers(page: Page, codes: Codes) -> list[tuple[str, str]]:
    """Question and answer in words."""
    items = {item.code: item for item in codes.hotline.of_kind("item")}
    found = []
    for code, value in page.said.get("answers", {}).items():
        item = items.get(code)
        choices = {c.code: c.label for c in codes.hotline.table(item.choices)} if item and item.choices else {}
        if value:
            found.append((item.label if item else code, choices.get(value, value)))
    return found


def text_of(page: Page) -> tuple[str, str]:
    """(who and where, everything else) of an opened report, for reading its elements and finding what is like it."""
    answers = {code: str(value) for code, value in page.said.get("answers", {}).items() if value}
    head = " ".join(answers.get(code, "") for code in HEAD)
    return head, "\n".join([page.text, *(value for code, value in answers.items() if code not in HEAD)])


@dataclass(frozen=True)
class Alike:
    """可能相同的一件: a petition the reader can open, and the words that both have."""

    petition: Petition
    shared: tuple[str, ...]


def alike(petition: Petition, page: Page, account: Any) -> list[Alike]:
    """Petitions that may be about the same matter, the likest first; a person decides."""
    found = likeness.like(petition.content_id, likeness.features(*text_of(page)), most=4 * ALIKE)
    near = {one.value_id: one for one in found if one.likeness >= LIKE}
    rows = Petition.objects.visible_to(account).filter(content__in=list(near)).exclude(pk=petition.pk)
    known = {row.content_id: row for row in rows}
    return [Alike(known[key], one.shared) for key, one in near.items() if key in known][:ALIKE]


def receipt_of(petition: Petition, secret: str) -> str:
    """The receipt's public key, which the sealed content carries for re-sealing."""
    said = json.loads(store.open_value(petition.content, secret))
    return str(said.get("receipt", ""))


def overdue(today: date) -> list[Petition]:
    """Those past their last day that are to be brought before somebody else now."""
    return to_bring_above(Petition.objects.filter(state__in=RUNNING).select_related("key"), today)


def to_bring_above(running: Any, today: date, *order: str) -> list[Any]:
    """Of running petitions, leads, cases and the like those whose last day is past and whose turn it is, by number."""
    late = running.filter(due_on__lt=today).order_by(*(order or ("number",)))
    return [one for one in late if rules.escalation_is_due(one.due_on, one.escalated_on, today)]


def above(petition: Petition) -> list[UUID]:
    """Accounts before whom it is brought: those whose key opens it and who may hand it to somebody else; the late handler
    is told nothing new."""
    holders = Holder.objects.active().filter(pk__in=petition.key.recipients)
    accounts = Account.objects.filter(pk__in=holders.values("account_id"), is_active=True)
    return [one.pk for one in accounts if one.pk != petition.handler_id and one.can("cases.petition.assign")]


def is_late() -> Q:
    return Q(due_on__lt=timezone.localdate(), state__in=RUNNING)


def waiting(account: Any) -> dict[str, int]:
    """What the account can open and waits, by state, and how much of it is late."""
    rows = Petition.objects.visible_to(account).order_by()
    found: dict[str, int] = rows.aggregate(
        registered=Count("pk", filter=Q(state="registered")),
        mine=Count("pk", filter=Q(state="assigned", handler=account.pk)),
        late=Count("pk", filter=is_late()),
    )
    return found
