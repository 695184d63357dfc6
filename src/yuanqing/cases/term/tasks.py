"""Late terms are brought above every morning; the first day of a quarter begins its own."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.term import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="25 16 * * *")  # 00:25 in Shanghai
@app.task(name="yuanqing.escalate_terms", queueing_lock="escalate_terms")
def escalate_daily(timestamp: int) -> None:
    open_quarter()
    escalate_overdue()


@command("term escalate", help="bring terms that are past their last day before those who can do or prolong them")
def escalate_overdue() -> str:
    late = queries.overdue(timezone.localdate())
    for term in late:
        actions.escalate(term, by=SYSTEM)
    return f"{len(late)} escalated"


@command("term quarter", help="begin the term in which the results of the last quarter are told; once for each quarter")
def open_quarter() -> str:
    return f"{actions.open_quarter(timezone.localdate())} begun"
