"""Opening the obligations that fall due by the year, daily and on command."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command
from yuanqing.kernel.duty import noun_modules
from yuanqing.norms.obligation.actions import open_due


@app.periodic(cron="10 16 * * *")  # 00:10 in Shanghai
@app.task(name="yuanqing.open_yearly", queueing_lock="open_yearly")
def open_daily(timestamp: int) -> None:
    open_yearly()


@command("obligation open", help="open the yearly obligations that have begun by a day (today)")
def open_yearly(on: str = "") -> str:
    list(noun_modules("actions"))
    count = open_due(date.fromisoformat(on) if on else timezone.localdate(), by=SYSTEM)
    return f"{count} opened"
