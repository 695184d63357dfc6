"""The folder of backups: one folder a backup, and beside them the contents and the journal that all of them share.

<backups>/2026-11-26T020000Z/manifest.json  written last: a folder without it is no backup
                             database.tar.gz (embedded) or database.dump (external)
                             keys.tar or keys.tar.age
                             files.txt       digests of the contents that belong to this backup
<backups>/files/ab/cdef…     the contents themselves, each once
<backups>/wal/…gz            the journal since the oldest backup kept
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.store.contents import Store

STAMP = "%Y-%m-%dT%H%M%SZ"
MANIFEST = "manifest.json"
CONTENTS = "files.txt"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    kind: str  # "embedded": a copy of the data folder; "external": a dump
    taken_at: str
    postgres: str
    origin: str
    ledger_entries: int
    ledger_digest: str  # of the last entry, to be found again after restoring
    contents: int
    first_segment: str = ""  # the journal is needed from here on
    keys: str = ""  # name of the file of keys; "" when they are kept elsewhere
    sums: dict[str, str] = field(default_factory=dict)  # file → SHA-256


@dataclass(frozen=True)
class Backup:
    """One finished backup."""

    place: Path
    manifest: Manifest

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.taken_at)


def backups_folder(home: Path) -> Path:
    """YUANQING_BACKUP, better on another disk; by default beside the data."""
    return Path(os.environ.get("YUANQING_BACKUP") or home / "backups").resolve()


def backups(root: Path) -> list[Backup]:
    """Every finished backup, the newest first."""
    found = [open_backup(path.parent) for path in root.glob(f"*/{MANIFEST}")]
    return sorted(found, key=lambda one: one.manifest.taken_at, reverse=True)


def open_backup(place: Path) -> Backup:
    try:
        return Backup(place, Manifest(**json.loads((place / MANIFEST).read_text())))
    except FileNotFoundError:
        raise OperatorError(f"{place} is no finished backup (it has no {MANIFEST}).") from None
    except (ValueError, TypeError):
        raise OperatorError(f"{place / MANIFEST} cannot be read.") from None


def write_manifest(place: Path, manifest: Manifest) -> None:
    """Last, and on disk before it has its name."""
    draft = place / f"{MANIFEST}.new"
    with draft.open("w") as file:
        json.dump(asdict(manifest), file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place / MANIFEST)


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def faults_of(backup: Backup, contents: Store) -> list[str]:
    """What is missing or altered, one sentence each; empty for a sound backup."""
    found = []
    for name, wanted in backup.manifest.sums.items():
        path = backup.place / name
        if not path.exists():
            found.append(f"{name} is missing.")
        elif checksum(path) != wanted:
            found.append(f"{name} was altered.")
    for digest in digests_of(backup):
        if not contents.verify(digest):
            found.append(f"The content {digest} is missing or altered.")
    return found


def digests_of(backup: Backup) -> list[str]:
    listing = backup.place / CONTENTS
    return listing.read_text().split() if listing.exists() else []


def now() -> datetime:
    return datetime.now(UTC)


def shown(backup: Backup) -> str:
    size = sum(path.stat().st_size for path in backup.place.iterdir())
    manifest: Any = backup.manifest
    return f"{backup.place.name}  {manifest.kind:<8}  {size / 1e6:10.1f} MB  {manifest.contents} files  {manifest.ledger_entries} ledger entries"
