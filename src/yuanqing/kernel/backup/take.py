"""Taking a backup while everything runs.

First the database, then the contents of files: a content never changes and is never removed within a day, so what comes later holds
everything the earlier one speaks of. The copy of the database is read back and compared with PostgreSQL's own list of checksums.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg

from yuanqing.kernel.backup import folder
from yuanqing.kernel.backup.folder import Backup, Manifest
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database import cluster
from yuanqing.kernel.database.connection import database_url, external_url
from yuanqing.kernel.database.layout import Layout, binary_folder
from yuanqing.kernel.database.runner import environment
from yuanqing.kernel.store.contents import CHUNK, Store

BASE, DUMP = "database.tar.gz", "database.dump"
POSTGRES_MANIFEST = "backup_manifest"


def take(home: Path, *, with_keys: bool = True, passphrase: str = "") -> Backup:
    """A finished, proved backup; OperatorError with a sentence, and nothing left behind, when it cannot be made."""
    root = folder.backups_folder(home)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with only_one(root):
        taken_at = folder.now()
        place = root / taken_at.strftime(folder.STAMP)
        place.mkdir(mode=0o700)
        try:
            return _take(home, root, place, taken_at.isoformat(), with_keys, passphrase)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise


def _take(home: Path, root: Path, place: Path, taken_at: str, with_keys: bool, passphrase: str) -> Backup:
    external = bool(external_url())
    entries, last = ledger_end(backup_url(home))
    first_segment = ""
    if external:
        dump(backup_url(home), place / DUMP)
    else:
        cluster.ensure_started(home)
        first_segment = base_copy(home, place / BASE)
    count = copy_contents(Store(home / "files"), Store(root / "files"), place / folder.CONTENTS)
    keys = _keys(home / "keys", place, passphrase) if with_keys else ""
    if not external:
        mirror_journal(Layout(home).wal, root / "wal")
    sums = {path.name: folder.checksum(path) for path in sorted(place.iterdir())}
    manifest = Manifest(
        kind="external" if external else "embedded",
        taken_at=taken_at,
        postgres=server_version(backup_url(home)),
        origin=os.environ.get("YUANQING_ORIGIN", "yuanqing.local"),
        ledger_entries=entries,
        ledger_digest=last,
        contents=count,
        first_segment=first_segment,
        keys=keys,
        sums=sums,
    )
    folder.write_manifest(place, manifest)
    return Backup(place, manifest)


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    handle = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise OperatorError("Another backup or restore is under way in this folder; wait for it to end.") from None
    finally:
        os.close(handle)


def backup_url(home: Path) -> str:
    """Somebody whom row-level security does not keep from any row: the superuser, or YUANQING_BACKUP_URL."""
    if external_url():
        return os.environ.get("YUANQING_BACKUP_URL") or str(external_url("owner"))
    return database_url(home, "superuser")


def ledger_end(url: str) -> tuple[int, str]:
    """Number of entries and the digest of the last one."""
    with psycopg.connect(url) as connection:
        if not connection.execute("SELECT to_regclass('kernel_entry')").fetchone()[0]:  # type: ignore[index]
            return 0, ""
        row = connection.execute(
            "SELECT seq, encode(leaf, 'hex') FROM kernel_entry ORDER BY seq DESC LIMIT 1"
        ).fetchone()
    return (row[0], row[1]) if row else (0, "")


def server_version(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.info.parameter_status("server_version") or ""


def base_copy(home: Path, target: Path) -> str:
    """The data folder as one compressed tar, streamed; returns the first segment of the journal it needs."""
    options = (
        "--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--manifest-checksums=SHA256",
        "--compress=client-gzip:1", "--no-password", f"--dbname={database_url(home, 'superuser', 'postgres')}",
    )  # fmt: skip
    with tempfile.TemporaryFile() as errors, target.open("xb") as file:
        process = subprocess.Popen(  # noqa: S603 - our own program, as whoever we are: the server knows us
            [str(client_program("pg_basebackup")), *options], env=environment(), stdout=subprocess.PIPE, stderr=errors
        )
        assert process.stdout is not None
        shutil.copyfileobj(process.stdout, file, CHUNK)
        if process.wait():
            errors.seek(0)
            raise OperatorError(f"The database could not be copied: {errors.read().decode(errors='replace').strip()}")
        file.flush()
        os.fsync(file.fileno())
    return prove(target)


def prove(archive: Path) -> str:
    """Read the copy back and compare every file with the server's list; the first segment of the journal it needs."""
    seen: dict[str, str] = {}
    manifest, label = b"", b""
    with tarfile.open(archive, "r|gz") as package:
        for member in package:
            if not member.isfile():
                continue
            content = package.extractfile(member)
            assert content is not None
            name = member.name.removeprefix("./")
            if name in (POSTGRES_MANIFEST, "backup_label"):
                text = content.read()
                manifest, label = (text, label) if name == POSTGRES_MANIFEST else (manifest, text)
                content = io.BytesIO(text)
            digest = sha256()
            while chunk := content.read(CHUNK):
                digest.update(chunk)
            seen[name] = digest.hexdigest()
    listed = {each["Path"]: each["Checksum"] for each in json.loads(manifest)["Files"]} if manifest else {}
    wrong = [name for name, wanted in listed.items() if seen.get(name) != wanted]
    if not listed or wrong:
        raise OperatorError(
            f"The copy of the database is not sound ({', '.join(wrong[:3]) or 'no list of its files'})."
        )
    return label.decode().split("file ", 1)[1].split(")", 1)[0]


