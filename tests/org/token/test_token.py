"""Tokens open what they were given and their account may do, until they are revoked; the secret is told once and kept nowhere."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.org.account import actions as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account
from yuanqing.org.token import actions
from yuanqing.org.token.models import Token, TokenUse
from yuanqing.org.unit import actions as units


@pytest.fixture
def unit(db):
    rules.install({"keeper": ["org.*"], "reader": ["org.unit.view"]})
    return units.found(by=SYSTEM, code="0", name="示范集团", began_on=date(2020, 1, 1))


def account(name: str, role: str = "keeper") -> Account:
    found = accounts.open_account(by=SYSTEM, username=name, display_name=name)
    accounts.grant(by=SYSTEM, account=found, role=role, starts_on=date(2020, 1, 1), reason="设岗")
    return found


def until(days: int = 30) -> date:
    return timezone.localdate() + timedelta(days=days)


def issued(holder: Account, *scopes: str, by: Account | None = None, days: int = 30) -> tuple[Token, str]:
    return actions.issue(
        by=by or holder, account=holder, name="同步", scopes=scopes or ("org.unit.*",), expires_on=until(days)
    )


def get(secret: str, path: str = "/api/org/unit/"):
    return Client().get(path, headers={"authorization": f"Bearer {secret}"})


def found(secret: str, code: str = "09", **headers: str):
    given = {"code": code, "name": "新单位", "began_on": "2026-01-01", "kind": "", "reason": "新设"}
    headers = {"authorization": f"Bearer {secret}", **headers}
    return Client(enforce_csrf_checks=True).post(
        "/api/org/unit/", json.dumps(given), content_type="application/json", headers=headers
    )


def test_a_token_opens_what_it_was_given_and_no_more(unit):
    holder = account("keeper")
    token, secret = issued(holder, "org.unit.view")
    assert get(secret).json()["count"] == 1
    assert get(secret, "/api/org/account/").json()["items"] == [] or get(secret, "/api/org/account/").status_code == 200
    assert found(secret).status_code == 409
    _other, stronger = issued(holder)
    assert found(stronger).status_code == 201
    assert TokenUse.objects.get(token=token).last_on == timezone.localdate()


def test_a_token_never_has_more_than_its_account(unit):
    reader = account("reader", "reader")
    with pytest.raises(ValidationError, match="超出"):
        issued(reader, "org.unit.*")
    with pytest.raises(ValidationError, match="超出"):
        issued(reader, "*")
    _token, secret = issued(reader, "org.unit.view")
    assert get(secret).status_code == 200
    accounts.end_grant(reader.grants.get(), by=SYSTEM, on=date(2020, 6, 1), reason="离岗")
    assert get(secret).json()["count"] == 0


def test_nothing_else_opens(unit):
    holder = account("keeper")
    token, secret = issued(holder)
    for wrong in ("", "yq_", secret[:-1] + "1", secret + "a", "x" * 5000, "yq_" + "a" * 40):
        response = get(wrong)
        assert response.status_code == 401, wrong
    assert Client().get("/api/org/unit/").status_code == 401
    signed_in = Client()
    signed_in.force_login(holder)
    assert signed_in.get("/api/org/unit/", headers={"authorization": "Bearer wrong"}).status_code == 401
    actions.revoke(token, by=holder)
    assert get(secret).status_code == 401
    _expired, old = issued(holder, days=0)
    assert get(old).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("UPDATE org_token SET expires_on = current_date - 2")
    assert get(old).status_code == 401
    _third, last = issued(holder)
    accounts.suspend(holder, by=SYSTEM, reason="停用")
    assert get(last).status_code == 401


def test_the_secret_is_kept_nowhere(unit):
    token, secret = issued(account("keeper"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(t::text, '') FROM org_token t) || (SELECT string_agg(e.note, '') FROM kernel_entry e)"
        )
        text = cursor.fetchone()[0]
    assert secret not in text
    assert token.digest in text


def test_who_issues_for_whom(unit):
    from yuanqing.org.person import actions as people

    keeper, service = account("keeper"), account("service", "reader")
    assert issued(service, "org.unit.view", by=keeper)
    person = people.enrol(by=SYSTEM, number="P1", name="某人", unit=unit, level="township_and_below")
    somebody = accounts.open_account(by=SYSTEM, username="somebody", display_name="某人", person=person)
    accounts.grant(by=SYSTEM, account=somebody, role="reader", starts_on=date(2020, 1, 1), reason="设岗")
    with pytest.raises(Refused, match="本人"):
        issued(somebody, "org.unit.view", by=keeper)
    with pytest.raises(Refused):
        issued(service, "org.unit.view", by=somebody)
    with pytest.raises(ValidationError, match="一年"):
        issued(service, "org.unit.view", by=keeper, days=400)


def test_pages(unit):
    keeper = account("keeper")
    client = Client()
    client.force_login(keeper)
    assert "还没有接口令牌" in client.get("/org/token/").content.decode()
    url = f"/org/token/for/{keeper.pk}/"
    assert client.post(url, {"name": "", "expires_on": "x"}).status_code == 422
    shown = client.post(url, {"name": "人事同步", "expires_on": until().isoformat(), "scopes": ["org.unit.view"]})
    secret = re.search(r"yq_[a-z2-7]{40}", shown.content.decode())[0]
    assert "no-store" in shown.headers["Cache-Control"]
    assert get(secret).status_code == 200
    page = client.get("/org/token/").content.decode()
    assert "人事同步" in page
    assert secret not in page
    client.cookies["language"] = "en"
    assert re.findall(r'<button class="btn btn-danger">(.+?)</button>', client.get("/org/token/").content.decode()) == [
        "Revoke"
    ]
    client.post(f"/org/token/{Token.objects.get().pk}/revoke/")
    assert get(secret).status_code == 401
    stranger = Client()
    stranger.force_login(account("stranger", "reader"))
    assert stranger.post(f"/org/token/{Token.objects.get().pk}/revoke/").status_code == 404


# The same write sent again


def test_the_same_key_is_done_once_and_bound_to_account_and_content(unit):
    keeper, other = account("keeper"), account("other")
    (_a, secret), (_b, foreign) = issued(keeper), issued(other)
    key = {"idempotency-key": "0123456789abcdef"}
    first = found(secret, "01", **key)
    assert first.status_code == 201
    again = found(secret, "01", **key)
    assert (again.status_code, again.content, again.headers["Idempotent-Replay"]) == (201, first.content, "true")
    assert found(secret, "02", **key).status_code == 422  # another content
    assert found(foreign, "03", **key).status_code == 201  # another account's key is its own
    refused = found(secret, "01", **{"idempotency-key": "another-key-0001"})
    assert refused.status_code in (409, 422)
    assert (
        found(secret, "04", **{"idempotency-key": "another-key-0001"}).status_code == 201
    )  # after a refusal the key is free
    assert found(secret, "05", **{"idempotency-key": "short"}).status_code == 422


def test_after_a_fault_of_the_server_the_same_key_does_it(unit, monkeypatch):
    _token, secret = issued(account("keeper"))
    key = {"idempotency-key": "0123456789abcdef"}
    from yuanqing.org.unit import api as unit_api

    with monkeypatch.context() as patched:
        real = unit_api.actions.found

        def fails(**given):
            real(**given)
            raise RuntimeError("after the write, before the answer")

        patched.setattr(unit_api.actions, "found", fails)
        client = Client(raise_request_exception=False)
        given = {"code": "07", "name": "新单位", "began_on": "2026-01-01", "kind": "", "reason": "新设"}
        headers = {"authorization": f"Bearer {secret}", **key}
        broken = client.post("/api/org/unit/", json.dumps(given), content_type="application/json", headers=headers)
        assert broken.status_code == 500
    assert found(secret, "07", **key).status_code == 201


@pytest.mark.parametrize("times", [2, 16])
def test_the_same_key_at_once_is_done_once(own_database, times):
    import threading

    from yuanqing.kernel.ledger.models import Entry
    from yuanqing.org.unit.models import Unit

    rules.install({"keeper": ["org.*"]})
    _token, secret = issued(account("keeper"))
    answers: list = []
    start = threading.Barrier(times)

    def send():
        start.wait()
        answers.append(found(secret, "08", **{"idempotency-key": "0123456789abcdef"}))
        connection.close()

    threads = [threading.Thread(target=send) for _n in range(times)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert [one.status_code for one in answers] == [201] * times
    assert len({one.content for one in answers}) == 1
    assert sum("Idempotent-Replay" in one.headers for one in answers) == times - 1
    assert Unit.objects.filter(code="08").count() == 1
    assert Entry.objects.filter(record_id=Unit.objects.get(code="08").pk).count() == 1
