"""The worker's side of long work; jobs of killed workers are taken up again."""

from __future__ import annotations

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yuanqing.shell.job.actions import LOST, Busy, run

DO = "yuanqing.do_job"


@app.task(name=DO, retry=RetryStrategy(max_attempts=30, wait=10, retry_exceptions=[Busy, *LOST]))
def do_job(job_id: str) -> None:
    run(job_id)


@app.periodic(cron="* * * * *")
@app.task(name="yuanqing.resume_stalled", queueing_lock="resume_stalled", pass_context=True)
async def resume_stalled(context: Any, timestamp: int) -> None:
    """Jobs whose worker has died are queued again; `run` sees to it that finished ones do nothing."""
    for stalled in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(stalled)
