"""Files of records: judged, kept once, seen by whoever sees the record, handed out in ranges, and taken in pieces."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.discipline.violation.register import BEGAN, Register

from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.account.actions import grant
from yuanqing.org.account.models import Account
from yuanqing.shell.file import actions, queries
from yuanqing.shell.file.models import File, Upload
from yuanqing.shell.file.policies import about_refusal
from yuanqing.shell.file.registry import purposes

PURPOSE = "violation.material"
CONTENT = "情况说明\n".encode() * 3000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def register(db: None) -> Register:
    return Register()


@pytest.fixture
def home(settings, tmp_path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def file(register, home) -> File:
    record = register.routed()
    upload = SimpleUploadedFile("说明.txt", CONTENT)
    return actions.receive(upload, by=register.officer, purpose=PURPOSE, about=record.pk, unit=record.unit)


def client_of(account) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    return client


def test_a_file_is_kept_under_the_digest_of_its_content(file, home):
    assert (file.digest, file.size, file.media_type, file.level) == (DIGEST, len(CONTENT), "text/plain", "sensitive")
    assert queries.store().path(DIGEST).read_bytes() == CONTENT
    assert Entry.objects.filter(record_id=file.pk, act="shell.file.add").count() == 1
    assert list((home / "files" / "incoming").iterdir()) == []


def test_the_same_content_is_kept_once(file, register):
    again = SimpleUploadedFile("另一个名字.txt", CONTENT)
    other = actions.receive(again, by=register.officer, purpose=PURPOSE, about=file.about, unit=file.unit)
    assert other.digest == file.digest
    assert list(queries.store().digests()) == [DIGEST]


REFUSED = [
    ("空.txt", b"", "空的"),
    ("页面.txt", b"<html><script>alert(1)</script>", "这类文件不能上传"),
    ("程序.pdf", b"MZ\x90\x00" + bytes(200), "这类文件不能上传"),
    ("图.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100), "扩展名"),
]


def test_what_is_refused_leaves_nothing(register, home):
    record = register.routed()
    for name, content, said in REFUSED:
        with pytest.raises(ValidationError, match=said):
            actions.receive(
                SimpleUploadedFile(name, content),
                by=register.officer,
                purpose=PURPOSE,
                about=record.pk,
                unit=record.unit,
            )
    assert File.objects.count() == 0
    assert [p for p in (home / "files").rglob("*") if p.is_file()] == []


def test_a_file_over_the_limit_is_refused_while_it_comes_in(register, home, monkeypatch):
    record = register.routed()
    subject = actions.purpose_of(PURPOSE)
    sent = 0

    def endless():
        nonlocal sent
        while True:
            sent += 1
            yield b"a" * (1 << 20)

    with pytest.raises(ValidationError, match="50 MB"):
        actions.take_in(endless(), name="大.txt", purpose=PURPOSE)
    assert sent == subject.limit // (1 << 20) + 1
    assert File.objects.filter(about=record.pk).count() == 0


def test_whoever_may_not_handle_the_matter_neither_adds_nor_sees(register, file):
    secretary = register.secretary
    with pytest.raises(Refused):
        actions.receive(
            SimpleUploadedFile("a.txt", b"abc"), by=secretary, purpose=PURPOSE, about=file.about, unit=file.unit
        )
    assert File.objects.visible_to(secretary).count() == 0
    assert File.objects.visible_to(register.second).count() == 1
    assert client_of(secretary).get(file.get_absolute_url()).status_code == 404


def test_a_file_about_a_matter_that_one_keeps_out_of_is_not_seen(register, home):
    from yuanqing.discipline.violation.actions import Someone

    person = register.person("当事人")
    record = register.routed(Someone("township_and_below", person))
    upload = SimpleUploadedFile("说明.txt", CONTENT)
    found = actions.receive(upload, by=register.officer, purpose=PURPOSE, about=record.pk, unit=record.unit)
    himself = register.account("当事人", "discipline_officer", person=person)
    assert not File.objects.visible_to(himself).filter(pk=found.pk).exists()


def test_a_download_is_an_attachment_that_no_browser_opens(register, file):
    response = client_of(register.officer).get(file.get_absolute_url())
    assert b"".join(response.streaming_content) == CONTENT
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Length"] == str(len(CONTENT))


RANGES = [
    ("bytes=0-9", 206, 0, 9),
    ("bytes=10-", 206, 10, len(CONTENT) - 1),
    ("bytes=-5", 206, len(CONTENT) - 5, len(CONTENT) - 1),
    (f"bytes=5-{len(CONTENT) * 2}", 206, 5, len(CONTENT) - 1),
    (f"bytes={len(CONTENT)}-", 416, 0, 0),
    ("bytes=9-3", 416, 0, 0),
    ("bytes=-0", 416, 0, 0),
    ("bytes=-", 416, 0, 0),
    ("bytes=0-1,4-5", 200, 0, len(CONTENT) - 1),
    ("pages=1-2", 200, 0, len(CONTENT) - 1),
]


def test_ranges(register, file):
    client = client_of(register.officer)
    for wanted, status, begin, end in RANGES:
        response = client.get(file.get_absolute_url(), headers={"range": wanted})
        assert response.status_code == status, wanted
        if status == 416:
            assert response.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
            continue
        assert b"".join(response.streaming_content) == CONTENT[begin : end + 1]
        if status == 206:
            assert response.headers["Content-Range"] == f"bytes {begin}-{end}/{len(CONTENT)}"


def test_an_open_range_carries_a_few_megabytes_only(register, file, monkeypatch):
    monkeypatch.setattr("yuanqing.shell.file.delivery.OPEN_RANGE", 100)
    response = client_of(register.officer).get(file.get_absolute_url(), headers={"range": "bytes=50-"})
    assert b"".join(response.streaming_content) == CONTENT[50:150]


def test_what_the_browser_has_is_not_sent_again(register, file):
    response = client_of(register.officer).get(file.get_absolute_url(), headers={"if-none-match": f'"{file.digest}"'})
    assert response.status_code == 304


def test_behind_nginx_the_proxy_sends_the_file(register, file, settings):
    settings.ACCEL = True
    response = client_of(register.officer).get(file.get_absolute_url())
    assert response.headers["X-Accel-Redirect"] == f"/stored/{DIGEST[:2]}/{DIGEST[2:]}"
    assert response.content == b""


def test_the_page_of_the_record_lists_its_files_and_takes_one_more(register, file):
    client = client_of(register.officer)
    client.cookies.clear()
    client = Client()
    client.force_login(register.officer)
    record_url = f"/discipline/violation/{file.about}/"
    page = client.get(record_url).content.decode()
    assert file.get_absolute_url() in page
    assert "说明.txt" in page
    add_url = f"/file/add/{PURPOSE}/{file.about}/"
    assert add_url in page
    assert "docx" in client.get(add_url).content.decode()
    bad = client.post(add_url, {"file": SimpleUploadedFile("a.exe", b"MZ" + bytes(80))})
    assert bad.status_code == 422
    assert "这类文件不能上传" in bad.content.decode()
    good = client.post(add_url, {"file": SimpleUploadedFile("补充.txt", "补充说明".encode())})
    assert good.headers["Location"] == record_url
    assert File.objects.filter(about=file.about).count() == 2
    assert "补充.txt" in client.get("/file/?q=补充").content.decode()


# In pieces


@pytest.fixture
def upload(register, home) -> Upload:
    record = register.routed()
    return actions.begin(
        by=register.officer, name="说明.txt", size=len(CONTENT), purpose=PURPOSE, about=record.pk, unit=record.unit
    )


def test_pieces_make_the_whole_and_resume_where_they_broke_off(register, upload, home):
    middle = len(CONTENT) // 2
    actions.append(upload, CONTENT[:middle], offset=0)
    with pytest.raises(Conflict, match=str(middle)):
        actions.append(upload, CONTENT[:middle], offset=0)  # the answer was lost and the piece came again
    upload.refresh_from_db()
    with pytest.raises(Conflict):
        actions.finish(upload, by=register.officer)
    upload = actions.append(upload, CONTENT[middle:], offset=middle)
    found = actions.finish(upload, by=register.officer)
    assert (found.digest, found.size) == (DIGEST, len(CONTENT))
    assert not queries.part(upload).exists()
    assert Upload.objects.count() == 0


def test_more_than_was_said_is_refused(upload):
    with pytest.raises(ValidationError):
        actions.append(upload, CONTENT + b"x", offset=0)


def test_a_hostile_upload_in_pieces_is_judged_like_any_other(register, home):
    record = register.routed()
    content = b"MZ" + bytes(500)
    upload = actions.begin(
        by=register.officer, name="说明.txt", size=len(content), purpose=PURPOSE, about=record.pk, unit=record.unit
    )
    upload = actions.append(upload, content, offset=0)
    with pytest.raises(ValidationError):
        actions.finish(upload, by=register.officer)
    assert [p for p in (home / "files").rglob("*") if p.is_file()] == []
    assert Upload.objects.count() == 0


def test_programs_add_files_whole_or_in_pieces(register, file):
    client = Client()
    client.force_login(register.officer)
    whole = client.post(
        "/api/shell/file/",
        {"purpose": PURPOSE, "about": str(file.about), "unit": "0101", "file": SimpleUploadedFile("b.txt", b"abc")},
    )
    assert whole.status_code == 201, whole.content
    begun = client.post(
        "/api/shell/file/uploads/",
        json.dumps(
            {"purpose": PURPOSE, "about": str(file.about), "unit": "0101", "name": "c.txt", "size": len(CONTENT)}
        ),
        content_type="application/json",
    ).json()
    url = f"/api/shell/file/uploads/{begun['id']}/"
    early = client.put(f"{url}?offset=7", CONTENT, content_type="application/octet-stream")
    assert early.status_code == 409
    sent = client.put(f"{url}?offset=0", CONTENT, content_type="application/octet-stream")
    assert sent.json()["received"] == len(CONTENT)
    other = Client()
    other.force_login(register.second)
    assert other.get(url).status_code == 404
    done = client.post(f"{url}finish/")
    assert done.status_code == 201
    body = client.get(f"/api/shell/file/{done.json()['id']}/content/")
    assert b"".join(body.streaming_content) == CONTENT


@pytest.mark.parametrize(
    ("about", "unit", "status"),
    [("here", "0101", 201), ("away", "0101", 409), ("unknown", "0101", 409), ("here", "02", 422), ("here", "09", 422)],
)
def test_a_matter_and_a_unit_out_of_reach_are_to_an_upload_as_if_they_did_not_exist(
    register, home, about, unit, status
):
    """Whoever may add files to matters of his own unit names another's matter beside it."""
    matters = {"here": register.routed().pk, "away": register.routed(unit=register.units["02"]).pk, "unknown": uuid4()}
    given = {"purpose": PURPOSE, "about": str(matters[about]), "unit": unit, "name": "c.txt", "size": 9}
    client = Client()
    client.force_login(register.account("东部纪检", "discipline_officer", unit="01"))
    answer = client.post("/api/shell/file/uploads/", json.dumps(given), content_type="application/json")
    said = {
        201: "received",
        409: "找不到这些文件所属的记录，或者不在您的权限之内。",
        422: f"没有代码是“{unit}”的单位。",
    }
    assert answer.status_code == status
    assert said[status] in str(answer.json())


