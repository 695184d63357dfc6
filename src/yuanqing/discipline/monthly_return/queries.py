"""What the records say for a return, and where the returns of a month stand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.rules import Filing
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.reading import Query, Units, named
from yuanqing.kernel.packs.form import Cell, Form
from yuanqing.kernel.packs.published import current, pack_of
from yuanqing.norms.period.models import Period

SHOWN_MONTHS = 12


def prefill(form: Form, month: Month, units: Units = None) -> Query:
    """`unit_id, prefilled`: for every unit with anything to report, the form's cells as its records fill them."""
    parts, params = [], {}
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


def prefilled(form: Form, month: Month, unit_id: UUID) -> dict[str, int]:
    """The cells of one unit as its records fill them now."""
    query = prefill(form, month, units=[unit_id])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT prefilled::text FROM ({query.text}) q", query.params)  # noqa: S608
        row = cursor.fetchone()
    return dict(json.loads(row[0])) if row else {}


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


def filing(record: MonthlyReturn, content: Mapping[str, Any], recorded: Mapping[str, int], by: Any) -> Filing:
    """What the gates look at, for what somebody is about to report."""
    period, last = record.period, last_month(record)
    now = timezone.now()
    return Filing(
        values=content["cells"],
        prefilled=recorded,
        reasons=content["reasons"],
        explanations=content["explanations"],
        last=last.cells if last and last.state != "missing" else None,
        window=window_of(record, now),
        days_late=max(0, (timezone.localdate(now) - timezone.localdate(record.due_at)).days),
        is_closed=period.state == "closed",
        is_nil=bool(content["nil_statement"]),
        nil_statement=content["nil_statement"],
        is_signed=by.can("discipline.monthly_return.submit", record.unit),
    )


def window_of(record: MonthlyReturn, now: datetime) -> Any:
    """Where an instant stands in the return's frozen windows; an extension moves the due time only."""
    period = record.period
    if now < period.opens_at:
        return "early"
    if now <= record.due_at:
        return "open"
    if now <= period.grace_until:
        return "grace"
    return "late" if now <= period.locks_at else "locked"


def last_month(record: MonthlyReturn) -> MonthlyReturn | None:
    """The unit's return of the month before, if it has one."""
    before = record.period.month.previous().first_day
    rows = MonthlyReturn.objects.filter(unit_id=record.unit_id, period__form=record.period.form)
    return rows.filter(period__month_on=before).first()


def last_values(record: MonthlyReturn) -> dict[str, list[tuple[str, int]]]:
    """Cell code → (month, number reported) of up to twelve earlier months, oldest first; only cells that ever were > 0."""
    earlier = (
        MonthlyReturn.objects.filter(unit_id=record.unit_id, period__form=record.period.form)
        .filter(period__month_on__lt=record.period.month_on)
        .order_by("-period__month_on")[:SHOWN_MONTHS]
    )
    months = [(str(r.period.month), r.cells) for r in earlier.select_related("period")][::-1]
    codes = {code for _month, cells in months for code in cells}
    return {code: [(month, int(cells.get(code, 0) or 0)) for month, cells in months] for code in sorted(codes)}


def waiting_below(record: MonthlyReturn) -> list[MonthlyReturn]:
    """Returns of the units directly below that are not accepted: to be waited for, or declared as gaps."""
    rows = MonthlyReturn.objects.filter(period_id=record.period_id, unit__parent_id=record.unit_id)
    return list(rows.exclude(state="accepted").select_related("unit").order_by("path"))


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


def progress(returns: Any) -> Progress:
    """The counts over a queryset of returns, in one query."""
    first = Q(first_submitted_at__isnull=False)
    counts = returns.aggregate(
        due=Count("pk"),
        submitted=Count("pk", filter=first),
        on_time=Count("pk", filter=first & Q(first_submitted_at__lte=F("due_at"))),
        late=Count("pk", filter=first & Q(first_submitted_at__gt=F("due_at"))),
        missing=Count("pk", filter=Q(first_submitted_at__isnull=True)),
        nil=Count("pk", filter=Q(is_nil=True)),
        returned=Count("pk", filter=Q(state="returned")),
        accepted=Count("pk", filter=Q(state="accepted")),
    )
    return Progress(**counts)


def of_month(period: Period) -> Any:
    return MonthlyReturn.objects.filter(period=period)
