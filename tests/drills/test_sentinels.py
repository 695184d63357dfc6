"""Marked reports through every path leave no mark anywhere on disk (E1), and both kinds of receipt take as long (E2).

The control is a plain column: a check that cannot find anything proves nothing.
"""

from __future__ import annotations

import base64
import gzip
import json
import secrets
import time
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from scipy.stats import ks_2samp
from tests.hotline.conftest import Visitor, fields, open_house

from yuanqing.hotline.window import pages
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.unit import actions as units

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


def spellings(mark: str) -> list[bytes]:
    raw = mark.encode()
    found = [raw, mark.encode("utf-16-le"), mark.encode("gbk"), raw.hex().encode(), raw.hex().upper().encode()]
    found += [base64.b64encode(raw)[:-4], json.dumps(mark)[1:-1].encode(), gzip.compress(raw)[10:-8]]
    return [one for one in found if len(one) > 6]


def hits(folders: list[Path], marks: list[str]) -> list[tuple[str, str]]:
    wanted = [(mark, one) for mark in marks for one in spellings(mark)]
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                try:
                    content = path.read_bytes()
                except OSError:
                    continue
                found += [(mark, str(path)) for mark, one in wanted if one in content]
    return found


def new_mark() -> str:
    return f"标记{secrets.token_hex(10)}证"


def flush(database: str) -> None:
    with psycopg.connect(settings.SERVER.url(database, "superuser"), autocommit=True) as conn:
        conn.execute("CHECKPOINT")
        conn.execute("SELECT pg_switch_wal()")


def test_marks_are_nowhere_and_the_control_is_found(own_database, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "EVEN_SECONDS", 0.0)
    open_house()
    marks = [new_mark() for _n in range(8)]
    visitor = Visitor()
    file = SimpleUploadedFile(f"{marks[2]}.txt", (marks[3] * 200_000).encode())
    digits = visitor.report(
        **{"q.what": marks[0], "q.who": marks[1], "files": file, "named": "yes", "name": marks[4], "contact": marks[5]}
    )
    visitor.send(**{"q.what": marks[6], "q.who": "", "files": SimpleUploadedFile("x", marks[6].encode())})  # refused
    box = fields(visitor.mailbox(digits).content.decode())["box"]
    visitor.post(step="write", box=box, text=marks[7], files=[SimpleUploadedFile(marks[7], marks[7].encode())])

    def broken(*args, **kwargs):
        raise psycopg.errors.DataError(marks[0])

    with monkeypatch.context() as context:  # the path of errors
        context.setattr("yuanqing.hotline.report.actions.submit", broken)
        visitor.send(**{"q.what": marks[0], "files": SimpleUploadedFile("y", marks[0].encode())})
    units.found(by=SYSTEM, code="PLAIN", name="对照plaincontrol7531", began_on=date(2024, 1, 1))
    flush(own_database)
    folders = [settings.SERVER.home, Path(settings.HOME), tmp_path]
    assert any("pg" in path for _mark, path in hits(folders, ["对照plaincontrol7531"])), "the control must be found"
    assert hits(folders, [*marks, digits, digits.replace(" ", "")]) == []


def test_both_kinds_of_receipt_take_as_long(own_database):
    open_house()
    visitor = Visitor()
    digits = visitor.report()
    times: dict[bool, list[float]] = {True: [], False: []}
    for n in range(60):
        is_right = bool(n % 2)
        began = time.perf_counter()
        visitor.mailbox(digits if is_right else "1" * 24)
        times[is_right].append(time.perf_counter() - began)
    result = ks_2samp(times[True], times[False])
    print(f"p = {result.pvalue:.3f}, {min(map(min, times.values())):.3f}–{max(map(max, times.values())):.3f} s")
    assert result.pvalue > 0.01
