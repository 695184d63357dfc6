"""The supervisor of the embedded server: makes, starts and stops it, and recovers from whatever happened before.

Start and stop hold a file lock, so any number of processes may ask at once. The data folder is made under another
name and renamed when it is complete. A server killed without warning is recognised by its process, never by the
number in its file alone.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database.connection import DATABASE, ROLES_EDITION, database_url, external_url
from yuanqing.kernel.database.layout import SOCKET_NAME, Layout
from yuanqing.kernel.database.processes import is_ours, leftovers, read_pid_file
from yuanqing.kernel.database.runner import Runner, runner_for
from yuanqing.kernel.database.server_files import write_access, write_configuration

START_SECONDS = 120  # recovery after a crash may replay much of the log
RECOVERY_SECONDS = 3600  # a restored one reads its journal first
LEFTOVER_SECONDS = 30
LOG_LIMIT = 10_000_000


def ensure_started(home: Path, *, durable: bool = True) -> bool:
    """Start the embedded server unless it runs; True when this call started it. An external one is only checked."""
    if external_url():
        from yuanqing.kernel.database.roles import check_version

        check_version(database_url(home))
        return False
    layout = Layout(home)
    if _ready(layout):
        return False
    _make_folder(layout)
    with _locked(layout):
        if _ready(layout):
            return False
        started = _start(layout, durable)
        _prepare(layout)
    return started


def stop(home: Path) -> bool:
    """Stop the embedded server, letting it write everything; False when it did not run."""
    layout = Layout(home)
    if external_url() or not layout.pg.exists():
        return False
    with _locked(layout):
        pid = running_pid(home)
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)  # fast shutdown: running transactions are rolled back
        if not _wait(lambda: not is_ours(pid, layout.data), START_SECONDS):
            raise OperatorError(
                f"PostgreSQL (process {pid}) did not stop within {START_SECONDS} seconds; see {layout.log}."
            )
    return True


def running_pid(home: Path) -> int | None:
    """The process number of the running server of this home."""
    layout = Layout(home)
    found = read_pid_file(layout.data)
    return found.pid if found and is_ours(found.pid, layout.data) else None


def _ready(layout: Layout) -> bool:
    try:
        found = read_pid_file(layout.data)
    except PermissionError:
        raise OperatorError(f"{layout.data} belongs to another user; run as that user or as root.") from None
    return bool(found and found.status == "ready" and is_ours(found.pid, layout.data) and _is_prepared(layout))


def _make_folder(layout: Layout) -> None:
    try:
        layout.pg.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == layout.pg.stat().st_uid:
            layout.pg.chmod(0o711)  # the server's own user passes through; it cannot list
    except OSError as error:
        raise OperatorError(f"The folder {layout.pg} cannot be made: {error.strerror}.") from error


@contextmanager
def _locked(layout: Layout) -> Iterator[None]:
    try:
        handle = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise OperatorError(f"{layout.pg} belongs to another user; run as that user or as root.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _start(layout: Layout, durable: bool) -> bool:
    found = read_pid_file(layout.data)
    if found and is_ours(found.pid, layout.data):
        ended = _wait(lambda: not is_ours(found.pid, layout.data) or _accepts(layout), START_SECONDS)
        if ended and is_ours(found.pid, layout.data):
            return False
    _clear_stale(layout)
    runner = runner_for(layout)
    if not layout.data.exists():
        _initialise(layout, runner, durable)
    _rotate_log(layout, runner)
    _close_folder(layout.socket, runner)
    layout.wal.mkdir(mode=0o700, exist_ok=True)
    runner.own(layout.wal)
    write_configuration(layout, runner, durable=durable)
    write_access(layout, runner)
    options = ("-s", "-w", "-t", str(START_SECONDS), "-D", str(layout.data), "-l", str(layout.log))
    done = runner.run("pg_ctl", "start", *options, timeout=START_SECONDS + 30)
    if done.returncode:
        raise OperatorError(
            f"PostgreSQL did not start: {_last_words(layout) or done.stderr.strip()} (see {layout.log})"
        )
    return True


def _accepts(layout: Layout) -> bool:
    found = read_pid_file(layout.data)
    return bool(found and found.status == "ready")


def _clear_stale(layout: Layout) -> None:
    """Remove what a killed server left, once none of its processes lives any more."""
    if not _wait(lambda: not leftovers(layout.data), LEFTOVER_SECONDS):
        raise OperatorError(f"Processes of an earlier PostgreSQL still use {layout.data}; end them and try again.")
    (layout.data / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (layout.socket / name).unlink(missing_ok=True)


def _initialise(layout: Layout, runner: Runner, durable: bool) -> None:
    shutil.rmtree(layout.draft, ignore_errors=True)
    layout.prepared.unlink(missing_ok=True)
    layout.draft.mkdir(mode=0o700)
    runner.own(layout.draft)
    done = runner.run(
        "initdb", "-D", str(layout.draft), "-U", "postgres", "-E", "UTF8", "--data-checksums", "--no-instructions",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=peer", "--auth-host=reject",
        *(() if durable else ("--no-sync",)),
    )  # fmt: skip
    if done.returncode:
        raise OperatorError(f"PostgreSQL's data folder could not be made: {done.stderr.strip()}")
    layout.draft.rename(layout.data)


def _prepare(layout: Layout) -> None:
    if _is_prepared(layout):
        return
    from yuanqing.kernel.database.roles import is_in_recovery, prepare

    url = database_url(layout.home, "superuser", "postgres")
    if not _wait(lambda: not is_in_recovery(url), RECOVERY_SECONDS):
        raise OperatorError(f"The database is still reading its journal after an hour; see {layout.log}.")
    prepare(url, DATABASE)
    layout.prepared.write_text(ROLES_EDITION)


def _is_prepared(layout: Layout) -> bool:
    return layout.prepared.exists() and layout.prepared.read_text() == ROLES_EDITION


def _close_folder(folder: Path, runner: Runner) -> None:
    """A folder that only the server's user (and root) enters; refuses one that somebody else laid there."""
    try:
        folder.mkdir(mode=0o700)
        runner.own(folder)
    except FileExistsError:
        pass
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in (runner.uid, os.geteuid()):
        raise OperatorError(f"The socket folder {folder} belongs to somebody else; remove it.")
    runner.own(folder)
    folder.chmod(0o700)


def _rotate_log(layout: Layout, runner: Runner) -> None:
    if layout.log.exists() and layout.log.stat().st_size > LOG_LIMIT:
        layout.log.replace(layout.log.with_suffix(".log.1"))
    layout.log.touch(mode=0o600)
    runner.own(layout.log)


def _last_words(layout: Layout) -> str:
    lines = layout.log.read_text(errors="replace").splitlines()[-20:] if layout.log.exists() else []
    return next((line.split("FATAL:", 1)[1].strip() for line in reversed(lines) if "FATAL:" in line), "")


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
