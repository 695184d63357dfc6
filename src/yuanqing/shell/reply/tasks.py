"""Answers are forgotten after a day."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yuanqing.shell.reply import actions


@app.periodic(cron="20 * * * *")
@app.task(name="yuanqing.forget_replies", queueing_lock="forget_replies")
def forget_replies(timestamp: int) -> None:
    actions.forget()
