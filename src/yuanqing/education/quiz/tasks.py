"""Papers whose time is up are collected, whether anybody is still looking at them or not."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yuanqing.education.quiz import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="*/5 * * * *")
@app.task(name="yuanqing.collect_quizzes", queueing_lock="collect_quizzes")
def collect_now(timestamp: int) -> None:
    collect()


@command("quiz collect", help="mark the attempts whose time is up")
def collect() -> str:
    found = list(queries.overdue().select_related("quiz")[:5000])
    for attempt in found:
        actions.collect(attempt, by=SYSTEM)
    return f"{len(found)} collected"
