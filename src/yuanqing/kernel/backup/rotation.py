"""Which backups are kept: each of the last days, the last of each week, the last of each month."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from yuanqing.kernel.backup import folder
from yuanqing.kernel.backup.folder import Backup
from yuanqing.kernel.store.contents import ABANDONED, Store

DAYS, WEEKS, MONTHS = 7, 5, 12
USELESS = 24 * 60 * 60  # seconds after which a segment that no backup can build on is removed
HISTORY_SUFFIX = ".history.gz"


def kept(found: list[Backup], *, days: int = DAYS, weeks: int = WEEKS, months: int = MONTHS) -> list[Backup]:
    """The newest of each of the last days, weeks and months that have any; `found` is in order, the newest first."""
    wanted: dict[Path, Backup] = {}
    for most, form in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        newest: dict[str, Backup] = {}
        for each in found:
            newest.setdefault(each.taken_at.strftime(form), each)
        wanted |= {each.place: each for each in list(newest.values())[:most]}
    return [each for each in found if each.place in wanted]


def rotate(home: Path) -> list[str]:
    """Remove what is not kept, contents that no backup lists, and the journal before the oldest; what was removed."""
    root = folder.backups_folder(home)
    found = folder.backups(root)
    staying = kept(found)
    gone = [each for each in found if each not in staying]
    for each in gone:
        (each.place / folder.MANIFEST).unlink()  # first: half a folder is no backup
        shutil.rmtree(each.place)
    if not staying:
        return [each.place.name for each in gone]
    listed = {digest for each in staying for digest in folder.digests_of(each)}
    Store(root / "files").sweep(listed, older_than=ABANDONED)
    _forget_journal(root / "wal", staying)
    _forget_journal(home / "pg" / "wal", staying)
    return [each.place.name for each in gone]


def bound_journal(home: Path) -> int:
    """Keep the journal beside the data from growing for ever: before the oldest backup, or without any, it restores nothing.

    Returns how many bytes are left. What the backups may build on stays, however much it is; the monitor warns.
    """
    journal = home / "pg" / "wal"
    if not journal.exists():
        return 0
    found = [each for each in folder.backups(folder.backups_folder(home)) if each.manifest.first_segment]
    if found:
        _forget_journal(journal, found)
    else:
        for path in journal.glob("*.gz"):
            if time.time() - path.stat().st_mtime > USELESS:
                path.unlink(missing_ok=True)
    return sum(path.stat().st_size for path in journal.glob("*.gz"))


def _forget_journal(journal: Path, staying: list[Backup]) -> None:
    """Segments before the one that the oldest backup begins with; their names order as they were written."""
    oldest = min((each.manifest.first_segment for each in staying if each.manifest.first_segment), default="")
    if not oldest or not journal.exists():
        return
    for path in journal.glob("*.gz"):
        if not path.name.endswith(HISTORY_SUFFIX) and path.name[8:24] < oldest[8:24]:
            path.unlink(missing_ok=True)
