"""Late terms are brought above every morning, those that count hours within ten minutes; a quarter begins its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.term import actions, queries
from yuanqing.cases.term.models import Term
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="25 16 * * *")  # 00:25 in Shanghai
@app.task(name="yuanqing.escalate_terms", queueing_lock="escalate_terms")
def escalate_daily(timestamp: int) -> None:
    open_quarter()
    escalate_overdue()


@app.periodic(cron="*/10 * * * *")
@app.task(name="yuanqing.escalate_terms_by_hours", queueing_lock="escalate_terms_by_hours")
def escalate_by_hours(timestamp: int) -> None:
    _escalate(queries.overdue_by_hours())


@command("term escalate", help="bring terms that are past their last day before those who can do or prolong them")
def escalate_overdue() -> str:
    return _escalate(queries.overdue())


def _escalate(late: Sequence[Term]) -> str:
    for term in late:
        actions.escalate(term, by=SYSTEM)
    return f"{len(late)} escalated"


@command("term quarter", help="begin the term in which the results of the last quarter are told; once for each quarter")
def open_quarter() -> str:
    return f"{actions.open_quarter(timezone.localdate())} begun"
