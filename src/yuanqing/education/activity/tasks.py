"""Newcomers: whoever comes to fit the audience of an activity under way is invited, daily and on command."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.education.activity import actions
from yuanqing.education.activity.models import Activity
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="25 16 * * *")  # 00:25 in Shanghai
@app.task(name="yuanqing.invite_newcomers", queueing_lock="invite_newcomers")
def invite_daily(timestamp: int) -> None:
    invite()


@command("activity invite", help="invite those who have come to fit the audiences of the activities under way")
def invite() -> str:
    rows = Activity.objects.filter(state="announced", due_on__gte=timezone.localdate())
    return f"{actions.invite(list(rows), by=SYSTEM)} invited"
