"""Every night a backup, every minute the journal, where a folder for backups is named; every hour the journal is bounded."""

from __future__ import annotations

import os

from procrastinate.contrib.django import app

from yuanqing.kernel.backup import folder, rotation, take
from yuanqing.kernel.backup.commands import passphrase_in
from yuanqing.kernel.database.connection import external_url, home
from yuanqing.kernel.database.layout import Layout


@app.periodic(cron="30 2 * * *")
@app.task(name="yuanqing.backup", queueing_lock="backup")
def nightly(timestamp: int) -> None:
    """In the night, when YUANQING_BACKUP says where to."""
    if os.environ.get("YUANQING_BACKUP"):
        take.take(home(), passphrase=passphrase_in(""))
        rotation.rotate(home())


@app.periodic(cron="* * * * *")
@app.task(name="yuanqing.mirror_journal", queueing_lock="mirror_journal")
def mirror(timestamp: int) -> None:
    """What the server finished writing since the last minute goes to the folder of backups, once there is one to build on."""
    root = folder.backups_folder(home())
    if not external_url() and (os.environ.get("YUANQING_BACKUP") or folder.backups(root)):
        take.mirror_journal(Layout(home()).wal, root / "wal")


@app.periodic(cron="40 * * * *")
@app.task(name="yuanqing.bound_journal", queueing_lock="bound_journal")
def bound(timestamp: int) -> None:
    """Every hour: segments that no backup can build on any more go."""
    if not external_url():
        rotation.bound_journal(home())
