"""Restoring: everything is proved before anything is replaced, and what was there stays beside it under another name."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from yuanqing.kernel.backup import folder, take
from yuanqing.kernel.backup.folder import Backup
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database import cluster
from yuanqing.kernel.database.connection import TIME_ZONE, database_url, external_url
from yuanqing.kernel.database.layout import Layout
from yuanqing.kernel.database.runner import Runner, environment, runner_for
from yuanqing.kernel.store.contents import Store

LATEST = "latest"
RECOVERY_SECONDS = 3600
LEFT_BEHIND = (
    "postmaster.pid",
    "postmaster.opts",
    ".s.PGSQL.5432",
    ".s.PGSQL.5432.lock",
    "recovery.signal",
    "standby.signal",
)
AUTOMATIC = "postgresql.auto.conf"
# age measures the machine anew each time and refuses what it would take long over: a moment of distraction is no wrong passphrase
TOO_MUCH = "Excessive work"
PAUSES = (1.0, 3.0, 10.0)  # seconds between tries


def restore(home: Path, backup: Backup, *, to: str = "", passphrase: str = "", replace: bool = False) -> list[str]:
    """Put a backup in place of what is there, or where there is nothing; `to` is a moment, or “latest”.

    Returns what was done, in sentences. OperatorError when the backup is not sound, before anything is touched.
    """
    faults = folder.faults_of(backup, Store(backup.place.parent / "files"))
    if faults:
        raise OperatorError("The backup is not sound: " + " ".join(faults[:5]))
    moment = _moment(to, backup)
    keys = _keys(backup, passphrase)
    with take.only_one(backup.place.parent):
        done = _external(backup) if backup.manifest.kind == "external" else _embedded(home, backup, moment, replace)
        done += _contents(home, backup)
        done += _put_keys(home, keys, replace) if keys else ["The backup holds no keys; the ones that are there stay."]
    return done


def _moment(to: str, backup: Backup) -> str:
    """The moment in PostgreSQL's words; without a zone it is the organisation's time."""
    if not to or to == LATEST:
        return to
    if backup.manifest.kind == "external":
        raise OperatorError(
            "A dump holds one moment only. Ask the server's administrator to restore to a point in time."
        )
    found = read_moment(to)
    if found < backup.taken_at:
        raise OperatorError(f"This backup was taken later ({backup.manifest.taken_at}); choose an earlier one.")
    return found.isoformat(sep=" ")


def read_moment(to: str) -> datetime:
    """Without a zone it is the organisation's time."""
    try:
        found = datetime.fromisoformat(to)
    except ValueError:
        raise OperatorError("Write the moment like 2026-11-26T09:30:00, or “latest”.") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(TIME_ZONE))


def is_before(backup: Backup, to: str) -> bool:
    return backup.taken_at <= read_moment(to)


def _embedded(home: Path, backup: Backup, moment: str, replace: bool) -> list[str]:
    if external_url():
        raise OperatorError("This is a copy of an embedded database; unset YUANQING_DATABASE_URL to restore it.")
    layout = Layout(home)
    if layout.data.exists() and not replace:
        raise OperatorError(
            f"There is a database in {layout.data} already. With --replace it is put aside, not removed."
        )
    layout.pg.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == layout.pg.stat().st_uid:
        layout.pg.chmod(0o711)
    cluster.stop(home)  # first: while it runs, what is finished and archived is also taken away from its own folder
    if layout.wal.exists():  # the last minutes before the accident
        take.mirror_journal(layout.wal, backup.place.parent / "wal")
    runner = runner_for(layout)
    _unpack(backup.place / take.BASE, layout, runner)
    said = _check_copy(layout, runner)
    journal = layout.pg / "restore-wal"
    _stage_journal(backup, journal, layout, runner)
    _ask_for(layout, journal, moment, runner)
    aside = _swap(layout)
    try:
        _start(home, layout)
    except BaseException:
        layout.data.rename(layout.pg / f"data.failed-{int(time.time())}")
        if aside:
            aside.rename(layout.data)
        raise
    shutil.rmtree(journal, ignore_errors=True)
    said.append(f"The database was restored{f' to {moment}' if moment else f' as of {backup.manifest.taken_at}'}.")
    return [*said, *([f"What was there before is in {aside}; remove it when you no longer need it."] if aside else [])]


def _unpack(archive: Path, layout: Layout, runner: Runner) -> None:
    shutil.rmtree(layout.draft, ignore_errors=True)
    layout.draft.mkdir(mode=0o700)
    with tarfile.open(archive, "r|gz") as package:
        package.extractall(layout.draft, filter="data")
    for name in LEFT_BEHIND:  # of the server that was copied: they would keep this one from starting beside it
        (layout.draft / name).unlink(missing_ok=True)
    for folder_ in (layout.draft, *(path for path in layout.draft.rglob("*") if path.is_dir())):
        folder_.chmod(0o700)
    runner.own(layout.draft)


def _check_copy(layout: Layout, runner: Runner) -> list[str]:
    done = runner.run("pg_verifybackup", "--quiet", "--exit-on-error", str(layout.draft), timeout=RECOVERY_SECONDS)
    if done.returncode:
        raise OperatorError(f"PostgreSQL finds the copy unsound: {done.stderr.strip()}")
    return ["PostgreSQL's own check of the copy found every file as it was written."]


