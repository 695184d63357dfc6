"""The line, from figures; what its reader must keep out of is not counted for him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.inquiry.models import Inquiry
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.policies import pepper
from yuanqing.cases.petition.rules import mark
from yuanqing.cases.release.policies import sees_running
from yuanqing.cases.release.rules import hidden, months_of, shares, told
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.database import scope
from yuanqing.kernel.figures.reading import totals
from yuanqing.kernel.figures.registry import get
from yuanqing.kernel.packs.published import current
from yuanqing.org.unit.queries import code_table

SANCTIONS = ("party", "office")  # families of the sanctions pack that are sanctions
SECRET = (
    "petition.received",
    "leads.disposed",
    "leads.inquiries",
    "cases.filed",
)  # sanctions are announced, these are not


@dataclass(frozen=True)
class Cell:
    """一格: a number, or that it is too small to be shown."""

    label: str
    value: int | None  # None: too small to be shown
    share: int | None = None  # basis points


@dataclass(frozen=True)
class Line:
    """公布口径: the numbers of the line in order (None: not shown), sanctions by level, and the four forms."""

    numbers: list[tuple[str, int | None, str]]
    levels: list[Cell]
    forms: list[Cell]
    forms_total: int


@dataclass(frozen=True)
class Kept:
    """不计的: matters that a reader must keep out of, and persons whose sanctions he is not shown."""

    petitions: list[UUID] = field(default_factory=list)
    leads: list[UUID] = field(default_factory=list)
    cases: list[UUID] = field(default_factory=list)
    persons: tuple[UUID, ...] = ()


def kept_from(account: Any, first: date, last: date) -> Kept:
    """What of these days the account must keep out of. Nothing for those who are shown what is over: all of them are
    shown the same, so that no two of them can compare."""
    if account is None or not sees_running(account):
        return Kept()
    reader = scope.current()
    denied, secret = Q(pk__in=reader.denied_ids), pepper()

    def barred(model: Any, began: str, ended: str) -> list[UUID]:
        running = Q(**{f"{began}__lte": last}) & (Q(**{f"{ended}__gte": first}) | Q(**{f"{ended}__isnull": True}))
        rows = model.objects.filter(running).exclude(barred=[]).values_list("pk", "barred")
        found = [pk for pk, marks in rows if mark(secret, pk, account.pk) in marks]
        return [*found, *model.objects.filter(denied).exclude(pk__in=found).values_list("pk", flat=True)]

    with scope.as_system():
        return Kept(
            barred(Petition, "received_on", "closed_on"), barred(Lead, "received_on", "ended_on"),
            barred(Case, "filed_on", "ended_on"), reader.persons,
        )  # fmt: skip


def summed(name: str, months: Sequence[Month], by: str = "") -> Counter[str]:
    found: Counter[str] = Counter()
    for value in totals(name, months, by=(by,) if by else ()):
        found[value.dims.get(by, "") if by else ""] += value.value
    return found


@dataclass(frozen=True)
class Counts:
    """计数: the figures of some months, less what is kept from the reader."""

    months: Sequence[Month]
    kept: Kept

    @property
    def days(self) -> tuple[date, date]:
        return self.months[0].first_day, self.months[-1].last_day

    def number(self, name: str) -> int:
        return summed(name, self.months)[""] - self._left_out(name)

    def _left_out(self, name: str) -> int:
        kept, days = self.kept, self.days
        rows: dict[str, Any] = {
            "petition.received": Petition.objects.filter(pk__in=kept.petitions, received_on__range=days),
            "leads.disposed": Lead.objects.filter(pk__in=kept.leads, disposed_on__range=days),
            "leads.inquiries": Inquiry.objects.filter(lead__in=kept.leads, asked_on__range=days),
            "cases.filed": Case.objects.filter(pk__in=kept.cases, filed_on__range=days),
        }
        with scope.as_system():
            return int(rows[name].count())

    def outcome(self, name: str, outcome: str) -> int:
        """Of leads that ended, or of cases that were decided, with this outcome."""
        is_lead = name == "leads.ended"
        day = "ended_on" if is_lead else "decided_on"
        ids, model = (self.kept.leads, Lead) if is_lead else (self.kept.cases, Case)
        with scope.as_system():
            left = model.objects.filter(pk__in=ids, outcome=outcome, **{f"{day}__range": self.days}).count()
        return summed(name, self.months, "outcome")[outcome] - int(left)

    def sanctions(self) -> list[tuple[str, str, str, int]]:
        """(kind, level, form, count)."""
        by = ("kind", "level", "form")
        found: Counter[tuple[str, ...]] = Counter()
        for value in totals("sanctions.imposed", self.months, by=by):
            found[tuple(value.dims[name] for name in by)] += value.value
        with scope.as_system():
            rows = Sanction.objects.filter(person__in=self.kept.persons, decided_on__range=self.days)
            for one in rows.exclude(state="revoked").order_by().values_list(*by):
                found[tuple(value or "" for value in one)] -= 1
        return [(kind, level, form, count) for (kind, level, form), count in found.items()]


def tellable(name: str, year: int) -> set[str]:
    """The parts of a year for which the figure may be told to those who are shown only what is over."""
    by_month = Counter[int]()
    for value in totals(name, months_of(year, "year")):
        by_month[value.month.month] += value.value
    quarters = [sum(by_month[month] for month in range(first, first + 3)) for first in (1, 4, 7, 10)]
    return told(quarters, smallest_cell())


def smallest_cell() -> int:
    return int(current("cases").entry("smallest_cell").value)


def line(year: int, part: str, account: Any = None) -> Line:
    """Petitions, leads disposed of, inquiries, cases, sanctions; then levels and forms. Without an account: everything.

    Forms: reminders that ended leads are of the first; sanctions of theirs; a criminal transfer is of the fourth.
    """
    months = months_of(year, part)
    smallest, kept = smallest_cell(), kept_from(account, months[0].first_day, months[-1].last_day)
    is_open = account is None or sees_running(account)
    counts, codes = Counts(months, kept), Codes()
    proper = {kind for kind in codes.kinds if codes.value(kind, "family") in SANCTIONS}
    by_level, forms = Counter[str](), Counter[str]()
    for kind, level, form, count in counts.sanctions():
        by_level[level] += count if kind in proper else 0  # admonitions and organisational measures are none
        forms[form] += count
    numbers: list[tuple[str, int | None, str]] = [
        (str(get(name).label), counts.number(name) if is_open or part in tellable(name, year) else None, str(get(name).unit))
        for name in SECRET
    ]  # fmt: skip
    imposed = get("sanctions.imposed")
    numbers.append((str(imposed.label), sum(by_level.values()), str(imposed.unit)))
    forms["1"] += counts.outcome("leads.ended", "reminded")
    forms["4"] += counts.outcome("cases.decided", "sanction_and_transfer")
    levels = [*code_table("level").items(), ("", _("其他人员"))]
    known = {code for code, _label in levels}
    by_level[""] += sum(count for code, count in by_level.items() if code not in known)
    names = (_("第一种形态"), _("第二种形态"), _("第三种形态"), _("第四种形态"))
    of_forms = [forms[str(n)] for n in range(1, 5)]
    return Line(
        numbers,
        cells([(label, by_level[code]) for code, label in levels], smallest),
        cells(list(zip(names, of_forms, strict=True)), smallest, with_shares=True),
        sum(of_forms),
    )


def cells(given: Sequence[tuple[str, int]], smallest: int, *, with_shares: bool = False) -> list[Cell]:
    counts = [count for _label, count in given]
    out, parts = hidden(counts, smallest), shares(counts)
    return [
        Cell(label, None if n in out else count, parts[n] * 10 if with_shares and n not in out else None)
        for n, (label, count) in enumerate(given)
    ]
