"""Where a month stands in the whole tree, and runs of months that ask for a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, CharField, Count, F, Func, Max, Q, Value, When
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from yuanqing.discipline.monthly_return.queries import COUNTS, FIRST, FORM, Progress
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.addresses import address
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.published import current

FAR_BACK = 24  # months that are looked at
WHOSE = ("unit", "unit__path", "unit__code", "unit__name")


class Place(NamedTuple):
    """报送单位: a unit in a month: its return, and how that stands."""

    path: str
    unit: UUID
    code: str
    name: str
    pk: UUID
    state: str
    is_nil: bool
    standing: str

    def get_absolute_url(self) -> str:
        return address("monthly_return:detail", self.pk)


@dataclass(frozen=True)
class Branch:
    """报送树的一支: a unit with its own return, and the counts of everything below it."""

    record: Place
    below: Progress


@dataclass(frozen=True)
class Tree:
    """报送树: a month below the units at which it begins: the counts of all, the returns, and the branches of each root."""

    counts: Progress
    places: dict[str, Place]  # by path, in this order; of many only the roots and the level below them
    branches: dict[str, list[Branch]]


def tree(rows: Any, roots: Sequence[str], most: int) -> Tree:
    """The returns of a month: at most so many are read and counted here, more are counted where they lie."""
    places = _places(rows, most + 1)
    if len(places) <= most:
        counts, groups = _counted(places), {root: _grouped(places, root) for root in roots}
    else:
        groups = {root: _groups(rows, root) for root in roots}
        counts = _sum(next(iter(groups.values()), {}).values())
        places = _places(rows.filter(path__in={path for found in groups.values() for path in found}.union(roots)))
    branches = {root: _branches(places, root, found) for root, found in groups.items()}
    return Tree(counts, {place.path: place for place in places}, branches)


def branches(rows: Any, above: str) -> list[Branch]:
    """The returns directly below a path (or at it, when `above` does not end in one), with counts of their subtrees."""
    groups = _groups(rows, above)
    return _branches(_places(rows.filter(path__in=list(groups))), above, groups)


def _branches(places: Iterable[Place], above: str, groups: Mapping[str, Progress]) -> list[Branch]:
    return [Branch(place, groups[place.path]) for place in places if place.path in groups and place.path != above]


def _groups(rows: Any, above: str) -> dict[str, Progress]:
    """Path of each unit directly below → counts of its subtree; "" → counts of what lies elsewhere, or is the root itself."""
    rest = Func(Substr("path", len(above) + 1), Value("/"), Value(1), function="split_part", output_field=CharField())
    at = Concat(Value(above), rest, Value("/"), output_field=CharField())
    branch = Case(When(Q(path__startswith=above) & ~Q(path=above), then=at), default=Value(""))
    counted = rows.order_by().annotate(branch=branch).values("branch").annotate(**COUNTS)
    return {row.pop("branch"): Progress(**row) for row in counted}


def _grouped(places: Iterable[Place], above: str) -> dict[str, Progress]:
    """The same of returns that are read already."""
    found: dict[str, list[Place]] = {}
    for place in places:
        below = place.path.removeprefix(above) if place.path.startswith(above) else ""
        found.setdefault(f"{above}{below.partition('/')[0]}/" if below else "", []).append(place)
    return {branch: _counted(lines) for branch, lines in found.items()}


def _counted(places: Sequence[Place]) -> Progress:
    """As `COUNTS` says it."""
    standing, state = Counter(place.standing for place in places), Counter(place.state for place in places)
    due, missing, late = len(places), standing["missing"] + standing["soon"], standing["late"]
    return Progress(
        due, due - missing, due - missing - late, late, missing, sum(place.is_nil for place in places),
        state["returned"], state["accepted"],
    )  # fmt: skip


def _sum(counted: Iterable[Progress]) -> Progress:
    lines = [astuple(one) for one in counted] or [(0,) * len(COUNTS)]
    return Progress(*map(sum, zip(*lines, strict=True)))


def _places(rows: Any, most: int | None = None) -> list[Place]:
    found = rows.annotate(standing=_standing()).order_by("path")
    columns = ("path", "unit_id", "unit__code", "unit_name", "pk", "state", "is_nil", "standing")
    return [Place(*row) for row in found.values_list(*columns)[:most]]


def _standing() -> Case:
    """Where a return stands: a thousand are read for one page, so their times are compared where they lie."""
    overdue = Q(due_at__lt=timezone.now()) | Q(state="missing")
    return Case(
        When(~FIRST & overdue, then=Value("missing")),
        When(~FIRST, then=Value("soon")),
        When(first_submitted_at__gt=F("due_at"), then=Value("late")),
        When(is_nil=True, then=Value("nil")),
        When(override_count__gt=0, then=Value("overridden")),
        default=Value("done"),
    )


def history_of(rows: Any, months: Sequence[Month]) -> dict[tuple[UUID, date], tuple[UUID, str]]:
    """(unit, first day of the month) → its return and how that stands, for the map."""
    found = rows.filter(period__month_on__range=(months[0].first_day, months[-1].first_day))
    found = found.order_by().annotate(standing=_standing())
    return {
        (unit, day): (pk, standing)
        for unit, day, pk, standing in found.values_list("unit_id", "period__month_on", "pk", "standing")
    }


class Whose(NamedTuple):
    """单位: of whom something is asked."""

    pk: UUID
    path: str
    code: str
    name: str


@dataclass(frozen=True)
class Streak:
    """连续情形: a run of months up to now that asks for a look, and what the register says meanwhile."""

    unit: Whose
    months: int
    since: Month
    registered: int = 0


def streaks(rows: Any, month: Month, kinds: Mapping[str, tuple[Q, int]]) -> dict[str, list[Streak]]:
    """For each kind, units whose reported returns were of it in each of at least so many months up to now, the longest first."""
    rows = rows.filter(period__form=FORM, period__month_on__lte=month.first_day, first_submitted_at__isnull=False)
    rows = rows.filter(period__month_on__gt=month.plus(-FAR_BACK).first_day).order_by()
    counted: dict[str, Any] = {}
    long_enough = Q()
    for name, (kind, least) in kinds.items():
        counted[f"{name}_number"] = Count("pk", filter=kind)
        long_enough |= Q(**{f"{name}_number__gte": least})
        counted[f"{name}_alike"] = ArrayAgg("period__month_on", filter=kind, default=[])
        counted[f"{name}_broken"] = Max("period__month_on", filter=~kind)
    runs = list(rows.values(*WHOSE).annotate(**counted).filter(long_enough))
    return {name: _long_enough(runs, name, least) for name, (_kind, least) in kinds.items()}


def _long_enough(runs: Sequence[dict[str, Any]], name: str, least: int) -> list[Streak]:
    """Who has so many months in a row up to now: how many, and since when."""
    found = []
    for run in runs:
        broken = run[f"{name}_broken"]
        days = [day for day in run[f"{name}_alike"] if broken is None or day > broken]
        if len(days) >= least:
            found.append(Streak(Whose(*(run[column] for column in WHOSE)), len(days), Month.of(min(days))))
    return sorted(found, key=lambda streak: (-streak.months, streak.unit.path))


@dataclass(frozen=True)
class Questions:
    """疑问: runs of nil returns, those with most registered meanwhile first, and runs of returns that differ from the records."""

    nil: list[Streak]
    mismatch: list[Streak]


def questions(rows: Any, month: Month, account: Any) -> Questions:
    kinds = {
        "nil": (Q(is_nil=True), threshold("nil_streak")),
        "mismatch": (Q(override_count__gt=0), threshold("mismatch_streak")),
    }
    found = streaks(rows, month, kinds)
    return Questions(_with_registered(found["nil"], month, account), found["mismatch"])


def _with_registered(found: list[Streak], month: Month, account: Any) -> list[Streak]:
    """With the matters registered about the unit in the same months."""
    register = Violation.objects.visible_to(account).standing().filter(unit__in=[streak.unit.pk for streak in found])
    register = register.filter(received_on__gte=month.plus(-FAR_BACK).first_day, received_on__lt=month.next().first_day)
    days: dict[UUID, list[date]] = {}
    for unit, day in register.values_list("unit_id", "received_on"):
        days.setdefault(unit, []).append(day)
    told = [
        replace(streak, registered=sum(day >= streak.since.first_day for day in days.get(streak.unit.pk, [])))
        for streak in found
    ]
    return sorted(told, key=lambda streak: -streak.registered)


def threshold(code: str) -> int:
    return int(current("weights").entry(code).value)
