"""Ending sanctions whose period is over, every night."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from yuanqing.cases.sanction import actions, queries
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import command


@app.periodic(cron="25 16 * * *")  # 00:25 in Shanghai
@app.task(name="yuanqing.expire_sanctions", queueing_lock="expire_sanctions")
def expire_daily(timestamp: int) -> None:
    expire_sanctions()


@command("sanction expire", help="end the sanctions whose period is over")
def expire_sanctions() -> str:
    over = queries.to_expire(timezone.localdate())
    for sanction in over:
        actions.expire(sanction, by=SYSTEM)
    return f"{len(over)} expired"
