"""What the records say for a return, and where the returns of a month stand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.policies import reviews_from_above
from yuanqing.discipline.monthly_return.rules import Filing, Finding, Past, findings, window_of
from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.kernel import figures
from yuanqing.kernel.addresses import NOWHERE
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.barriers import before
from yuanqing.kernel.database.prepared import prepared_cursor
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.figures.reading import Query, Units, named
from yuanqing.kernel.packs.form import Cell, Form
from yuanqing.kernel.packs.published import current, pack_of
from yuanqing.norms.period.models import Period
from yuanqing.org.account.policies import identities
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import within

SHOWN_MONTHS = 12
FORM = "return_form"


def prefill(form: Form, month: Month, units: Units = None) -> Query:
    """`unit_id, prefilled`: for every unit with anything to report, the form's cells as its records fill them."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for number, cells in enumerate(_by_item(form)):
        dims = tuple(cells[0].where)
        query = figures.sql_for(cells[0].figure, [month], units=units, by=dims, key=f"f{number}")
        spots = [{"code": c.code, "dims": [c.where[d] for d in dims]} for c in cells]
        params |= query.params | _arrays(spots, len(dims), f"f{number}")
        parts.append(_item_sql(query.text, dims, f"f{number}"))
    inner = "\nUNION ALL\n".join(parts)
    text = f"SELECT unit_id, jsonb_object_agg(code, value) AS prefilled FROM ({inner}) cells WHERE value <> 0 GROUP BY unit_id"  # noqa: S608 names come from the registry
    return Query(text, params)


def _by_item(form: Form) -> list[list[Cell]]:
    """The cells that a figure fills, those of one item together."""
    found: dict[str, list[Cell]] = {}
    for cell in form.cells:
        if cell.figure:
            found.setdefault(cell.item.code, []).append(cell)
    return list(found.values())


def _arrays(spots: Sequence[dict[str, Any]], dims: int, key: str) -> dict[str, Any]:
    """The form's places as parallel arrays: the code of each, and the value of each dimension there."""
    columns = {f"{key}_d{n}": [spot["dims"][n] for spot in spots] for n in range(dims)}
    return {f"{key}_codes": [spot["code"] for spot in spots], **columns}


def _item_sql(figure: str, dims: Sequence[str], key: str) -> str:
    if not dims:
        return f"SELECT q.unit_id, (%({key}_codes)s::text[])[1] AS code, q.value FROM ({figure}) q"  # noqa: S608
    arrays = ", ".join(f"%({key}_d{n})s::text[]" for n in range(len(dims)))
    columns = ", ".join(["code", *(f"d{n}" for n in range(len(dims)))])
    match = " AND ".join(f"q.{dim} = place.d{n}" for n, dim in enumerate(dims))
    places = f"unnest(%({key}_codes)s::text[], {arrays}) AS place({columns})"
    return f"SELECT q.unit_id, place.code, q.value FROM ({figure}) q JOIN {places} ON {match}"  # noqa: S608


Picks = list[tuple[list[int], dict[tuple[str, ...], str]]]  # places among a figure's dimensions; their values → cell


def prefilled(form: Form, month: Month, unit_id: UUID) -> dict[str, int]:
    """The cells of one unit as its records fill them now: each figure is counted once, and the cells pick from that.

    A number is the same for everybody who may read it.
    """
    text, picks = _of_one(form)
    found = Counter[str]()
    with as_system(), prepared_cursor() as cursor:
        cursor.execute(text, {"one_months": [month.first_day], "one_unit": unit_id})
        for number, dims, value in cursor.fetchall():
            for places, codes in picks[number]:
                found[codes.get(tuple(dims[n] for n in places), "")] += value
    return {cell.code: found[cell.code] for cell in form.cells if found[cell.code]}


