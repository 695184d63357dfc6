"""Somebody whose key locks itself while she types: a browser with the forgery check on, that sends what the page holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.access.requests import form_of
from tests.cases.bureau import WORDS

from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.sealing.models import Unlocked

UNLOCK = "/cases/keyring/unlock/"
WAY_BACK = f'<a href="{UNLOCK}" target="_blank" rel="noopener">'


class Typist:
    """A browser whose key is unlocked over HTTP, as its owner does it."""

    def __init__(self, account: Any) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(account)
        self.unlock()

    def unlock(self) -> None:
        assert self.client.get(UNLOCK).status_code == 200
        assert self.send(UNLOCK, {"words": WORDS}).status_code == 302

    def send(self, address: str, given: dict[str, Any]) -> Any:
        return self.client.post(address, {**given, "csrfmiddlewaretoken": self.client.cookies["csrftoken"].value})

    def types_for_long(self) -> None:
        Unlocked.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def typed_for_long(account: Any, address: str, typed: dict[str, Any], *, sealed: str = "") -> Any:
    """The key locks itself between showing the page and sending it: all that was typed stands on the page that answers, and
    `sealed`, one of the texts, in no statement to the database; what is sent from there after unlocking is answered as if nothing had happened."""
    typist = Typist(account)
    page = typist.client.get(address)
    assert page.status_code == 200
    typist.types_for_long()
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        answer = typist.send(address, {**form_of(page.content), **typed})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "案卷在您填写时自动锁上了，填的内容还在" in said
    assert WAY_BACK in said
    assert "no-store" in answer.headers["Cache-Control"]
    held = form_of(answer.content)
    assert {name: held.get(name, "").strip() for name in typed} == typed
    assert Entry.objects.count() == before, "nothing was done"
    if sealed:
        assert sealed in typed.values()
        assert not [one["sql"] for one in asked if sealed in one["sql"]], "nothing of it reached the database"
    assert typist.client.post(address, held).status_code == 403, "the check against forgery is on"
    typist.unlock()
    return typist.send(address, held)
