"""Proposing what is due, every night; nothing is destroyed without a person."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.destruction import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="40 16 * * *")  # 00:40 in Shanghai
@app.task(name="yuanqing.propose_destructions", queueing_lock="propose_destructions")
def propose_daily(timestamp: int) -> None:
    propose_due()


@command("content due", help="propose to destroy the content of ended leads and petitions whose term is over")
def propose_due() -> str:
    found = queries.due(timezone.localdate())
    for row in found:
        actions.propose(by=SYSTEM, row=row, ground="term_over")
    return f"{len(found)} proposed"