@lru_cache(maxsize=32)
def _of_one(form: Form) -> tuple[str, list[Picks]]:
    """The statement for one unit, `number of the figure, its dimensions, value`, and what picks from each figure."""
    parts: list[str] = []
    picks: list[Picks] = []
    for name, items in groupby(sorted(_by_item(form), key=_figure), key=_figure):
        each = list(items)
        dims = list(dict.fromkeys(dim for cells in each for dim in cells[0].where))
        columns = ", ".join(f"q.{dim}::text" for dim in dims)
        query = figures.sql_for(name, (), units=NOWHERE, by=dims, key="one")
        parts.append(f"SELECT {len(picks)}, ARRAY[{columns}]::text[], q.value FROM ({query.text}) q")  # noqa: S608
        picks.append(
            [([dims.index(d) for d in c[0].where], {tuple(x.where.values()): x.code for x in c}) for c in each]
        )
    return "\nUNION ALL\n".join(parts), picks


def _figure(cells: Sequence[Cell]) -> str:
    return cells[0].figure


def named_ids(rows: Any) -> Query:
    """The ids of a queryset of returns as SQL with named parameters."""
    return named(rows, "chosen")


def form_of(period: Period) -> Form:
    """The form in the edition that was frozen when the period opened."""
    pack = pack_of(period.form_edition_id)
    names = {
        reference.partition(".")[0] for section in pack.of_kind("section") for _f, reference in section.references()
    }
    return _form(period.form_edition_id, tuple(sorted(names)), period.month_on)


@lru_cache(maxsize=32)
def _form(edition: UUID, names: tuple[str, ...], on: date) -> Form:
    return Form(pack_of(edition), {name: current(name, on) for name in names})


def filing(grounds: Grounds, content: Mapping[str, Any], by: Any) -> Filing:
    """What the gates look at, for what somebody is about to report."""
    record, last = grounds.record, grounds.last
    period, now = record.period, timezone.now()
    return Filing(
        values=content["cells"],
        prefilled=grounds.recorded,
        reasons=content["reasons"],
        explanations=content["explanations"],
        last=last.cells if last and last.state != "missing" else None,
        window=window_of(now, period.opens_at, record.due_at, period.grace_until, period.locks_at),
        opens_on=timezone.localdate(record.period.opens_at).isoformat(),
        days_late=max(0, (timezone.localdate(now) - timezone.localdate(record.due_at)).days),
        is_closed=period.state == "closed",
        is_nil=bool(content["nil_statement"]),
        nil_statement=content["nil_statement"],
        is_signed=by.can("discipline.monthly_return.submit", record.unit),
    )


PAST = """
SELECT p.month_on, r.state, r.first_submitted_at IS NOT NULL, r.cells::text
FROM discipline_monthlyreturn r JOIN norms_period p ON p.id = r.period_id
WHERE r.unit_id = %s AND p.form = %s AND p.month_on BETWEEN %s AND %s
"""
BELOW = """
SELECT u.code, r.unit_name FROM discipline_monthlyreturn r JOIN org_unit u ON u.id = r.unit_id
WHERE r.period_id = %(period)s AND r.state <> 'accepted' AND r.path > %(path)s AND r.path < %(path)s || %(end)s
    AND strpos(substr(r.path, length(%(path)s) + 1), '/') = length(r.path) - length(%(path)s)
ORDER BY r.path
"""


@dataclass(frozen=True)
class Grounds:
    """填报依据: what a return is made from and held against beside what is typed; each is asked once, when it is wanted."""

    record: MonthlyReturn

    @cached_property
    def form(self) -> Form:
        return form_of(self.record.period)

    @cached_property
    def recorded(self) -> dict[str, int]:
        """The cells as the records fill them now."""
        return prefilled(self.form, self.record.period.month, self.record.unit_id)

    @cached_property
    def months(self) -> list[Month]:
        """The twelve months before, oldest first."""
        return [self.record.period.month.plus(-n) for n in range(SHOWN_MONTHS, 0, -1)]

    @cached_property
    def past(self) -> dict[Month, Past]:
        """The unit's returns of those months."""
        first, last = self.months[0].first_day, self.months[-1].first_day
        with prepared_cursor() as cursor:
            cursor.execute(PAST, [self.record.unit_id, self.record.period.form, first, last])
            return {Month.of(on): Past(state, said, json.loads(cells)) for on, state, said, cells in cursor.fetchall()}

    @property
    def last(self) -> Past | None:
        """The return of the month before, if there is one."""
        return self.past.get(self.months[-1])

    @cached_property
    def below(self) -> dict[str, str]:
        """Code → name of the units that stood directly below and whose returns are not accepted: to be waited for, or declared as gaps."""
        params: dict[str, Any] = {"period": self.record.period_id, "path": self.record.path, "end": chr(0x10FFFF)}
        with prepared_cursor() as cursor:
            cursor.execute(BELOW, params)
            return dict(cursor.fetchall())


