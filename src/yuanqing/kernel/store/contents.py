"""内容库: files under the SHA-256 of their content, in the folder `files` of the installation.

A content appears under its name only when it is complete and on disk (written aside, synced, linked), is never changed, and is shared
by all who hand in the same bytes. So a copy of the folder taken at any moment after a copy of the database holds everything that the
database speaks of. Nothing is ever held in memory as a whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

CHUNK = 1 << 20
RESERVE = 64 << 20  # bytes left free on the disk: the database needs them to end what it has begun
INCOMING, PARTS = "incoming", "parts"
ABANDONED = 24 * 60 * 60  # seconds after which something unfinished, or a content nobody speaks of, may go


class Unfit(Exception):
    """不予接收: one sentence saying what is wrong with a file and what to do."""


class NoRoom(OSError):
    """磁盘已满: the file cannot be kept until somebody makes room."""


@dataclass
class Draft:
    """A file coming in: written aside, hashed on the way, and gone unless it is filed."""

    path: Path
    handle: IO[bytes]
    limit: int
    size: int = 0
    hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.limit:
            raise Unfit(_("文件超过 %(size)s。请压缩或拆成几个文件。") % {"size": in_words(self.limit)})
        self.hash.update(chunk)
        self.handle.write(chunk)

    @property
    def digest(self) -> str:
        return self.hash.hexdigest()


class Store:
    """The folder of contents."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Where a content lies; ValueError for anything that is no digest."""
        if len(digest) != 64 or any(letter not in "0123456789abcdef" for letter in digest):
            raise ValueError(digest)
        return self.root / digest[:2] / digest[2:]

    @contextmanager
    def draft(self, limit: int) -> Iterator[Draft]:
        """A file to write to; whatever happens, nothing of it stays but what was filed."""
        folder = self.folder(INCOMING)
        path = folder / uuid.uuid4().hex
        try:
            with path.open("xb") as handle:
                yield Draft(path, handle, limit)
        finally:
            path.unlink(missing_ok=True)

    def file(self, draft: Draft) -> None:
        """Give a complete draft its name; the same content again is already there."""
        draft.handle.flush()
        os.fsync(draft.handle.fileno())
        draft.path.chmod(0o600)
        target = self.path(draft.digest)
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self.root)
        try:
            os.link(draft.path, target)
        except FileExistsError:
            os.utime(target)  # young again: the sweep leaves it to whoever is about to speak of it
        sync_folder(target.parent)

    def folder(self, name: str) -> Path:
        place = self.root / name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def ensure_room(self, size: int) -> None:
        """Raises NoRoom when the disk would be full after so many more bytes."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.root).free - size < RESERVE:
            raise NoRoom(_("存放文件的磁盘快满了，暂时不能接收文件。请告诉系统管理员。"))

    def digests(self) -> Iterator[str]:
        """Every content there is, in order."""
        for shelf in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(shelf.name + one.name for one in shelf.iterdir())

    def verify(self, digest: str) -> bool:
        """Whether the content is there and still what its name says."""
        try:
            with self.path(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    def sweep(self, spoken_of: Iterable[str], *, older_than: float = ABANDONED) -> int:
        """Remove contents that nothing speaks of, and what was begun and left; the young are spared. Returns how many."""
        wanted, oldest, removed = set(spoken_of), time.time() - older_than, 0
        left = [self.path(d) for d in self.digests() if d not in wanted]
        begun = [one for name in (INCOMING, PARTS) for one in self.folder(name).iterdir()]
        for path in (*left, *begun):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
            except FileNotFoundError:
                continue
        return removed


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def in_words(size: int) -> str:
    """2.0 GB, 20 MB, 300 KB."""
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}" if size % unit else f"{size // unit} {name}"
    return f"{size} B"
