"""What must be in order for the installation to work; each check is one question with a sentence for an answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.backup import folder
from yuanqing.kernel.lifecycle import Text
from yuanqing.kernel.store.contents import RESERVE, in_words

HEARTBEAT = 90.0  # seconds; the worker beats every ten
LOW = 0.10  # of the disk: said from 90 % on, before anything stops
BACKUP_AGE = timedelta(hours=36)
JOURNAL_MOST = 20 << 30  # bytes


@dataclass(frozen=True)
class Check:
    """检查项: `is_needed` makes the installation not ready; the others are told to the administrator."""

    name: str
    label: Text
    is_needed: bool
    fault: Callable[[], str]  # what is wrong; "" when nothing is


@dataclass(frozen=True)
class Finding:
    """The answer to a check."""

    check: Check
    fault: str


def database_fault() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


@cache
def _wanted_migrations() -> frozenset[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)


def migrations_fault() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = _wanted_migrations() - set(cursor.fetchall())
    return _("数据库结构还差 %(count)d 步升级，请运行 yuanqing migrate。") % {"count": len(missing)} if missing else ""


def heartbeat_age() -> float | None:
    """Seconds since a worker last said that it lives; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        (age,) = cursor.fetchone()
    return None if age is None else float(age)


def worker_fault() -> str:
    age = heartbeat_age()
    if age is None:
        return _("没有后台任务进程，结账、提醒和备份不会进行。")
    return _("后台任务进程已有 %(age)d 秒没有动静。") % {"age": age} if age > HEARTBEAT else ""


def disk_fault() -> str:
    free = shutil.disk_usage(settings.HOME).free
    return _("磁盘只剩 %(free)s，已停止接收文件。") % {"free": in_words(free)} if free < RESERVE else ""


def low_disk_fault() -> str:
    found = shutil.disk_usage(settings.HOME)
    if found.free >= found.total * LOW:
        return ""
    return _("磁盘已用 %(percent)d%%，只剩 %(free)s。") % {
        "percent": 100 - found.free * 100 // found.total,
        "free": in_words(found.free),
    }


def backup_age() -> float | None:
    """Seconds since the newest backup; None when there is none."""
    found = folder.backups(folder.backups_folder(Path(settings.HOME)))
    return (timezone.now() - found[0].taken_at).total_seconds() if found else None


def backup_fault() -> str:
    age = backup_age()
    if age is None:
        return _("还没有备份。请设置 YUANQING_BACKUP，或者运行 yuanqing backup。")
    if age < BACKUP_AGE.total_seconds():
        return ""
    return _("最近一次备份是 %(hours)d 小时以前。") % {"hours": age // 3600}


def journal_fault() -> str:
    """The journal is kept from the oldest backup on; without newer backups it grows with every write."""
    folder_ = Path(settings.HOME) / "pg" / "wal"
    size = sum(path.stat().st_size for path in folder_.glob("*.gz")) if folder_.exists() else 0
    if size < JOURNAL_MOST:
        return ""
    return _("数据库变更日志已积到 %(size)s。请设置 YUANQING_BACKUP，每夜备份后会清理用不着的部分。") % {
        "size": in_words(size)
    }


def jobs_fault() -> str:
    from yuanqing.shell.job.models import Job

    failed = Job.objects.filter(state="failed", ended_at__gte=timezone.now() - timedelta(days=1)).count()
    return _("一天之内有 %(count)d 项后台任务没有完成。") % {"count": failed} if failed else ""


CHECKS = (
    Check("database", gettext_lazy("数据库"), True, database_fault),
    Check("migrations", gettext_lazy("数据库结构"), True, migrations_fault),
    Check("worker", gettext_lazy("后台任务进程"), True, worker_fault),
    Check("disk", gettext_lazy("磁盘空间"), True, disk_fault),
    Check("disk_low", gettext_lazy("磁盘余量"), False, low_disk_fault),
    Check("backup", gettext_lazy("备份"), False, backup_fault),
    Check("journal", gettext_lazy("变更日志"), False, journal_fault),
    Check("jobs", gettext_lazy("后台任务"), False, jobs_fault),
)


def findings(*, needed_only: bool = False) -> list[Finding]:
    """Every check with its answer; one that cannot be asked is a fault, told without the words of the error."""
    found = []
    for check in CHECKS:
        if needed_only and not check.is_needed:
            continue
        try:
            fault = check.fault()
        except (DatabaseError, OSError):
            fault = _("无法检查。")
        found.append(Finding(check, fault))
    return found