def _stage_journal(backup: Backup, journal: Path, layout: Layout, runner: Runner) -> None:
    """The segments since the backup, where the server's user can read them; and those the stopped server had not finished.

    The unfinished ones are only staged: the server may yet go on and finish them under the same name.
    """
    shutil.rmtree(journal, ignore_errors=True)
    journal.mkdir(mode=0o700)
    first = backup.manifest.first_segment
    for path in sorted((backup.place.parent / "wal").glob("*.gz")):
        if ".history" in path.name or path.name[8:24] >= first[8:24]:
            shutil.copyfile(path, journal / path.name)
    for path in sorted((layout.data / "pg_wal").glob("[0-9A-F]" * 24)):
        kept = journal / f"{path.name}.gz"
        if not kept.exists():
            with path.open("rb") as source, gzip.open(kept, "wb", compresslevel=1) as file:
                shutil.copyfileobj(source, file)
    runner.own(journal)


def _ask_for(layout: Layout, journal: Path, moment: str, runner: Runner) -> None:
    """Recovery from the journal, always: it begins a new timeline, whose segments never bear the name of an older one."""
    wanted = (
        "recovery_target = 'immediate'"
        if not moment
        else ""
        if moment == LATEST
        else f"recovery_target_time = '{moment}'"
    )
    with (layout.draft / AUTOMATIC).open("a") as file:
        file.write(f'restore_command = \'gzip -dc < "{journal}/%f.gz" > "%p"\'\n{wanted}\n')
        file.write("recovery_target_action = 'promote'\n" if wanted else "")
    (layout.draft / "recovery.signal").touch()
    runner.own(layout.draft)


def _swap(layout: Layout) -> Path | None:
    aside = None
    if layout.data.exists():
        aside = layout.pg / f"data.before-{int(time.time())}"
        layout.data.rename(aside)
    layout.draft.rename(layout.data)
    layout.prepared.unlink(missing_ok=True)  # an older backup is given the roles of today
    return aside


def _start(home: Path, layout: Layout) -> None:
    cluster.ensure_started(home)
    with psycopg.connect(database_url(home, "superuser", "postgres"), autocommit=True) as connection:
        for name in ("restore_command", "recovery_target", "recovery_target_time", "recovery_target_action"):
            connection.execute(f"ALTER SYSTEM RESET {name}")


def _external(backup: Backup) -> list[str]:
    """Into the empty database of YUANQING_OWNER_URL; comments stay out, since those on extensions are the superuser's to make."""
    url = external_url("owner")
    if not url:
        raise OperatorError(
            "This is a dump: set YUANQING_DATABASE_URL and YUANQING_OWNER_URL to the new, empty database."
        )
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if tables and tables[0]:
        raise OperatorError("The database is not empty. Make a new one and run “yuanqing database prepare” first.")
    done = subprocess.run(  # noqa: S603
        [str(take.client_program("pg_restore")), "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction", f"--dbname={url}", str(backup.place / take.DUMP)],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    if done.returncode:
        raise OperatorError(f"The dump could not be restored: {done.stderr.strip()}")
    return [f"The database was restored as of {backup.manifest.taken_at}."]


def _contents(home: Path, backup: Backup) -> list[str]:
    source, target = Store(backup.place.parent / "files"), Store(home / "files")
    digests = folder.digests_of(backup)
    for digest in digests:
        kept = target.path(digest)
        if kept.exists() and target.verify(digest):
            continue
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = kept.with_name(f"{kept.name}.new")
        shutil.copyfile(source.path(digest), draft)
        draft.chmod(0o600)
        draft.replace(kept)
    return [f"{len(digests)} files are in place."]


def _keys(backup: Backup, passphrase: str) -> bytes:
    name = backup.manifest.keys
    if not name:
        return b""
    content = (backup.place / name).read_bytes()
    if not name.endswith(".age"):
        return content
    import pyrage

    if not passphrase:
        raise OperatorError("The keys of this backup are under a passphrase: give it with --passphrase-file.")
    for pause in (*PAUSES, None):
        try:
            return bytes(pyrage.passphrase.decrypt(content, passphrase))
        except pyrage.DecryptError as error:
            if TOO_MUCH not in str(error):
                raise OperatorError("The passphrase does not open the keys of this backup.") from None
        if pause is not None:
            time.sleep(pause)
    raise OperatorError(
        "Opening the keys of this backup takes more work than this machine measured itself to be good for. "
        "Try again while it is less busy, or on a faster one; nothing was touched."
    )


def _put_keys(home: Path, packed: bytes, replace: bool) -> list[str]:
    """The keys that the restored ledger was sealed with; others that are there are put aside."""
    keys = home / "keys"
    draft = home / "keys.new"
    shutil.rmtree(draft, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        package.extractall(draft, filter="data")
    if keys.exists() and replace:
        keys.rename(home / f"keys.before-{int(time.time())}")
    elif keys.exists():
        shutil.rmtree(keys)  # an installation without a database has sealed nothing yet
    (draft / "keys").rename(keys)
    keys.chmod(0o700)
    shutil.rmtree(draft)
    return ["The keys are in place."]


def prove_restored(backup: Backup, home: Path) -> list[str]:
    """The ledger and the files, verified by the program itself in processes of their own; and the last entry found again."""
    said = []
    for words in (("ledger", "verify"), ("files", "verify")):
        done = subprocess.run([sys.executable, "-m", "yuanqing", *words], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise OperatorError(
                f"After restoring, “{' '.join(words)}” says: {(done.stderr or done.stdout).strip()[-500:]}"
            )
        said.append(done.stdout.strip())
    with psycopg.connect(take.backup_url(home)) as connection:
        row = connection.execute(
            "SELECT encode(leaf, 'hex') FROM kernel_entry WHERE seq = %s", [backup.manifest.ledger_entries]
        ).fetchone()
    if backup.manifest.ledger_entries and (row is None or row[0] != backup.manifest.ledger_digest):
        raise OperatorError("The last ledger entry of the backup is not in the restored database.")
    return said
