"""A month of a whole country: violations here and there, every return as recorded, the close."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.meter import Meter, Reading
from yuanqing.demo.clock import at, moment
from yuanqing.discipline.monthly_return.actions import accept_all, submit_as_recorded
from yuanqing.discipline.monthly_return.queries import form_of, prefill
from yuanqing.discipline.review.actions import close
from yuanqing.discipline.violation.actions import Dealt, Matter, Someone, record_many
from yuanqing.discipline.violation.queries import Codes
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.actions import open_period
from yuanqing.norms.period.models import Period
from yuanqing.org.unit.models import Unit

UNITS_PER_VIOLATION = 20
FORM = "return_form"
STATES = {f"state.D{n}": "enforced" for n in range(1, 11)}
STATEMENT = "本单位本月无受理、无查处，特此签报。"
EXPLANATION = "情况属实，已核对。"
WEIGHTS = (("minor", 60), ("light", 32), ("grave", 8))
CLOSE_STEPS = ("lock", "freeze", "compute", "cards")


def run_month(meter: Meter, month: Month, turn: int, units: list[Unit], chance: random.Random) -> Period:
    """Everything that happens with one month, at the moments when it would happen."""
    first = month.next().first_day
    with at(moment(month.last_day, 18)):
        matters = made_up(units, month, chance, Codes.now())
        with meter.step("violations", turn):
            record_many(matters, by=SYSTEM)
    with at(moment(first, 8)), meter.step("open", turn):
        period = open_period(by=SYSTEM, form=FORM, month=month)
    with meter.step("prefill", turn):
        _prefilled(period)
    with at(moment(first + timedelta(days=1), 10)), meter.step("submit all", turn):
        submit_as_recorded(period, by=SYSTEM, states=STATES, statement=STATEMENT, explanation=EXPLANATION)
    with at(moment(first + timedelta(days=2), 10)), meter.step("accept all", turn):
        accept_all(period, by=SYSTEM)
    with at(period.locks_at + timedelta(days=1)):
        _closed(meter, period, turn)
    return period


def _prefilled(period: Period) -> int:
    """What the pages of all units would show before anybody types."""
    query = prefill(form_of(period), period.month)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({query.text}) q", query.params)
        return int(cursor.fetchone()[0])


def _closed(meter: Meter, period: Period, turn: int) -> None:
    """The close, and when each of its stages began."""
    period.refresh_from_db()
    began: list[float] = []
    progress: Callable[[int, int, str], None] = lambda done, total, stage: began.append(time.perf_counter())  # noqa: E731
    with meter.step("close", turn):
        close(period, by=SYSTEM, progress=progress)
    for name, start, end in zip(CLOSE_STEPS, began, began[1:], strict=False):
        meter.readings.append(Reading(f"close: {name}", turn, end - start, 0, 0, 0))


def made_up(units: list[Unit], month: Month, chance: random.Random, codes: Codes) -> list[Matter]:
    """One violation for every twenty units; nine of ten are concluded within the month."""
    count = max(1, len(units) // UNITS_PER_VIOLATION)
    types, levels = list(codes.types), list(codes.levels)
    measures = [code for code, entry in codes.measures.items() if entry.form == 1]
    return [_matter(chance.choice(units), month, chance, types, levels, measures) for _n in range(count)]


def _matter(
    unit: Unit, month: Month, chance: random.Random, types: list[str], levels: list[str], measures: list[str]
) -> Matter:
    received = month.first_day + timedelta(days=chance.randint(0, month.last_day.day - 1))
    ended = _end(received, month, chance)
    people = tuple(
        Dealt(
            Someone(chance.choice(levels), name="待查", is_party_member=chance.random() < 0.5),
            ((chance.choice(measures), ended, ""),) if ended else (),
        )
        for _n in range(chance.choices((1, 2, 3), (70, 22, 8))[0])
    )
    severity = chance.choices([name for name, _w in WEIGHTS], [weight for _n, weight in WEIGHTS])[0]
    return Matter(
        unit=unit, type=chance.choice(types), received_on=received, source="supervision", facts="主要事实从略。",
        severity=severity, people=people, concluded_on=ended, outcome="问题属实，已按程序处理。" if ended else "",
    )  # fmt: skip


def _end(received: date, month: Month, chance: random.Random) -> date | None:
    if chance.random() < 0.1:
        return None
    return received + timedelta(days=chance.randint(0, (month.last_day - received).days))


def last_months(count: int) -> list[Month]:
    """The latest months whose lock has passed for sure, oldest first."""
    newest = Month.of(timezone.localdate()).plus(-2)
    return [newest.plus(1 + n - count) for n in range(count)]


def all_units() -> list[Any]:
    return list(Unit.objects.order_by("path"))