def dump(url: str, target: Path) -> None:
    """A dump by PostgreSQL's own program; its table of contents is read back."""
    done = subprocess.run(  # noqa: S603
        [str(client_program("pg_dump")), "--format=custom", f"--file={target}", f"--dbname={url}"],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    if done.returncode:
        words = done.stderr.strip()
        if "row-level security" in words or "row security" in words:
            words = "row-level security hides rows from this role. Set YUANQING_BACKUP_URL to a role that is superuser or has BYPASSRLS."
        raise OperatorError(f"The database could not be dumped: {words}")
    listed = subprocess.run(  # noqa: S603
        [str(client_program("pg_restore")), "--list", str(target)], capture_output=True, check=False
    )
    if listed.returncode or b"kernel_entry" not in listed.stdout:
        raise OperatorError("The dump cannot be read back.")


def client_program(name: str) -> Path:
    """PostgreSQL's own clients; the system's when ours are not installed."""
    try:
        return binary_folder() / name
    except OperatorError:
        found = shutil.which(name)
        if found is None:
            raise OperatorError(
                f"{name} is not installed; set YUANQING_PG_BIN to the folder of PostgreSQL's programs."
            ) from None
        return Path(found)


def copy_contents(source: Store, target: Store, listing: Path) -> int:
    """Every content of the store, each copied once for all backups; the list of this one. Returns how many."""
    digests = list(source.digests()) if source.root.exists() else []
    for digest in digests:
        kept = target.path(digest)
        if kept.exists():
            continue
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = kept.with_name(f"{kept.name}.new")
        shutil.copyfile(source.path(digest), draft)
        if folder.checksum(draft) != digest:
            raise OperatorError(f"The content {digest} is not what its name says; run “yuanqing files verify”.")
        draft.replace(kept)
    listing.write_text("".join(f"{digest}\n" for digest in digests))
    return len(digests)


def _keys(keys: Path, place: Path, passphrase: str) -> str:
    """The keys as one tar, under a passphrase (age) when one is given."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as package:
        package.add(keys, "keys")
    content, name = packed.getvalue(), "keys.tar"
    if passphrase:
        import pyrage

        content, name = pyrage.passphrase.encrypt(content, passphrase), "keys.tar.age"
    handle = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return name


def mirror_journal(source: Path, target: Path) -> int:
    """Copy the segments that are not there yet; returns how many."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    copied = 0
    for path in sorted(source.glob("*.gz")) if source.exists() else []:
        kept = target / path.name
        if not kept.exists():
            draft = target / f"{path.name}.new"
            shutil.copyfile(path, draft)
            draft.replace(kept)
            copied += 1
    return copied
