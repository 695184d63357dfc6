"""The pack, the members of the body, who has to keep out of a sitting, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.actions import persons_of
from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import able, origin, purpose_of, subjects_of, to_keep_out
from yuanqing.cases.lead.rules import PURPOSES
from yuanqing.cases.petition.policies import pepper
from yuanqing.cases.petition.rules import mark
from yuanqing.cases.sitting import rules
from yuanqing.cases.sitting.models import MATTERS, OUTCOMES, Attendee, Sitting
from yuanqing.cases.sitting.policies import patience
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.packs.entries import Entry
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import allowing
from yuanqing.org.unit.models import Unit

CHANNEL = "sitting"
MEMBERSHIP, CONVENING = "cases.sitting.sign", "cases.sitting.convene"


class Codes:
    """代码表: what the pack in force says about bodies, purposes and papers."""

    def __init__(self) -> None:
        self.pack = current("sittings")

    def table(self, name: str) -> dict[str, Entry]:
        return {e.code: e for e in self.pack.table(name)}

    def label(self, table: str, code: str) -> str:
        if table == "decision":
            found = {e.code: e for e in current("cases").table("outcome")}
        elif table == "ground":
            found = grounds() | self.table("absence")
            if code in GROUNDS:
                return str(GROUNDS[code]())
        else:
            found = self.table(table)
        return found[code].label if code in found else code

    def choices(self, table: str) -> list[tuple[str, str]]:
        if table == "outcome":
            return [(code, str(label)) for code, label in OUTCOMES.items()]
        return [(e.code, e.label) for e in self.table(table).values()]

    def value(self, purpose: str, name: str) -> str:
        values: dict[str, str] = self.table("purpose")[purpose].data["values"]
        return values.get(name, "")

    def number(self, code: str) -> int:
        return int(self.pack.entry(code).value)


GROUNDS = {  # what the system itself finds
    "kept_out": lambda: _("与被反映人有关，应当回避"),
    "had_a_part": lambda: _("参与过这一件的办理"),
    "no_key": lambda: _("没有启用钥匙"),
}


def grounds() -> dict[str, Entry]:
    """The four grounds of recusal."""
    return {e.code: e for e in current("roles").table("recusal_ground")}


def decisions() -> list[tuple[str, str]]:
    """What a resolution on a sanction may agree to."""
    return [(e.code, e.label) for e in current("cases").table("outcome") if e.code != "dropped"]


# The matter


def name_of(matter: Any) -> str:
    return next(name for name, model in MATTERS.items() if isinstance(matter, model))


def matter_of(sitting: Sitting, account: Any) -> Any:
    """The lead or case itself, for whom it can open; None for the others, members among them."""
    model: Any = Lead if sitting.lead_id else Case
    return model.objects.visible_to(account).filter(pk=sitting.lead_id or sitting.case_id).first()


def begins(matter: Any) -> date:
    """The day before which nobody can have sat on it."""
    found: date = (matter.tried_on or matter.filed_on) if isinstance(matter, Case) else matter.received_on
    return found


def on(matter: Any, purpose: str) -> Any:
    """Sittings on this matter that count."""
    rows = Sitting.objects.filter(**{name_of(matter): matter}, purpose=purpose)
    return rows.exclude(state__in=["called_off", "lapsed"])


def agreed(matter: Any, purpose: str) -> Sitting | None:
    found: Sitting | None = on(matter, purpose).filter(state="concluded", outcome="agreed").first()
    return found


def unmet(matter: Any, step: str) -> str:
    """Why a decision has to wait for the body; "" where the pack does not say so, or it has agreed."""
    purpose = purpose_of(matter)
    if not purpose or step not in PURPOSES[purpose].steps:
        return ""
    try:
        if not rules.named(Codes().value(purpose, "before"), step):
            return ""
    except NotInForce:  # an installation that has not published the pack yet
        return ""
    held = {(state, outcome) for state, outcome in on(matter, purpose).values_list("state", "outcome")}
    if ("concluded", "agreed") in held:
        return ""
    if any(state != "concluded" for state, _outcome in held):
        return _("集体审议还没有结束：要形成同意的决议，并由到会成员全部签字。")
    if held:
        return _("最近一次集体审议没有同意，要再次审议同意以后才能决定。")
    return _("还没有经过集体审议：请先召集审议，形成同意的决议，并由到会成员全部签字。")


# The body


def body_of(unit: Unit) -> list[Account]:
    """Members of the body that decides matters of the unit: whose own grants of today say so, by name; one statement."""
    return list(dict.fromkeys(grant.account for grant in allowing([MEMBERSHIP], unit)))


def kept_out(matter: Any, secret: str) -> set[UUID]:
    """Accounts that must keep out of the matter, asked anew: since it was sealed, people moved and declared recusals."""
    is_case = isinstance(matter, Case)
    persons = persons_of(matter, secret) if is_case else subjects_of(matter, secret)
    with as_system():
        lead = matter.lead if is_case else matter
    return to_keep_out(persons, origin(lead))


def is_barred(matter: Any, account_id: Any) -> bool:
    return mark(pepper(), matter.pk, account_id) in matter.barred


def had_a_part(matter: Any) -> set[UUID | None]:
    """Who investigated, tried, handled or proposed: he does not sit in judgement on it."""
    if isinstance(matter, Case):
        officers = set(matter.officers.values_list("account_id", flat=True))
        return officers | {matter.planned_by_id, matter.submitted_by_id, matter.tried_by_id}
    return {matter.handler_id, matter.proposed_by_id}


def with_keys(unit: Unit) -> dict[UUID, Holder]:
    """Keys of those who may take part in sittings on matters of the unit, by account."""
    return {h.account_id: h for h in able([MEMBERSHIP, CONVENING], unit) if h.account_id}


# A sitting


def can_be_present(sitting: Sitting) -> list[Attendee]:
    return list(sitting.attendees.filter(part="called").select_related("account"))


def present(sitting: Sitting) -> list[Attendee]:
    return list(sitting.attendees.filter(part="present").select_related("account"))


def unsigned(sitting: Sitting) -> list[Attendee]:
    """Who was there and has not signed the minutes."""
    return [row for row in present(sitting) if row.signed_on is None]


def should_be_there(sitting: Sitting) -> int:
    """应到会人数."""
    withdrawn = sitting.attendees.filter(part="withdrew").count()
    return rules.due(sitting.members, withdrawn, bool(Codes().number("withdrawn_count")))


def names(rows: Iterable[Attendee]) -> str:
    return "、".join(str(row.account) for row in rows)


def to_convene(account: Any) -> int:
    """Tried cases the account opens that wait for the body to be called, where the pack makes the decision wait for it."""
    if not rules.named(Codes().value("sanction", "before"), "decide"):
        return 0
    sat = Sitting.objects.going_or_agreed().filter(purpose="sanction", case__isnull=False)
    rows = Case.objects.visible_to(account).filter(state=PURPOSES["sanction"].state)
    return int(rows.exclude(pk__in=sat.values("case")).count())


def waiting(account: Any) -> dict[str, int]:
    """What waits for the account: to be opened, to be resolved, his own opinion, his own signature; one statement."""
    rows, mine = Sitting.objects.visible_to(account).order_by(), Attendee.objects.filter(sitting=OuterRef("pk"))
    mine = mine.filter(account=account.pk, part="present")
    late = rules.late_if_written_by(timezone.localdate(), patience())
    rows = rows.with_last_written().annotate(
        silent=Exists(mine.filter(vote="")), silent_hand=Exists(mine.filter(signed_on__isnull=True))
    )
    found: dict[str, int] = rows.aggregate(
        hold=Count("pk", filter=Q(state="called", held_on__lte=timezone.localdate())),
        resolve=Count("pk", filter=Q(state="sitting")),
        speak=Count("pk", filter=Q(state="sitting", silent=True)),
        sign=Count("pk", filter=Q(state="resolved", silent_hand=True)),
        close=Count("pk", filter=Q(state="resolved", last_written_on__lte=late)),
    )
    return found
