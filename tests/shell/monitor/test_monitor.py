"""Probes, counters and logs say how things are, and nothing about anybody."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.store.contents import NoRoom
from yuanqing.org.account import actions as accounts
from yuanqing.org.account import rules
from yuanqing.shell.monitor import checks, logs, probes, watch


@pytest.fixture
def log() -> io.StringIO:
    """What would reach the console."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_living_process_says_so_without_a_database():
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies


def test_not_ready_without_a_worker_and_ready_with_one(db):
    from django.db import connection

    first = Client().get("/readyz")
    assert first.status_code == 503
    assert first.json() == {
        "ready": False,
        "checks": {"database": True, "migrations": True, "worker": False, "disk": True},
    }
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert Client().get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'shell' AND name = '0001_tables'")
    assert Client().get("/readyz").json()["checks"] == {
        "database": True,
        "migrations": False,
        "worker": False,
        "disk": True,
    }


@pytest.mark.parametrize(("meta", "open_"), [
    ({"REMOTE_ADDR": "127.0.0.1"}, True),
    ({"REMOTE_ADDR": "::1"}, True),
    ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9"}, False),
    ({"REMOTE_ADDR": "10.0.0.9"}, False),
    ({"REMOTE_ADDR": ""}, False),
    ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer a-long-token"}, True),
    ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer another"}, False),
    ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}, False),
])  # fmt: skip
def test_who_may_collect(monkeypatch, meta, open_):
    monkeypatch.setenv("YUANQING_METRICS_TOKEN", "a-long-token")
    assert probes.may_collect(RequestFactory().get("/metrics", **meta)) is open_


def test_metrics_name_pages_and_nobody(db):
    account = accounts.open_account(by=SYSTEM, username="sentinel-user", display_name="哨兵")
    client = Client()
    client.force_login(account)
    client.get("/file/?q=sentinel-query")
    client.get(f"/file/{account.pk}/")
    text = client.get("/metrics").content.decode()
    assert 'yuanqing_requests_total{method="GET",page="file:list",status="200"} ' in text
    assert 'yuanqing_check_passed{check="database"} 1.0' in text
    assert "yuanqing_disk_free_bytes" in text
    for word in ("sentinel", "哨兵", str(account.pk)):
        assert word not in text


def test_a_log_line_names_the_page_and_nothing_of_the_reader(db, log):
    account = accounts.open_account(by=SYSTEM, username="sentinel-user", display_name="哨兵")
    client = Client(
        headers={"user-agent": "sentinel-agent", "x-forwarded-for": "203.0.113.77"}, REMOTE_ADDR="203.0.113.77"
    )
    client.force_login(account)
    answer = client.get(f"/file/{account.pk}/?q=sentinel-query")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["event"], line["page"], line["status"], line["request"]) == (
        "answered",
        "file:download",
        404,
        answer["X-Request-ID"],
    )
    for word in ("sentinel", "203.0.113.77", str(account.pk), "哨兵"):
        assert word not in log.getvalue()


def test_an_error_is_told_by_kind_and_place_never_by_its_message(db, log, monkeypatch):
    def fails(request):
        raise ValueError("Key (name)=(张三 sentinel) already exists")

    monkeypatch.setattr("yuanqing.shell.monitor.probes.checks.findings", lambda **_: fails(None))
    client = Client(raise_request_exception=False)
    assert client.get("/readyz").status_code == 500
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    failed = next(line for line in lines if line["event"] == "request failed")
    assert failed["error"] == "builtins.ValueError"
    assert any("probes.py" in place for place in failed["at"])
    assert "sentinel" not in log.getvalue()
    assert "张三" not in log.getvalue()


class DiskFull(Exception):
    sqlstate = "53100"


def database_full():
    try:
        raise DiskFull
    except DiskFull as cause:
        raise OperationalError("could not extend file") from cause


def system_full():
    raise OSError(28, "No space left on device")


def store_full():
    raise NoRoom("磁盘快满了")


@pytest.mark.parametrize("fails", [database_full, system_full, store_full])
def test_a_full_disk_is_a_page_in_words_and_passes(db, monkeypatch, fails):
    account = accounts.open_account(by=SYSTEM, username="lin", display_name="林静")
    client = Client()
    client.force_login(account)
    with monkeypatch.context() as patched:
        patched.setattr("yuanqing.shell.file.pages.FileListing.respond", lambda *_: fails())
        patched.setattr("yuanqing.shell.file.api.File.objects.visible_to", lambda *_: fails(), raising=False)
        page = client.get("/file/")
    assert page.status_code == 507
    assert "磁盘已满" in page.content.decode()
    assert client.get("/file/").status_code == 200


def test_other_errors_are_no_full_disk():
    assert not watch.is_disk_full(ValueError("x"))
    assert not watch.is_disk_full(OSError(13, "Permission denied"))
    assert not watch.is_disk_full(None)


@pytest.fixture
def roles_of_its_own():
    yield rules.install
    rules.install({})
    rules.forget()


def test_the_page_of_the_state_is_for_whoever_looks_after_the_system(db, client, roles_of_its_own):
    roles_of_its_own({"keeper": ["shell.job.view"], "staff": ["norms.clause.view"]})
    from datetime import date

    for role, status in (("keeper", 200), ("staff", 404)):
        account = accounts.open_account(by=SYSTEM, username=role, display_name=role)
        accounts.grant(by=SYSTEM, account=account, role=role, starts_on=date(2020, 1, 1), reason="设岗")
        client.force_login(account)
        page = client.get("/monitor/")
        assert page.status_code == status
    assert "还没有备份" not in page.content.decode()
    assert checks.backup_fault().startswith("还没有备份")
