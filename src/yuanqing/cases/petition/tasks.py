"""Bringing overdue petitions before somebody else, every morning."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.petition import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="15 16 * * *")  # 00:15 in Shanghai
@app.task(name="yuanqing.escalate_petitions", queueing_lock="escalate_petitions")
def escalate_daily(timestamp: int) -> None:
    escalate_overdue()


@command("petition escalate", help="bring petitions that are past their last day before others who can hand them on")
def escalate_overdue() -> str:
    late = queries.overdue(timezone.localdate())
    for petition in late:
        actions.escalate(petition, by=SYSTEM)
    return f"{len(late)} escalated"
