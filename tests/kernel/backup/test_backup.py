"""A backup taken while people write, restored elsewhere and to a moment: the same rows, the same files, the same keys."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pyrage
import pytest
from tests.server import PLACE

from yuanqing.kernel.backup import folder, restore, rotation, take
from yuanqing.kernel.backup.folder import Backup, Manifest
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database.cluster import ensure_started, stop
from yuanqing.kernel.database.connection import database_url
from yuanqing.kernel.store.contents import Store

DIGEST = "SELECT count(*), md5(string_agg(row::text, ',' ORDER BY row::text)) FROM kernel_entry row"


def digest_of(home: Path) -> tuple[int, str]:
    with psycopg.connect(database_url(home, "superuser")) as connection:
        return connection.execute(DIGEST).fetchone()


def write(home: Path, first: int, last: int) -> datetime:
    """Entries first..last; the moment after which they are there."""
    with psycopg.connect(database_url(home, "superuser"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kernel_entry (seq int PRIMARY KEY, leaf bytea)")
        connection.execute("ALTER TABLE kernel_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        connection.execute(
            "INSERT INTO kernel_entry SELECT n, sha256(n::text::bytea) FROM generate_series(%s::int, %s::int) n",
            [first, last],
        )
        return connection.execute("SELECT clock_timestamp()").fetchone()[0]


@pytest.fixture
def place(monkeypatch):
    for name in ("YUANQING_DATABASE_URL", "YUANQING_OWNER_URL", "YUANQING_BACKUP_URL"):
        monkeypatch.delenv(name, raising=False)
    PLACE.mkdir(mode=0o711, exist_ok=True)
    root = PLACE / f"backup-{os.getpid()}"
    root.mkdir(mode=0o711)
    monkeypatch.setenv("YUANQING_BACKUP", str(root / "backups"))
    yield root
    for home in root.glob("home*"):
        stop(home)
    subprocess.run(["rm", "-rf", str(root)], check=True)


@pytest.fixture
def home(place) -> Path:
    home = place / "home"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "ledger.mac").write_text("cafe\n")
    content = Store(home / "files").path(folder.checksum(home / "keys" / "ledger.mac"))
    content.parent.mkdir(parents=True)
    shutil.copyfile(home / "keys" / "ledger.mac", content)
    ensure_started(home)
    write(home, 1, 1000)
    return home


def test_backup_and_restore(home, place):
    """Elsewhere as of the backup, then in place to a moment, then in place to the last transaction."""
    found = take.take(home, passphrase="六个字的口令呀")
    assert (found.manifest.ledger_entries, found.manifest.contents, found.manifest.keys) == (1000, 1, "keys.tar.age")
    assert b"cafe" not in (found.place / "keys.tar.age").read_bytes()
    assert folder.faults_of(found, Store(place / "backups" / "files")) == []
    before = digest_of(home)
    moment = write(home, 1001, 1500)
    wanted = digest_of(home)
    write(home, 1501, 1600)

    elsewhere = place / "home2"  # while the source runs: its socket's lock file must not keep this one from starting
    with pytest.raises(OperatorError, match="passphrase"):
        restore.restore(elsewhere, found)
    with pytest.raises(OperatorError, match="does not open"):
        restore.restore(elsewhere, found, passphrase="wrong")
    restore.restore(elsewhere, found, passphrase="六个字的口令呀")
    assert digest_of(elsewhere) == before
    assert (elsewhere / "keys" / "ledger.mac").read_text() == "cafe\n"
    assert [*Store(elsewhere / "files").digests()] == [*Store(home / "files").digests()]
    write(elsewhere, 2001, 2010)  # it takes writes
    stop(elsewhere)

    with pytest.raises(OperatorError, match="already"):
        restore.restore(home, found, passphrase="六个字的口令呀")
    said = restore.restore(home, found, to=moment.isoformat(), passphrase="六个字的口令呀", replace=True)
    assert digest_of(home) == wanted
    aside = next(path for path in (home / "pg").glob("data.before-*"))
    assert any(str(aside) in sentence for sentence in said)

    write(home, 1501, 1550)  # life goes on from there; the latest moment is now on the new line of history
    latest = digest_of(home)
    restore.restore(home, found, to="latest", passphrase="六个字的口令呀", replace=True)
    assert digest_of(home) == latest


def test_what_was_altered_is_found_before_anything_is_touched(home, place):
    found = take.take(home)
    archive = found.place / take.BASE
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(OperatorError, match="not sound"):
        restore.restore(home, found, replace=True)
    assert digest_of(home)[0] == 1000
    with pytest.raises((OperatorError, tarfile.TarError, OSError, EOFError, Exception)):
        take.prove(archive)


def backup_of(day: datetime, root: Path) -> Backup:
    place = root / day.strftime(folder.STAMP)
    place.mkdir(parents=True)
    manifest = Manifest("external", day.isoformat(), "18", "x", 1, "", 0)
    folder.write_manifest(place, manifest)
    return Backup(place, manifest)


def test_rotation_keeps_days_weeks_and_months(tmp_path, monkeypatch):
    monkeypatch.setenv("YUANQING_BACKUP", str(tmp_path))
    last = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    for n in range(400):
        backup_of(last - timedelta(days=n), tmp_path)
    rotation.rotate(tmp_path / "home")
    left = [each.taken_at.date().isoformat() for each in folder.backups(tmp_path)]
    assert left[:7] == [(last - timedelta(days=n)).date().isoformat() for n in range(7)]
    assert len(left) == 7 + 3 + 11 - 0  # four more Sundays less the one within the week, and eleven ends of months
    assert {"2026-10-31", "2025-12-31", "2026-11-22"} <= set(left)


def test_the_journal_is_bounded_when_nobody_backs_up(tmp_path, monkeypatch):
    monkeypatch.setenv("YUANQING_BACKUP", str(tmp_path / "backups"))
    home, now = tmp_path / "home", datetime.now(UTC).timestamp()
    journal = home / "pg" / "wal"
    journal.mkdir(parents=True)
    names = [f"00000001000000000000000{n}.gz" for n in range(1, 5)]
    for age, name in zip((3, 2, 0, 0), names, strict=True):
        (journal / name).write_bytes(b"x" * 10)
        os.utime(journal / name, (now, now - age * 86_400))
    assert rotation.bound_journal(home) == 20  # without a backup only the last day stays
    place = tmp_path / "backups" / "2026-11-26T023000Z"
    place.mkdir(parents=True)
    taken = datetime(2026, 11, 26, 2, 30, tzinfo=UTC).isoformat()
    folder.write_manifest(place, Manifest("embedded", taken, "18", "x", 1, "", 0, first_segment=names[3][:-3]))
    assert rotation.bound_journal(home) == 10
    assert [path.name for path in journal.glob("*")] == [names[3]]


def test_half_a_backup_is_none(tmp_path):
    (tmp_path / "2026-11-26T000000Z").mkdir()
    assert folder.backups(tmp_path) == []
    with pytest.raises(OperatorError, match="no finished backup"):
        folder.open_backup(tmp_path / "2026-11-26T000000Z")


@pytest.mark.parametrize(("slow_moments", "opens"), [(0, True), (2, True), (9, False)])
def test_a_busy_moment_is_not_taken_for_a_wrong_passphrase(tmp_path, monkeypatch, slow_moments, opens):
    content = pyrage.passphrase.encrypt(b"keys", "口令")
    demanding = re.sub(rb"( \d+)\n", b" 40\n", content, count=1)  # a header that asks for far more work
    left = [demanding] * slow_moments + [content]
    (tmp_path / "keys.tar.age").write_bytes(content)
    decrypt = pyrage.passphrase.decrypt
    monkeypatch.setattr(restore, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda _content, words: decrypt(left.pop(0), words))
    backup = SimpleNamespace(place=tmp_path, manifest=SimpleNamespace(keys="keys.tar.age"))
    if opens:
        assert restore._keys(backup, "口令") == b"keys"
        return
    with pytest.raises(OperatorError, match="less busy"):
        restore._keys(backup, "口令")
