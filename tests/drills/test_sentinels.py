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
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from scipy.stats import ks_2samp, mannwhitneyu
from tests.cases.bureau import furnish as open_bureau
from tests.cases.conftest import furnished
from tests.cases.sitting.test_sitting import furnish as with_seats
from tests.hotline.conftest import Visitor, fields, open_house

from yuanqing.cases.lead import actions as leads
from yuanqing.cases.likeness import actions as likeness
from yuanqing.cases.likeness.models import Mark
from yuanqing.cases.likeness.queries import features, like
from yuanqing.cases.partner import actions as partners
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.cases.transfer.models import Transfer
from yuanqing.hotline.report.models import Report
from yuanqing.hotline.window import pages
from yuanqing.hotline.window import queries as window
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing import passphrase
from yuanqing.norms.packs import shipped
from yuanqing.org.account.queries import install_roles
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

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


def scanned(database: str, tmp_path: Path, marks: Iterable[str]) -> list[tuple[str, str]]:
    """Where marks are found, of a database that was written out; the control must be found."""
    units.found(
        by=SYSTEM, code="PLAIN", name="对照plaincontrol7531", began_on=date(2024, 1, 1), parent=Unit.objects.first()
    )
    flush(database)
    folders = [settings.SERVER.home, Path(settings.HOME), tmp_path]
    assert any("pg" in path for _mark, path in hits(folders, ["对照plaincontrol7531"])), "the control must be found"
    return hits(folders, list(marks))


@pytest.fixture
def quick_keys(monkeypatch):
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "PASSES", 1)


def test_marks_of_a_lead_its_pause_and_its_sitting_are_nowhere(own_database, tmp_path, quick_keys):
    """Question, opinions, resolution, minutes, correction, remark, objection and note; pages, programs and print."""
    house = with_seats(open_bureau())
    install_roles(shipped("roles"))
    marks = {name: new_mark() for name in ("lead", "who", "question", "mine", "theirs", "resolution", "minutes")}
    marks |= {name: new_mark() for name in ("correction", "remark", "objection", "excuse", "refused")}
    manager, seat = house.client("manager", unlock=True), house.client("seat", unlock=True)
    file = leads.opened_file(
        house.by("manager"), house.units["H"], {"text": marks["lead"], "who": marks["who"]}, [], None
    )
    lead = leads.register(
        by=house.by("manager"), file=file, petition=None, source="audit", category="integrity", level="level_staff",
        elements=["when"], unit=house.units["H"],
    )  # fmt: skip
    lead = house.fresh(house.verifying(house.fresh(lead)))
    asked = {"ground": "expertise", "reason": "等待审计"}
    handler, chief = house.client("handler", unlock=True), house.client("chief", unlock=True)
    assert handler.post(f"/cases/pause/ask/?lead={lead.pk}", asked).status_code == 302
    approval = f"{Pause.objects.get().get_absolute_url()}approve/"
    assert chief.post(approval, {"document": "同意"}).status_code == 302
    assert marks["lead"] in handler.get(lead.get_absolute_url()).content.decode()
    lead = house.fresh(house.screened("close", lead=house.lead("staff"), ground="empty"))
    today, names = timezone.localdate().isoformat(), ("chief", "chief2", "seat", "boss")
    given = {"body": "group", "held_on": today, "place": "会议室", "question": marks["question"]}
    bad = manager.post(f"/cases/sitting/convene/?lead={lead.pk}", {**given, "place": "", "question": marks["refused"]})
    assert bad.status_code == 422
    assert manager.post(f"/cases/sitting/convene/?lead={lead.pk}", given).status_code == 302
    sitting = Sitting.objects.get()
    page, everybody = sitting.get_absolute_url(), [str(house.accounts[name].pk) for name in names]

    def post(client: Client, step: str, **given: Any) -> None:
        assert client.post(f"{page}{step}/", given).status_code == 302, step

    post(manager, "attend", on=today, present=everybody, chair=everybody[0])
    api = f"/api/cases/sitting/{sitting.pk}/speak/"
    assert seat.post(api, {"vote": "for", "words": marks["mine"]}, content_type="application/json").status_code == 200
    for pk in (everybody[0], everybody[1], everybody[3]):
        post(manager, "speak", member=pk, vote="for", words=marks["theirs"])
    post(manager, "resolve", outcome="agreed", resolution=marks["resolution"], minutes=marks["minutes"])
    post(manager, "correct", correction=marks["correction"])
    for name in ("chief", "chief2", "boss"):
        post(house.client(name), "sign", remark=marks["remark"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_minute SET written_on = written_on - 9")
    post(manager, "close-minutes", **{f"excuse_{everybody[2]}": "ill"}, excuse=marks["excuse"])
    post(seat, "object-to", objection=marks["objection"])
    shown = manager.get(page).content.decode()
    assert all(mark in shown for name, mark in marks.items() if name not in ("lead", "who", "refused"))
    for kind in ("docx", "pdf"):
        assert manager.get(f"/cases/paperwork/sitting/{sitting.pk}.{kind}").status_code == 200
    assert scanned(own_database, tmp_path, marks.values()) == []


def test_marks_of_what_goes_within_the_house_are_nowhere(own_database, tmp_path, quick_keys):
    house = furnished()
    install_roles(shipped("roles"))
    marks = {name: new_mark() for name in ("text", "who", "cover", "answer")}
    unit = partners.propose(by=house.accounts["keys"], relation="subordinate", unit=Unit.objects.get(code="S"))
    partners.confirm(unit, by=house.accounts["intake"], compared="组织关系明确")
    said = {"text": marks["text"], "answers": {"who": marks["who"]}, "files": []}
    content = petitions.sealed(said, [house.holders["intake"]])
    words = {"channel": "letter", "kind": "accusation", "level": "level_staff", "is_named": False}
    petition = petitions.register(by=SYSTEM, content=content, received_on=timezone.localdate(), **words)
    petitions.accept(petition, by=house.accounts["intake"])
    given = {
        "partner": unit.pk, "way": "assign", "matters": [petition.pk], "receiver": house.holders["clerk"].pk,
        "cover": marks["cover"],
    }  # fmt: skip
    assert house.client("intake", unlock=True).post("/cases/transfer/hand-down/", given).status_code == 302
    transfer, clerk = Transfer.objects.get(), house.client("clerk", unlock=True)
    assert marks["cover"] in clerk.get(transfer.get_absolute_url()).content.decode()
    assert marks["text"] in clerk.get(petition.get_absolute_url()).content.decode()
    assert clerk.post(f"{transfer.get_absolute_url()}sign-for/", {}).status_code == 302
    petition.refresh_from_db()
    petitions.conclude(petition, by=house.accounts["clerk"], outcome="unfounded")
    assert clerk.post(f"{transfer.get_absolute_url()}answer/", {"text": marks["answer"]}).status_code == 302
    assert scanned(own_database, tmp_path, marks.values()) == []


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
