"""指标采集: counters kept by every process and gauges read when asked, in the words of Prometheus; labels name pages, never people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from yuanqing.shell.monitor import checks

BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
REQUESTS = Counter("yuanqing_requests", "Requests answered", ("page", "method", "status"))
SECONDS = Histogram("yuanqing_request_seconds", "Time until the answer began", ("page",), buckets=BUCKETS)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
JOBS = "SELECT state, count(*), coalesce(extract(epoch FROM now() - min(asked_at)), 0) FROM shell_job WHERE state IN ('waiting', 'running') GROUP BY state"  # fmt: skip
SIZES = "SELECT pg_database_size(current_database()), (SELECT coalesce(max(seq), 0) FROM kernel_entry)"


def note(page: str, method: str, status: int, seconds: float) -> None:
    """Count one answer; an unknown method is none of a thousand labels."""
    REQUESTS.labels(page, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(page).observe(seconds)


class State(Collector):
    """What is read when somebody asks."""

    def collect(self) -> Iterator[Any]:
        disk = shutil.disk_usage(settings.HOME)
        yield GaugeMetricFamily("yuanqing_disk_free_bytes", "Room on the disk of the data", value=disk.free)
        yield GaugeMetricFamily("yuanqing_disk_total_bytes", "Size of the disk of the data", value=disk.total)
        age = checks.backup_age()
        if age is not None:
            yield GaugeMetricFamily("yuanqing_backup_age_seconds", "Time since the newest backup", value=age)
        ready = GaugeMetricFamily("yuanqing_check_passed", "1 when the check finds nothing wrong", labels=["check"])
        for found in checks.findings():
            ready.add_metric([found.check.name], 0 if found.fault else 1)
        yield ready
        try:
            yield from self._from_database()
        except DatabaseError:
            return

    def _from_database(self) -> Iterator[Any]:
        with connection.cursor() as cursor:
            cursor.execute(SIZES)
            size, entries = cursor.fetchone()
            cursor.execute(JOBS)
            jobs = cursor.fetchall()
        yield GaugeMetricFamily("yuanqing_database_bytes", "Size of the database", value=size)
        yield GaugeMetricFamily("yuanqing_ledger_entries", "Entries of the ledger", value=entries)
        count = GaugeMetricFamily("yuanqing_jobs", "Long work that is not over", labels=["state"])
        oldest = GaugeMetricFamily("yuanqing_oldest_job_seconds", "Age of the oldest such work", labels=["state"])
        for state, number, seconds in jobs:
            count.add_metric([state], number)
            oldest.add_metric([state], float(seconds))
        yield count
        yield oldest
        beat = checks.heartbeat_age()
        if beat is not None:
            yield GaugeMetricFamily("yuanqing_worker_heartbeat_seconds", "Time since the worker last spoke", value=beat)


def exposition() -> bytes:
    """The text that a collector reads: the counters of every process, and the state of now."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(State())
    return generate_latest(registry)