def records_behind(record: MonthlyReturn, cell: Cell, account: Any) -> Any:
    """The violations that a cell counts, as far as the account may see them.

    A cell of people gives the matters in which they were dealt with: the level is theirs, not the matter's.
    """
    first, last = record.period.month.first_day, record.period.month.last_day
    rows = Violation.objects.visible_to(account).standing().filter(unit=record.unit_id)
    rows = rows.filter(type=cell.where["type"]) if "type" in cell.where else rows
    figure, level = cell.figure, cell.where.get("level")
    if figure in ("violation.people_handled", "violation.people_sanctioned"):
        people = Involved.objects.filter(**{"level": level} if level else {})
        people = people.filter(is_sanctioned=True) if figure.endswith("sanctioned") else people.filter(form__gt=0)
        rows = rows.filter(pk__in=people.values("violation"))
    elif level:
        rows = rows.filter(level=level)
    if figure == "violation.received":
        return rows.filter(received_on__range=(first, last))
    if figure in ("violation.carried", "violation.open"):
        day = first if figure == "violation.carried" else record.period.month.next().first_day
        return rows.filter(Q(concluded_on__isnull=True) | Q(concluded_on__gte=day), received_on__lt=day)
    rows = rows.filter(concluded_on__range=(first, last))
    return rows if figure == "violation.concluded" else rows.filter(state="concluded")


@dataclass(frozen=True)
class Trial:
    """批量试审: what is going to be reported for many units, to be held against the gates before it is written."""

    period: Period
    states: Mapping[str, str]
    statement: str
    explanation: str

    @property
    def form(self) -> Form:
        return form_of(self.period)

    def of_nothing(self) -> list[Finding]:
        """What the gates find where a unit has nothing to report: the same for all of them."""
        return findings(self.form, Filing(self.states, is_nil=True, nil_statement=self.statement, is_signed=True))

    def of(self, recorded: Mapping[str, int], last: Mapping[str, Any] | None) -> list[Finding]:
        is_nil = not recorded
        return findings(
            self.form,
            Filing(
                {**recorded, **self.states}, recorded, last=last, is_nil=is_nil, is_signed=True,
                nil_statement=self.statement if is_nil else "",
            ),
        )  # fmt: skip


RECORDED = """
CREATE TEMPORARY TABLE recorded_month ON COMMIT DROP AS {query};
CREATE UNIQUE INDEX ON recorded_month (unit_id);
ANALYZE recorded_month
"""


@contextmanager
def recorded(form: Form, month: Month) -> Iterator[None]:
    """A table `recorded_month` (unit_id, prefilled) for the statements of one act, computed once.

    It has an index: of a month that has just begun the planner knows nothing, and expects a handful of returns.
    """
    query = prefill(form, month)
    with connection.cursor() as cursor:
        cursor.execute(RECORDED.format(query=query.text), query.params)
        yield
        cursor.execute("DROP TABLE recorded_month")


TRIED = """
SELECT r.id, coalesce(p.prefilled, '{{}}')::text, last.cells::text
FROM discipline_monthlyreturn r
LEFT JOIN recorded_month p ON p.unit_id = r.unit_id
LEFT JOIN (SELECT l.unit_id, l.cells, l.open_count FROM discipline_monthlyreturn l
    JOIN norms_period lp ON lp.id = l.period_id AND lp.form = %(form)s AND lp.month_on = %(before)s
    WHERE l.state <> 'missing') last ON last.unit_id = r.unit_id
WHERE r.period_id = %(period)s AND r.state IN ('open', 'returned') AND r.id IN ({chosen})
    AND (p.prefilled IS NOT NULL OR last.open_count > 0)
"""


