"""Reminding, hourly in office hours, and on command."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.kernel.commands import command
from yuanqing.shell.worklist.actions import remind


@app.periodic(cron="5 0-10 * * *")  # 08:05 to 18:05 in Shanghai: the first run sends, the others make up for a failure
@app.task(name="yuanqing.remind", queueing_lock="remind")
def remind_hourly(timestamp: int) -> None:
    remind()


@command("remind", help="send today's reminders (--now 2026-11-02T09:00 for another moment)")
def remind_now(*, now: str = "") -> str:
    at = datetime.fromisoformat(now) if now else timezone.now()
    count = remind(timezone.make_aware(at) if timezone.is_naive(at) else at)
    return f"{count} digests"
