"""The rates of a span of months over the whole register; what is counted never says whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from yuanqing.cases.rates.rules import Rate, median, ninth_decile, per_hundred
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.packs.published import current
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
FROM cases_petition p WHERE p.received_on BETWEEN %(first)s AND %(last)s
"""
DAYS = {
    "acknowledge": "SELECT acknowledged_on - received_on FROM cases_petition WHERE acknowledged_on BETWEEN %(first)s AND %(last)s",
    "conclude": "SELECT concluded_on - received_on FROM cases_petition WHERE concluded_on BETWEEN %(first)s AND %(last)s",
    "distribute": "SELECT assigned_on - received_on FROM cases_lead WHERE assigned_on BETWEEN %(first)s AND %(last)s",
    "dispose": "SELECT disposed_on - received_on FROM cases_lead WHERE disposed_on BETWEEN %(first)s AND %(last)s",
    "end": "SELECT ended_on - received_on FROM cases_lead WHERE ended_on BETWEEN %(first)s AND %(last)s",
    "try": "SELECT submitted_on - filed_on FROM cases_case WHERE submitted_on BETWEEN %(first)s AND %(last)s",
    "decide": "SELECT decided_on - filed_on FROM cases_case WHERE decided_on BETWEEN %(first)s AND %(last)s",
}


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

    received: int
    heads: int
    volume: int | None  # per hundred people, in hundredths
    lines: list[Line]
    steps: list[Step]

    @property
    def volume_text(self) -> str:
        return "" if self.volume is None else f"{self.volume / 100:.2f}"


def span(months: Sequence[Month]) -> tuple[date, date]:
    return months[0].first_day, months[-1].last_day


def rates(months: Sequence[Month]) -> Rates:
    """Of petitions received in the months; times of what was done in them."""
    first, last = span(months)
    smallest = int(current("cases").entry("smallest_cell").value)
    names = {
        "acknowledge": _("收到到告知"), "conclude": _("收到到办结"), "distribute": _("入册到分办"),
        "dispose": _("入册到批准处置"), "end": _("入册到结束"), "try": _("立案到移送审理"), "decide": _("立案到决定"),
    }  # fmt: skip
    with as_system(), connection.cursor() as cursor:
        params = {"first": first, "last": last}
        cursor.execute(PETITIONS, params)
        total, anonymous, online, followed, done, true, judged, true_anonymous, judged_anonymous = cursor.fetchone()
        steps = []
        for name, statement in DAYS.items():
            cursor.execute(statement, params)
            days = [max(0, n) for (n,) in cursor.fetchall()]
            is_shown = len(days) >= smallest
            steps.append(
                Step(
                    names[name], len(days), median(days) if is_shown else None, ninth_decile(days) if is_shown else None
                )
            )
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
    return Rates(total, heads, per_hundred(total, heads) if total >= smallest else None, lines, steps)


def may_see(account: Any) -> bool:
    return bool(
        account.can("discipline.review.view") or account.can("cases.case.view") or account.can("cases.lead.view")
    )
