"""Clocks go on by themselves on the day that was named."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yuanqing.cases.pause import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="5 16 * * *")  # 00:05 in Shanghai, before what is late is brought above
@app.task(name="yuanqing.resume_clocks", queueing_lock="resume_clocks")
def resume_daily(timestamp: int) -> None:
    resume_due()


@command("pause resume", help="let the clocks go on whose pause ends today or ended before")
def resume_due() -> str:
    rows = list(queries.ending(timezone.localdate()))
    for pause in rows:
        actions.resume(pause, by=SYSTEM, reason=_("到了写明的恢复日期"))
    return f"{len(rows)} resumed"
