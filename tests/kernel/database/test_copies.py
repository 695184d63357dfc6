"""Tests that commit have a database of their own; the site and the browser see what they commit."""

import threading

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone


def commit_one():
    Session.objects.create(session_key="kept", session_data="", expire_date=timezone.now())


def seen(name):
    with psycopg.connect(settings.SERVER.url(name)) as other:
        return other.execute("SELECT count(*) FROM django_session").fetchone()[0]


@pytest.mark.parametrize("round", [1, 2])
def test_what_is_committed_goes_with_the_copy(own_database, round):
    assert Session.objects.count() == 0
    commit_one()
    assert seen(own_database) == 1
    assert seen(settings.SERVER.name()) == 0


@pytest.mark.django_db(transaction=True)
def test_the_transaction_mark_gives_a_copy_too_and_threads_work_in_it():
    assert connection.settings_dict["NAME"] != settings.SERVER.name()
    thread = threading.Thread(target=lambda: (commit_one(), connection.close()))
    thread.start()
    thread.join()
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_an_ordinary_test_is_rolled_back():
    assert connection.settings_dict["NAME"] == settings.SERVER.name()
    assert Session.objects.count() == 0
    commit_one()


@pytest.mark.browser
def test_a_browser_reaches_the_site_and_its_policy_is_kept(site, browser_page):
    faults = []
    browser_page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    reply = browser_page.goto(f"{site.url}/sign-in/")
    assert reply is not None
    assert reply.status == 200
    assert browser_page.locator("form").count() >= 1
    assert faults == []
