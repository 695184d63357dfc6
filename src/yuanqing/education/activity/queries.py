"""Activities as the pages show them: what may be chosen, who is invited, who has taken part, by group and by unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from yuanqing.education.activity import rules
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.kernel.packs.published import NotInForce, current, packs_in_force
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.clause.queries import clause
from yuanqing.org.audience.rules import Rule, read

GROUPS = ("party_group_member", "leading_official", "mid_level_leader", "key_post", "other")
SPLIT = re.compile(r"[\s、，,；;]+")
ATTENDED = Q(state="attended")


def kinds() -> dict[str, Any]:
    """The forms of activity that the pack in force offers, by code."""
    return {entry.code: entry for entry in current("education").table("activity_kind")}


def citations(text: str) -> tuple[list[str], list[str]]:
    """ "pack.code" of every clause named (also by its bare code, where one pack has it), and what names none."""
    known = {name: pack for name, pack in packs_in_force().items() if pack.kind == "rules"}
    found, wrong = [], []
    for word in filter(None, SPLIT.split(text)):
        name, _dot, code = word.partition(".")
        holders = [name] if name in known and code in known[name].by_code else []
        holders = holders or [n for n, pack in known.items() if word in pack.by_code and n != "speech"]
        if len(holders) == 1:
            found.append(word if holders[0] == name else f"{holders[0]}.{word}")
        else:
            wrong.append(word)
    return list(dict.fromkeys(found)), wrong


def clauses_of(cited: Sequence[str]) -> list[Clause]:
    """The clauses an activity is tied to, as far as a pack in force still holds them."""
    found = []
    for one in cited:
        try:
            found.append(clause(one))
        except (NotInForce, Clause.DoesNotExist):
            continue
    return found


def audience_of(activity: Activity) -> tuple[Rule, ...]:
    """The rules; none while no audience has been chosen."""
    return read(activity.audience) if activity.audience else ()


def counts(now: Any = None) -> dict[str, Count]:
    """Aggregates over participations: invited, attended, and overdue."""
    return {
        "invited": Count("pk"),
        "attended": Count("pk", filter=ATTENDED),
        "overdue": Count("pk", filter=~ATTENDED & Q(due_at__lt=now or timezone.now())),
    }


def with_coverage(activities: Any) -> Any:
    """Activities with the numbers of their participations; one statement."""
    standing = Q(participations__state__in=("invited", "attended"))
    attended = Q(participations__state="attended")
    late = Q(participations__state="invited", participations__due_at__lt=timezone.now())
    return activities.annotate(
        invited=Count("participations", filter=standing),
        attended=Count("participations", filter=attended),
        overdue=Count("participations", filter=late),
        share=Case(When(invited__gt=0, then=F("attended") * 10_000 / F("invited")), output_field=IntegerField()),
    )


@dataclass(frozen=True)
class Group:
    """一类人员: how many were invited and how many took part; leaders and key posts come first."""

    code: str
    invited: int
    attended: int

    @property
    def share(self) -> int:
        return rules.share(self.attended, self.invited)

    @property
    def missing(self) -> int:
        return self.invited - self.attended


def in_group() -> Case:
    """The group a participation is counted in: the rank first, then the key post."""
    ranks = [When(rank=code, then=Value(code)) for code in GROUPS[:3]]
    return Case(*ranks, When(is_key=True, then=Value("key_post")), default=Value("other"))


def by_group(rows: QuerySet[Any]) -> list[Group]:
    counted = rows.order_by().annotate(group=in_group()).values("group").annotate(**counts())
    found = {row["group"]: Group(row["group"], row["invited"], row["attended"]) for row in counted}
    return [found[code] for code in GROUPS if code in found]


def by_unit(rows: QuerySet[Any], limit: int = 200) -> list[dict[str, Any]]:
    """Units with their numbers, those with most people missing first."""
    named = rows.order_by().values("unit_id", "unit__name", "unit__code").annotate(**counts())
    return list(named.annotate(missing=F("invited") - F("attended")).order_by("-missing", "unit__path")[:limit])


def own(account: Any) -> QuerySet[Any]:
    """What the person of this account is invited to."""
    person = getattr(account, "person_id", None)
    rows = Participation.objects.filter(person_id=person) if person else Participation.objects.none()
    return rows.select_related("activity__unit", "activity__notice")
