"""Bringing overdue leads before somebody else, every morning."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.lead import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="20 16 * * *")  # 00:20 in Shanghai
@app.task(name="yuanqing.escalate_leads", queueing_lock="escalate_leads")
def escalate_daily(timestamp: int) -> None:
    escalate_overdue()


@command("lead escalate", help="bring leads that are past their last day before those above the late person")
def escalate_overdue() -> str:
    late = queries.overdue(timezone.localdate())
    for lead in late:
        actions.escalate(lead, by=SYSTEM)
    return f"{len(late)} escalated"
