"""How often whose leads end lightly, and whether chance explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.models import Lead
from yuanqing.discipline.correction.rules import Count as Made
from yuanqing.discipline.correction.rules import Reading, read
from yuanqing.kernel.packs.published import current
from yuanqing.org.account.models import Account

LIGHT = ("easing_close", "easing_shelve", "easing_remind", "easing_pass_on", "easing_merge", "easing_lower")


@dataclass(frozen=True)
class Habit:
    """从轻情况: one person's proposals that were decided, how many of them were light, and how to read that."""

    account: Account
    made: int
    light: int
    reading: Reading


def habits(account: Any) -> list[Habit]:
    """Everybody who proposed in matters the reader can open: a question to ask, never a verdict."""
    leads = Lead.objects.visible_to(account).filter(disposed_on__isnull=False).order_by()
    made = dict(leads.exclude(handler=None).values_list("handler").annotate(n=Count("pk")))
    rows = Easing.objects.visible_to(account).filter(state="granted", kind__in=LIGHT, lead__disposed_on__isnull=False)
    light = dict(
        rows.exclude(asked_by=None).order_by().values_list("lead__handler").annotate(n=Count("lead", distinct=True))
    )
    people = Account.objects.in_bulk(list(made))
    ids = sorted(made, key=lambda pk: str(people[pk]))
    counts = [Made(made[pk], min(light.get(pk, 0), made[pk])) for pk in ids]
    readings = read(counts, confidence=9500, threshold=500, minimum=5)
    return [
        Habit(people[pk], one.made, one.lowered, reading)
        for pk, one, reading in zip(ids, counts, readings, strict=True)
    ]


def summary(account: Any) -> list[tuple[str, int, int, int]]:
    """(kind, asked, granted, denied) of the easings the reader can open."""
    rows = Easing.objects.visible_to(account).order_by().values("kind")
    counted = rows.annotate(
        asked=Count("pk"), granted=Count("pk", filter=Q(state="granted")), denied=Count("pk", filter=Q(state="denied"))
    )
    labels = {e.code: e.label for e in current("leads").table("easing")}
    found = {row["kind"]: (row["asked"], row["granted"], row["denied"]) for row in counted}
    return [(label, *found.get(code, (0, 0, 0))) for code, label in labels.items()]
