"""Kinds and clocks of appeals, who can review, what waits."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from yuanqing.cases.appeal.lifecycle import ENDED
from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.appeal.policies import had_a_hand
from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes
from yuanqing.kernel.database.scope import as_system
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import allowing


def appealable(account: Any) -> list[tuple[str, str]]:
    """Sanctions the account may file an appeal against, with what they are called: one's own, and those in its scope.

    One's own are looked up by the system, since the register itself is closed to the person.
    """
    codes = Codes()
    rows = Sanction.objects.visible_to(account).select_related("person")
    found = (
        list(rows.exclude(state="revoked").order_by("-decided_on")[:500]) if account.can("cases.appeal.file") else []
    )
    if account.person_id:
        with as_system():
            own = Sanction.objects.filter(person=account.person_id).exclude(state="revoked").select_related("person")
            found += list(own.order_by("-decided_on"))
    return [(str(one.pk), f"{one.person.name} · {codes.label(one.kind)} · {one.document}") for one in found]


def fits(kind: str, sanction: Sanction, codes: Remedies) -> bool:
    """Whether this kind of appeal is open against this kind of sanction."""
    return codes.value("appeal_kind", kind, "family") == Codes().value(sanction.kind, "family")


def before(kind: str, sanction: Sanction, codes: Remedies) -> Appeal | None:
    """The decided appeal of the kind that has to come first."""
    first = codes.value("appeal_kind", kind, "after")
    rows = Appeal.objects.filter(sanction=sanction, kind=first, decided_on__isnull=False)
    return rows.order_by("-decided_on").first() if first else None


def reviewers(appeal: Appeal) -> list[Account]:
    """Accounts that may review it and had no hand in the first decision."""
    out = had_a_hand(appeal)
    found = {g.account.pk: g.account for g in allowing(["cases.appeal.review"], appeal.unit)}
    fit = [a for a in found.values() if a.pk not in out and a.person_id != appeal.person_id]
    return sorted(fit, key=lambda account: account.username)


def waiting(account: Any) -> dict[str, int]:
    """By what waits; one's own is for others to handle."""
    rows = Appeal.objects.visible_to(account).exclude(person=account.person_id).order_by()
    found: dict[str, int] = rows.aggregate(
        accept=Count("pk", filter=Q(state="filed")),
        review=Count("pk", filter=Q(state="accepted", reviewer=account.pk)),
        decide=Count("pk", filter=Q(state="reviewed")),
        tell=Count("pk", filter=Q(state="decided")),
        late=Count("pk", filter=~Q(state__in=ENDED) & Q(due_on__lt=timezone.localdate())),
    )
    return found
