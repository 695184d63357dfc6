"""Newcomers: whoever comes to fit the audience of a notice in force receives it, daily and on command."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yuanqing.education.notice import actions
from yuanqing.education.notice.models import Notice
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="20 16 * * *")  # 00:20 in Shanghai
@app.task(name="yuanqing.deliver_notices", queueing_lock="deliver_notices")
def deliver_daily(timestamp: int) -> None:
    deliver()


@command("notice deliver", help="deliver the notices in force to those who have come to fit their audiences")
def deliver() -> str:
    return f"{actions.deliver(list(Notice.objects.filter(state='issued')), by=SYSTEM)} delivered"
