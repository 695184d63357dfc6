"""The account of a session comes together with the session; who is signed in is decided as ever."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanqing.org.session.models import SessionStore
from yuanqing.shell.security.local import Local, SessionAccountMiddleware

from .conftest import Browser


def asked_by(browser: Browser) -> SimpleNamespace:
    """A request as it stands after the middleware of sessions and of accounts."""
    request = SimpleNamespace(session=SessionStore(browser.session.session_key))
    SessionAccountMiddleware(lambda _request: None).process_request(request)
    return request


def beside_the_acts(statement: str) -> None:
    """The acts would end the session as well."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def signed_in(person) -> Browser:
    browser = Browser()
    browser.force_login(person())
    return browser


def test_a_session_and_its_account_are_one_statement(signed_in):
    request = asked_by(signed_in)
    with CaptureQueriesContext(connection) as asked:
        assert request.user.username == "zhang"
    assert len(asked) == 1


def test_a_closed_account_is_signed_in_nowhere(signed_in):
    beside_the_acts("UPDATE org_account SET is_active = false")
    assert asked_by(signed_in).user == AnonymousUser()


def test_nor_is_one_whose_password_was_changed(signed_in):
    beside_the_acts("UPDATE org_account SET password = 'another'")
    assert asked_by(signed_in).user == AnonymousUser()


def test_whose_session_it_is_says_what_is_signed_in_it_and_not_the_row(signed_in, person):
    """The row tells whose sessions may be ended; what was signed counts."""
    other = person("li")
    row = SessionStore(signed_in.session.session_key)
    row.load()
    type(row.row).objects.filter(pk=row.row.pk).update(account=other)
    request = asked_by(signed_in)
    assert (request.user.username, request.session.account) == ("zhang", other)


def test_outside_of_a_request_an_account_is_read_by_its_key(signed_in, person):
    assert str(asked_by(signed_in).user) == "张三"
    other = person("li")
    assert Local().get_user(other.pk) == other