def tried(trial: Trial, chosen: Any) -> tuple[list[UUID], dict[str, dict[str, str]]]:
    """Of the chosen returns that have anything to say: which the gates block, and return → explanations by check.

    Reads `recorded_month`.
    """
    period, picked = trial.period, named_ids(chosen)
    params: dict[str, Any] = {"period": period.pk, "form": period.form, "before": period.month.previous().first_day}
    blocked, explained = [], {}
    with connection.cursor() as cursor:
        cursor.execute(TRIED.format(chosen=picked.text), {**picked.params, **params})
        for pk, known, last in cursor.fetchall():
            found = trial.of(json.loads(known), json.loads(last) if last else None)
            soft = {finding.key: trial.explanation for finding in found if finding.severity == "soft"}
            if any(f.severity == "hard" for f in found) or (soft and not trial.explanation.strip()):
                blocked.append(pk)
            elif soft:
                explained[str(pk)] = soft
    return blocked, explained


BROKEN = """
SELECT s.monthly_return_id, s.number FROM (
    SELECT s.*, row_number() OVER chain AS place, coalesce(lag(s.digest) OVER chain, '') AS before
    FROM discipline_submission s WHERE {where} WINDOW chain AS (PARTITION BY s.monthly_return_id ORDER BY s.number)
) s
WHERE s.number <> s.place OR s.previous_digest <> s.before OR s.digest <> encode(sha256(convert_to(jsonb_build_array(
    s.previous_digest, s.number, to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), s.content
)::text, 'UTF8')), 'hex')
ORDER BY 1, 2
"""


def altered_submissions(record: MonthlyReturn | None = None) -> list[tuple[UUID, int]]:
    """(return, number) of every submission that is not as it was made, or not in its place; of one return, or of all."""
    where, params = ("s.monthly_return_id = %(pk)s", {"pk": record.pk}) if record else ("TRUE", {})
    with connection.cursor() as cursor:
        cursor.execute(BROKEN.format(where=where), params)
        return [(pk, number) for pk, number in cursor.fetchall()]


@dataclass(frozen=True)
class Progress:
    """报送进度: counts of returns of a month in a scope."""

    due: int
    submitted: int
    on_time: int
    late: int
    missing: int
    nil: int
    returned: int
    accepted: int


FIRST = Q(first_submitted_at__isnull=False)
COUNTS = {
    "due": Count("pk"),
    "submitted": Count("pk", filter=FIRST),
    "on_time": Count("pk", filter=FIRST & Q(first_submitted_at__lte=F("due_at"))),
    "late": Count("pk", filter=FIRST & Q(first_submitted_at__gt=F("due_at"))),
    "missing": Count("pk", filter=~FIRST),
    "nil": Count("pk", filter=Q(is_nil=True)),
    "returned": Count("pk", filter=Q(state="returned")),
    "accepted": Count("pk", filter=Q(state="accepted")),
}


def progress(returns: Any) -> Progress:
    """The counts over a queryset of returns, in one query."""
    return Progress(**returns.aggregate(**COUNTS))


def of_month(period: Period) -> Any:
    return MonthlyReturn.objects.filter(period=period)


def latest_period(month: Month | None = None) -> Period | None:
    """The period of a month; the latest one that was opened without a month."""
    rows = Period.objects.filter(form=FORM)
    return (rows.filter(month_on=month.first_day) if month else rows.order_by("-month_on")).first()


def to_review(account: Any, period: Period | None = None) -> Any:
    """Submitted returns that this account may accept or send back: below the unit at which its right begins."""
    scopes = account.scopes("discipline.monthly_return.accept")
    rows = MonthlyReturn.objects.filter(within(scopes, "unit__path"), state="submitted", period__state="open")
    rows = rows.exclude(unit__path__in=reviews_from_above(scopes)).exclude(signed_by__in=identities(account))
    rows = before(rows, account)
    return rows.filter(period=period) if period else rows


def own(account: Any, capability: str) -> Any:
    """Returns of the very units that were entrusted to the account, not of all those below them."""
    paths = [reach.path for reach in as_scope(account.scopes(f"discipline.monthly_return.{capability}")).reaches]
    return before(MonthlyReturn.objects.filter(unit__path__in=paths), account)
