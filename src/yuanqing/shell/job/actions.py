"""Starting long work and doing it, once at a time for a key, whatever happens to the worker in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.shell.inbox.actions import send
from yuanqing.shell.job.models import Job
from yuanqing.shell.job.registry import job_kind, kind_of

__all__ = ["Busy", "Work", "job_kind", "run", "run_now", "start"]

LOCK = 0x4A4F42  # "JOB": the first key of the advisory lock a worker holds while it works
LOST = (OperationalError, InterfaceError)


class Busy(RuntimeError):
    """Another worker is at this job right now."""


@dataclass
class Work:
    """A job under way, as its function sees it: by whom it was asked, where to show progress and the result."""

    by: Any = SYSTEM
    job_id: UUID | None = None
    link: str = ""
    stages: list[tuple[int, int, str]] = field(default_factory=list)

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """How far it is; seen at once, also from inside a transaction."""
        self.stages.append((done, total, stage))
        if self.job_id is None:
            return
        with _beside() as cursor:
            cursor.execute(
                "UPDATE shell_job SET done = %s, total = %s, stage = %s WHERE id = %s AND state = 'running'",
                [done, total, stage[:200], self.job_id],
            )


@contextmanager
def _beside() -> Iterator[Any]:
    """A cursor whose writes others see at once: a second connection while a transaction is under way."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def start(kind: str, *, title: str, account: Any = None, arguments: dict[str, Any] | None = None, key: str = "") -> Job:
    """Ask for long work inside the transaction under way; with a key, work that is still going on is returned instead."""
    kind_of(kind)
    running = _running(key)
    if running is not None:
        return running
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, key=key, title=title, account_id=getattr(account, "pk", None), arguments=arguments or {}
            )
            _defer(job)
    except IntegrityError:
        running = _running(key)
        if running is None:
            raise
        return running
    return job


def _running(key: str) -> Job | None:
    found: Job | None = Job.objects.filter(key=key, state__in=["waiting", "running"]).first() if key else None
    return found


def _defer(job: Job) -> None:
    from yuanqing.shell.job.tasks import do_job

    do_job.configure(queueing_lock=f"job:{job.pk}").defer(job_id=str(job.pk))


def run(job_id: UUID | str) -> None:
    """Do the job, unless it is over. A failure that has a sentence ends it; any other ends it and is raised."""
    with _alone(str(job_id)):
        job = Job.objects.select_related("account").filter(pk=job_id).first()
        if job is None or job.is_over:
            return
        Job.objects.filter(pk=job.pk).update(state="running", stage="")
        work = Work(job.account or SYSTEM, job.pk)
        try:
            outcome = kind_of(job.kind).function(work, **job.arguments)
        except (Refused, ValidationError) as error:
            _end(job, "failed", " ".join(error.messages) if isinstance(error, ValidationError) else str(error), work)
        except LOST:
            raise  # the database has gone: the job is under way still, and is taken up again
        except Exception:
            _end(job, "failed", _("程序出错，没有完成；已经写入日志，请告诉系统管理员。"), work)
            raise
        else:
            _end(job, "done", str(outcome or ""), work)


def _end(job: Job, state: str, outcome: str, work: Work) -> None:
    with transaction.atomic():
        ended = {"state": state, "outcome": outcome, "link": work.link[:300], "ended_at": timezone.now(), "stage": ""}
        Job.objects.filter(pk=job.pk).update(**ended)
        if job.account_id:
            title = (_("%(job)s：已完成") if state == "done" else _("%(job)s：没有完成")) % {"job": job.title}
            link = work.link or job.get_absolute_url()
            send([job.account_id], key=f"job:{job.pk}", kind="job", title=title, body=outcome, link=link)


@contextmanager
def _alone(job_id: str) -> Iterator[None]:
    """Hold the job's lock while working; it goes with the connection, so a killed worker holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, job_id])
        if not cursor.fetchone()[0]:
            raise Busy(job_id)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK, job_id])


def run_now(kind: str, *, by: Any = SYSTEM, **arguments: Any) -> str:
    """The same work from a command: no worker, no job row; the outcome is returned."""
    return str(kind_of(kind).function(Work(by), **arguments) or "")