def test_the_right_is_asked_for_the_unit_of_the_matter_whichever_is_named_beside_it(register, home):
    """He handles the matters of one branch and looks at those of the whole group."""
    away, unit = register.routed(unit=register.units["02"]), register.units["0101"]
    east = register.account("东部纪检", "discipline_officer", unit="01")
    subject = purposes()[PURPOSE]
    assert "找不到" in about_refusal(subject, east, away.pk, unit)
    grant(by=SYSTEM, account=east, role="secretary", unit=register.units["0"], starts_on=BEGAN, reason="兼任")
    east = Account.objects.get(pk=east.pk)
    assert "管辖范围" in about_refusal(subject, east, away.pk, unit)
    assert about_refusal(subject, east, register.routed().pk, register.units["02"]) == ""


def test_the_sweep_removes_what_nobody_speaks_of_and_spares_the_young(register, file, home):
    import os

    orphan = actions.take_in(iter([b"nobody speaks of this"]), name="x.txt", purpose=PURPOSE)
    assert actions.sweep() == 0
    old = queries.store().path(orphan.digest)
    for path in (old, queries.store().path(DIGEST)):
        os.utime(path, (0, 0))
    assert actions.sweep() == 1
    assert not old.exists()
    assert queries.store().verify(DIGEST)


def test_an_altered_content_is_found(file):
    from yuanqing.shell.file.tasks import verify

    assert verify() == 0
    queries.store().path(DIGEST).write_bytes(b"altered")
    assert verify() == 1


def test_a_full_disk_is_said_before_anything_is_written(register, home, monkeypatch):
    import shutil
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=1000))
    record = register.routed()
    with pytest.raises(OSError, match="磁盘"):
        actions.receive(io_upload(), by=register.officer, purpose=PURPOSE, about=record.pk, unit=record.unit)


def io_upload():
    return SimpleUploadedFile("a.txt", io.BytesIO(b"abc").read())
