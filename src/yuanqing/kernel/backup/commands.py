"""Commands: back up, list, verify, restore."""

from __future__ import annotations

import os
from pathlib import Path

from yuanqing.kernel.backup import folder, restore, rotation, take
from yuanqing.kernel.backup.folder import Backup
from yuanqing.kernel.commands import Needs, OperatorError, argument, command
from yuanqing.kernel.database import cluster
from yuanqing.kernel.database.connection import home
from yuanqing.kernel.store.contents import Store

PASSPHRASE = argument("--passphrase-file", default="", help="file whose first line is the passphrase of the keys")


def passphrase_in(path: str) -> str:
    """The first line of the file; else YUANQING_BACKUP_PASSPHRASE; else none."""
    if not path:
        return os.environ.get("YUANQING_BACKUP_PASSPHRASE", "")
    try:
        return Path(path).read_text().splitlines()[0].strip()
    except (OSError, IndexError):
        raise OperatorError(f"The passphrase cannot be read from {path}.") from None


@command(
    "backup",
    help="备份数据库、附件和密钥 · back up database, files and keys while everything runs, and prove the copy",
    arguments=[argument("--without-keys", action="store_true", help="the keys are kept elsewhere"), PASSPHRASE],
    needs=Needs.NOTHING,
)
def backup(without_keys: bool, passphrase_file: str) -> str:
    cluster.ensure_started(home())
    found = take.take(home(), with_keys=not without_keys, passphrase=passphrase_in(passphrase_file))
    gone = rotation.rotate(home())
    lines = [folder.shown(found), f"Proved and kept in {found.place}."]
    return "\n".join([*lines, *([f"Removed by rotation: {', '.join(gone)}."] if gone else [])])


@command("backup list", help="列出备份 · list the backups there are", needs=Needs.NOTHING)
def list_backups() -> str:
    found = folder.backups(folder.backups_folder(home()))
    return "\n".join(map(folder.shown, found)) or "There is no backup yet. Run “yuanqing backup”."


@command(
    "backup verify",
    help="核对备份 · compare every file of a backup with its checksum (default: the newest)",
    arguments=[argument("name", nargs="?", default="")],
    needs=Needs.NOTHING,
)
def verify(name: str) -> str:
    found = chosen(name)
    faults = folder.faults_of(found, Store(found.place.parent / "files"))
    if faults:
        raise OperatorError("\n".join(faults))
    if found.manifest.kind == "embedded":
        take.prove(found.place / take.BASE)
    return f"{found.place.name} is sound."


@command(
    "restore",
    help="恢复备份，可到指定时刻 · restore a backup, up to a moment if wanted, and verify ledger and files",
    arguments=[
        argument("name", nargs="?", default="", help="which backup (default: the newest that fits)"),
        argument("--to", default="", help="a moment like 2026-11-26T09:30:00, or “latest”"),
        argument("--replace", action="store_true", help="put what is there aside (it is not removed)"),
        PASSPHRASE,
    ],
    needs=Needs.NOTHING,
)
def restore_backup(name: str, to: str, replace: bool, passphrase_file: str) -> str:
    if (home() / "serve.lock").exists() and _is_served():
        raise OperatorError("Stop “yuanqing serve” first: nobody should write while a backup is put in place.")
    found = chosen(name, before=to)
    said = restore.restore(home(), found, to=to, passphrase=passphrase_in(passphrase_file), replace=replace)
    said += restore.prove_restored(found, home())
    return "\n".join([f"Backup {found.place.name}:", *said])


def chosen(name: str, *, before: str = "") -> Backup:
    """The backup of this name or path; else the newest, or the newest that was taken before the moment."""
    root = folder.backups_folder(home())
    if name:
        return folder.open_backup(Path(name) if "/" in name else root / name)
    found = folder.backups(root)
    if before and before != restore.LATEST:
        found = [each for each in found if restore.is_before(each, before)]
    if not found:
        raise OperatorError(f"There is no fitting backup in {root}.")
    return found[0]


def _is_served() -> bool:
    import fcntl

    handle = os.open(home() / "serve.lock", os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
