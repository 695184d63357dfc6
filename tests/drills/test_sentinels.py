"""Marked reports through every path leave no mark anywhere on disk (E1), and both kinds of receipt take as long (E2).

The control is a plain column: a check that cannot find anything proves nothing.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from scipy.stats import ks_2samp, mannwhitneyu
from tests.hotline.conftest import Visitor, fields, open_house

from yuanqing.cases.likeness import actions as likeness
from yuanqing.cases.likeness.models import Mark
from yuanqing.cases.likeness.queries import features, like
from yuanqing.hotline.report.models import Report
from yuanqing.hotline.window import pages
from yuanqing.hotline.window import queries as window
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.unit import actions as units

CONNECTION = (
    "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_REFERER", "HTTP_COOKIE", "HTTP_VIA", "HTTP_TRACEPARENT",
)  # fmt: skip
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
    connections = {name: f"{number}mark{secrets.token_hex(8)}" for number, name in enumerate(CONNECTION)}
    visitor = Visitor(**connections)
    for address in (
        "/report/",
        "/report/en/",
        f"/report/{secrets.token_hex(8)}/",
        "/report/?q=" + connections["HTTP_REFERER"],
    ):
        for method in ("get", "post", "put", "head", "options"):  # every public address, also by what it does not know
            getattr(Client(), method)(address, **connections)
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
        context.setattr("yuanqing.hotline.window.actions.submit", broken)
        visitor.send(**{"q.what": marks[0], "files": SimpleUploadedFile("y", marks[0].encode())})
    content = Report.objects.get(tag=window.derive(digits.replace(" ", "")).tag).content_id
    likeness.learn(content, features(marks[1], marks[0]))  # what the register keeps once somebody has unlocked it
    assert Mark.objects.filter(value=content).exists()
    assert like(content, features(marks[1], marks[0])) == []
    units.found(by=SYSTEM, code="PLAIN", name="对照plaincontrol7531", began_on=date(2024, 1, 1))
    flush(own_database)
    folders = [settings.SERVER.home, Path(settings.HOME), tmp_path]
    assert any("pg" in path for _mark, path in hits(folders, ["对照plaincontrol7531"])), "the control must be found"
    assert hits(folders, [*marks, digits, digits.replace(" ", ""), *connections.values()]) == []


SAMPLES, VISITORS = 2000, 8  # of each kind; so many people at once, each trying both kinds in an order of chance


def _tried(number: int, digits: str) -> list[tuple[bool, float, int]]:
    """(right, seconds, bytes of the answer) of one visitor's tries."""
    chance, found = random.Random(number), []
    kinds = [True, False] * (SAMPLES // VISITORS)
    chance.shuffle(kinds)
    for is_right in kinds:
        typed = digits if is_right else "".join(chance.choices("0123456789", k=24))
        began = time.perf_counter()
        answer = Visitor().mailbox(typed)
        found.append((is_right, time.perf_counter() - began, len(answer.content)))
    connection.close()
    return found


def test_both_kinds_of_receipt_take_as_long(own_database):
    """Kolmogorov-Smirnov on the whole distribution, and the chance of telling them apart by the better guess (AUC)."""
    open_house()
    digits = Visitor().report()
    with ThreadPoolExecutor(VISITORS) as pool:
        tries = [one for part in pool.map(lambda n: _tried(n, digits), range(VISITORS)) for one in part]
    right, wrong = ([seconds for is_right, seconds, _size in tries if is_right is kind] for kind in (True, False))
    assert min(len(right), len(wrong)) >= SAMPLES
    assert len({size for _kind, _seconds, size in tries}) == 1
    result = ks_2samp(right, wrong)
    auc = mannwhitneyu(right, wrong).statistic / (len(right) * len(wrong))
    print(f"KS p = {result.pvalue:.3f}, AUC {auc:.3f}, {min(right + wrong):.4f}–{max(right + wrong):.4f} s")
    assert result.pvalue > 0.01
    assert 0.47 < auc < 0.53
