"""The rates of a span of months over the whole register; what is counted never says whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from yuanqing.cases.rates.rules import Rate, median, ninth_decile, per_hundred
from yuanqing.cases.release.policies import may_see as may_see_line
from yuanqing.cases.release.policies import sees_running
from yuanqing.cases.release.queries import kept_from, smallest_cell, tellable
from yuanqing.cases.release.rules import PARTS, months_of
from yuanqing.kernel.database.scope import as_system
from yuanqing.org.person.models import Person

PETITIONS = """
SELECT count(*),
       count(*) FILTER (WHERE NOT p.is_named),
       count(*) FILTER (WHERE NOT p.is_named AND p.report_id IS NOT NULL),
       count(*) FILTER (WHERE NOT p.is_named AND EXISTS (
           SELECT FROM hotline_letter l WHERE l.report_id = p.report_id AND l.from_reporter)),
       count(*) FILTER (WHERE p.concluded_on IS NOT NULL),
       count(*) FILTER (WHERE p.outcome IN ('proven', 'partly')),
       count(*) FILTER (WHERE p.outcome IN ('proven', 'partly', 'unfounded', 'honest_error')),
       count(*) FILTER (WHERE p.outcome IN ('proven', 'partly') AND NOT p.is_named),
       count(*) FILTER (WHERE p.outcome IN ('proven', 'partly', 'unfounded', 'honest_error') AND NOT p.is_named)
FROM cases_petition p WHERE p.received_on BETWEEN %(first)s AND %(last)s AND NOT p.id = ANY(%(cases_petition)s::uuid[])
"""
DAYS = {  # step → table, from, to
    "acknowledge": ("cases_petition", "received_on", "acknowledged_on"),
    "conclude": ("cases_petition", "received_on", "concluded_on"),
    "distribute": ("cases_lead", "received_on", "assigned_on"),
    "dispose": ("cases_lead", "received_on", "disposed_on"),
    "end": ("cases_lead", "received_on", "ended_on"),
    "try": ("cases_case", "filed_on", "submitted_on"),
    "decide": ("cases_case", "filed_on", "decided_on"),
}
TOOK = """SELECT {until} - {since} FROM {table}
          WHERE {until} BETWEEN %(first)s AND %(last)s AND NOT id = ANY(%({table})s::uuid[])"""
OVER = ("h1", "h2")  # shown to those who see only what is over: spans of which none follows from another


@dataclass(frozen=True)
class Line:
    """一行比率: a name, what it is of, and basis points (None: too small to be shown)."""

    label: str
    part: int
    whole: int
    points: int | None
    definition: str


@dataclass(frozen=True)
class Step:
    """一步用时: from what to what, how many, the median in half days and the ninth decile in days."""

    label: str
    count: int
    halves: int | None
    ninth: int | None

    @property
    def median(self) -> str:
        return "" if self.halves is None else f"{self.halves // 2}{'.5' if self.halves % 2 else ''}"


@dataclass(frozen=True)
class Rates:
    """比率: everything a span of months shows."""

    received: int | None  # None: not told, and no rate of all that was received either
    heads: int
    volume: int | None  # per hundred people, in hundredths
    lines: list[Line]
    steps: list[Step]

    @property
    def volume_text(self) -> str:
        return "" if self.volume is None else f"{self.volume / 100:.2f}"


def parts_for(account: Any) -> tuple[str, ...]:
    return tuple(PARTS) if sees_running(account) else OVER


def rates(year: int, part: str, account: Any = None) -> Rates:
    """Of petitions received in the span; times of what was done in it. Without an account: of everything."""
    months, smallest = months_of(year, part), smallest_cell()
    first, last = months[0].first_day, months[-1].last_day
    kept = kept_from(account, first, last)
    params: dict[str, Any] = {
        "first": first,
        "last": last,
        "cases_petition": kept.petitions,
        "cases_lead": kept.leads,
        "cases_case": kept.cases,
    }
    is_told = account is None or sees_running(account) or part in tellable("petition.received", year)
    with as_system(), connection.cursor() as cursor:
        cursor.execute(PETITIONS, params)
        total, anonymous, online, followed, done, true, judged, true_anonymous, judged_anonymous = cursor.fetchone()
        steps = [_step(cursor, name, params, smallest) for name in DAYS]
        heads = Person.objects.filter(left_on__isnull=True).count()
    given = (
        (_("匿名"), anonymous, total, _("匿名的信访举报占收到的")),
        (_("匿名来信人的后续对话"), followed, online, _("匿名网络举报中，举报人回来补充或者回答过的")),
        (_("已办结"), done, total, _("收到的信访举报中已经办结的")),
        (_("查实"), true, judged, _("有结论的信访举报中属实或者部分属实的")),
        (_("匿名查实"), true_anonymous, judged_anonymous, _("有结论的匿名举报中属实或者部分属实的")),
        (_("实名查实"), true - true_anonymous, judged - judged_anonymous, _("有结论的实名举报中属实或者部分属实的")),
    )
    lines = [Line(label, part, whole, Rate(part, whole, smallest).shown, said) for label, part, whole, said in given]
    if any(line.points is None for line in lines[-2:]):  # of two parts of a whole one would follow from the other
        lines[-2:] = [replace(line, points=None) for line in lines[-2:]]
    if not is_told:
        lines = [replace(line, points=None) for line in lines]
    volume = per_hundred(total, heads) if total >= smallest and is_told else None
    return Rates(total if is_told else None, heads, volume, lines, steps)


def _step(cursor: Any, name: str, params: dict[str, Any], smallest: int) -> Step:
    labels = {
        "acknowledge": _("收到到告知"), "conclude": _("收到到办结"), "distribute": _("入册到分办"),
        "dispose": _("入册到批准处置"), "end": _("入册到结束"), "try": _("立案到移送审理"), "decide": _("立案到决定"),
    }  # fmt: skip
    table, since, until = DAYS[name]
    cursor.execute(TOOK.format(table=table, since=since, until=until), params)
    days = [max(0, n) for (n,) in cursor.fetchall()]
    if len(days) < smallest:
        return Step(labels[name], len(days), None, None)
    return Step(labels[name], len(days), median(days), ninth_decile(days))


def may_see(account: Any) -> bool:
    return bool(may_see_line(account) or account.can("cases.lead.view"))
