"""A service that starts again does not prepare what is in order; anything that changed since is prepared."""

import pytest

from yuanqing.kernel import preparation
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.static_files import STAMP
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.org.account.actions import open_account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / STAMP).write_text("collected")
    return tmp_path


def test_what_was_found_in_order_is_not_prepared_again(home):
    assert not preparation.is_done(home)
    preparation.remember(home)
    assert preparation.is_done(home)


def test_another_database_is_prepared(home):
    preparation.remember(home)
    note = home / "prepared"
    files, held = note.read_text().splitlines()
    note.write_text(f"{files}\n{held.replace('(', '(1')}\n")  # its number
    assert not preparation.is_done(home)


def test_packs_that_were_published_since_are_looked_at(home):
    preparation.remember(home)
    publish_shipped(by=SYSTEM)
    assert not preparation.is_done(home)


def test_missing_static_files_are_collected(home):
    preparation.remember(home)
    (home / "static" / STAMP).unlink()
    assert not preparation.is_done(home)


def test_changed_code_is_prepared(home, monkeypatch):
    preparation.remember(home)
    monkeypatch.setattr(preparation, "fingerprint", lambda root: "other files")
    assert not preparation.is_done(home)


def test_a_database_without_tables_is_never_in_order(home, monkeypatch):
    monkeypatch.setattr(preparation, "database_url", lambda home: "postgresql:///nowhere?host=/nonexistent")
    preparation.remember(home)
    assert not (home / "prepared").exists()
    assert not preparation.is_done(home)


def test_the_first_administrator_is_invited_until_there_is_an_account(home):
    assert not preparation.has_accounts(home)
    open_account(by=SYSTEM, username="first", display_name="首位管理员")
    assert preparation.has_accounts(home)
