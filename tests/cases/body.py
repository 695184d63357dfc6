"""The body sits on a lead or a case: called, everybody there speaks, it is resolved, and all sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from yuanqing.cases.lead.queries import Draft, drafted
from yuanqing.cases.sitting import actions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.org.account.models import Account

By = Callable[[str], Account]


def papers(sitting: Sitting, *kinds: str) -> list[Draft]:
    return drafted(sitting, {kind: f"{kind}的内容" for kind in kinds}, "sitting")


def called(by: By, matter: Any, secret: str) -> Sitting:
    manager = by("manager")
    file = actions.opened_file(manager, matter, secret, "事实清楚，拟按所提意见办理。")
    words = {"body": "standing_committee", "held_on": timezone.localdate(), "place": "三楼会议室"}
    sitting = actions.convene(by=manager, matter=matter, file=file, **words)
    found: Sitting = Sitting.objects.select_related("key", "unit").get(pk=sitting.pk)
    return found


def opened(by: By, sitting: Sitting, present: Sequence[str]) -> Sitting:
    chosen = [str(by(name).pk) for name in present]
    away = [str(pk) for pk in sitting.attendees.filter(part="called").values_list("account", flat=True)]
    words = {"present": chosen, "chair": chosen[0], "absences": dict.fromkeys(set(away) - set(chosen), "absent_ill")}
    actions.attend(sitting, by=by("manager"), on=timezone.localdate(), **words)
    return sitting


def spoken(by: By, sitting: Sitting, votes: dict[str, str]) -> Sitting:
    for name, vote in votes.items():
        actions.speak(sitting, by=by(name), vote=vote, drafts=papers(sitting, "words"))
    return sitting


def resolved(by: By, sitting: Sitting, outcome: str = "agreed", decision: str = "sanction") -> Sitting:
    drafts = papers(sitting, "resolution", "minutes")
    actions.resolve(sitting, by=by("manager"), outcome=outcome, decision=decision, drafts=drafts)
    return sitting


def sat(
    by: By, matter: Any, secret: str, votes: dict[str, str], *, outcome: str = "agreed", decision: str = "sanction"
) -> Sitting:
    """From the call to the last signature."""
    sitting = opened(by, called(by, matter, secret), list(votes))
    resolved(by, spoken(by, sitting, votes), outcome, decision)
    for name in votes:
        actions.sign(sitting, by=by(name))
    sitting.refresh_from_db()
    return sitting


def unanimous(by: By, matter: Any, secret: str, decision: str = "sanction") -> Sitting:
    """Everybody who is called comes and agrees."""
    sitting = called(by, matter, secret)
    members = [row.account for row in sitting.attendees.filter(part="called").select_related("account")]
    present = [str(one.pk) for one in members]
    actions.attend(sitting, by=by("manager"), on=timezone.localdate(), present=present, chair=present[0])
    for one in members:
        actions.speak(sitting, by=one, vote="for", drafts=papers(sitting, "words"))
    resolved(by, sitting, "agreed", decision)
    for one in members:
        actions.sign(sitting, by=one)
    return sitting
