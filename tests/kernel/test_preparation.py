"""A service that starts again does not prepare what is in order; anything that changed since is prepared."""

import pytest

from yuanqing.kernel import preparation, serving
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.static_files import STAMP
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.org.account.actions import open_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path):
    return tmp_path


def test_what_was_found_in_order_is_not_prepared_again(home):
    assert not preparation.has_tables(home)
    preparation.remember(home)
    assert preparation.has_tables(home)


def test_another_database_is_prepared(home):
    preparation.remember(home)
    note = home / "prepared"
    files, held = note.read_text().splitlines()
    note.write_text(f"{files}\n{held.replace('(', '(1')}\n")  # its number
    assert not preparation.has_tables(home)


def test_packs_that_were_published_since_are_looked_at(home):
    preparation.remember(home)
    publish_shipped(by=SYSTEM)
    assert not preparation.has_tables(home)


def test_static_files_are_collected_when_they_are_missing_or_of_other_code(home):
    (home / "static").mkdir()
    assert not preparation.has_static_files(home)
    (home / "static" / STAMP).write_text("other files")
    assert not preparation.has_static_files(home)
    (home / "static" / STAMP).write_text(preparation.fingerprint(preparation.ROOT))
    assert preparation.has_static_files(home)


def test_only_what_is_not_in_order_is_prepared(home, monkeypatch):
    asked = []
    monkeypatch.setattr(serving, "home", lambda: home)
    monkeypatch.setattr(serving, "_own", lambda *words: asked.append(words) or ["true"])
    serving.prepare()
    assert sorted(asked) == [("migrate",), ("pack", "load", "--shipped"), ("static",)]
    asked.clear()
    serving.prepare()
    assert asked == [("static",)]  # "true" collects nothing


def test_changed_code_is_prepared(home, monkeypatch):
    preparation.remember(home)
    monkeypatch.setattr(preparation, "fingerprint", lambda root: "other files")
    assert not preparation.has_tables(home)


def test_a_database_without_tables_is_never_in_order(home, monkeypatch):
    monkeypatch.setattr(preparation, "database_url", lambda home: "postgresql:///nowhere?host=/nonexistent")
    preparation.remember(home)
    assert not (home / "prepared").exists()
    assert not preparation.has_tables(home)


def test_the_first_administrator_is_invited_until_there_is_an_account(home):
    assert not preparation.has_accounts(home)
    open_account(by=SYSTEM, username="first", display_name="首位管理员")
    assert preparation.has_accounts(home)
