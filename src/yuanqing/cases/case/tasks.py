"""Bringing overdue cases before somebody else, every morning."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.case import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="25 16 * * *")  # 00:25 in Shanghai
@app.task(name="yuanqing.escalate_cases", queueing_lock="escalate_cases")
def escalate_daily(timestamp: int) -> None:
    escalate_overdue()


@command("case escalate", help="bring cases that are past their last day before those above the late person")
def escalate_overdue() -> str:
    late = queries.overdue(timezone.localdate())
    for case in late:
        actions.escalate(case, by=SYSTEM)
    return f"{len(late)} escalated"
