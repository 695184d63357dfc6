"""What all tests share: a database copied from a migrated template, a served site, a browser.

- `db` (or the mark django_db): the process's copy, every test in a transaction that is rolled back.
- a fixture made by `stage` (tests/stages.py): a world that is built once, every test in a transaction on it.
- `own_database` (or the mark django_db(transaction=True)): a copy for this test alone, dropped afterwards; the ledger refuses TRUNCATE, so
  there is no other way back after a commit.
- `site`: the application served over HTTP from such a copy; `browser_page`: a page of a real Chromium.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bench.figures_log import record
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from tests.stages import STAGE, Theatre, stage_for

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit get their own copy, and tests that begin from a stage its database, before anything else is set up."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        names = getattr(item, "fixturenames", [])
        found = stage_for(item)
        if found:
            item.stash[STAGE] = found
            names.insert(0, "on_stage")
        if "transactional_db" in names or (mark and mark.kwargs.get("transaction")):
            names.insert(0, "own_database")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """`make drill` keeps one figure per drill: how long it took, and whether it held."""
    if os.environ.get("RECORD_DRILLS") and "drill" in report.keywords and report.when == "call" and not report.skipped:
        record(report.nodeid.partition("::")[2], round(report.duration, 1), "s", "the drill holds", report.passed)


@pytest.fixture(scope="session", autouse=True)
def nothing_kept(django_test_environment: None) -> None:
    """Every page counts anew: tests change behind the back of whoever looks."""
    from yuanqing.shell import navigation

    navigation.KEPT_SECONDS = -1


@pytest.fixture(autouse=True)
def _tables_as_published() -> None:
    """Each test has a database of its own; a process keeps for a minute what tables of codes an earlier one had, or that it had none."""
    from yuanqing.org.unit.queries import forget_tables

    forget_tables()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of this process: a copy of the migrated template."""
    server = settings.SERVER
    url = os.environ["YUANQING_DATABASE_URL"]
    server.open()
    os.environ["YUANQING_DATABASE_URL"] = url
    server.clone(server.name())
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    server.drop(server.name())
    server.close()


@pytest.fixture(scope="session", autouse=True)
def _own_home() -> Iterator[None]:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    yield
    shutil.rmtree(settings.HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def theatre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Theatre]:
    built = Theatre(Path(settings.HOME) / "stages")
    yield built
    with django_db_blocker.unblock():
        built.close()


@pytest.fixture
def on_stage(
    request: pytest.FixtureRequest, theatre: Theatre, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[dict[str, Any]]:
    """The objects of the stage that the test begins from; its database and a copy of its folder are in use."""
    wanted = request.node.stash[STAGE]
    with django_db_blocker.unblock():
        built = theatre.stand(wanted)
    shutil.copytree(built.home, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path
    with theatre.on(built.database):
        if wanted.enter:
            with django_db_blocker.unblock():
                wanted.enter()
        yield built.fresh()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a copy for this test alone; what is committed there goes with it."""
    server = settings.SERVER
    name, shared = server.clone(), connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    monkeypatch.setenv("YUANQING_DATABASE_URL", server.url(name))
    monkeypatch.setenv("YUANQING_OWNER_URL", server.url(name, "owner"))
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)  # no flush: the copy is dropped
    shutil.rmtree(Path(settings.HOME) / "checkpoints", ignore_errors=True)  # of another database
    with django_db_blocker.unblock():
        yield name
        connections.close_all()
    connection.settings_dict["NAME"] = shared
    server.drop(name)


@dataclass(frozen=True)
class Site:
    """A running site; `url` has no slash at its end."""

    url: str


@pytest.fixture
def site(own_database: str) -> Iterator[Site]:
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield Site(f"http://{thread.host}:{thread.port}")
    thread.terminate()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium.")
        pytest.skip("no Chromium on this machine")
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    from playwright.sync_api import expect

    expect.set_options(timeout=15_000)  # a click does not wait for the page that it leads to
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def browser_page(page: Any) -> Any:
    page.set_default_timeout(15_000)
    return page
