"""Monthly returns for programs: the same gates, the same refusals, findings with the codes of cells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.discipline.monthly_return.browser import Reader
from tests.discipline.monthly_return.house import STATEMENT, STATES

BASE = "/api/discipline/monthly-return/"


def call(account: Any, method: str, path: str, body: Any = None) -> Any:
    reader = Reader(account)
    reader.get("/discipline/monthly-return/")
    words: dict[str, Any] = (
        {"content_type": "application/json", "data": json.dumps(body or {})} if method != "get" else {"data": body}
    )
    if method != "get":
        words["headers"] = {"X-CSRFToken": reader.client.cookies["csrftoken"].value}
    return getattr(reader.client, method)(BASE + path, **words)


@pytest.fixture
def record(house, october):
    return house.paper("0101")


def test_the_list_narrows_and_keeps_to_the_scope(house, record):
    assert call(house.office, "get", "").json()["count"] == 4
    assert [r["unit"] for r in call(house.office, "get", "", {"unit": "01", "month": "2026-10"}).json()["items"]] == [
        "01",
        "0101",
    ]
    assert [r["unit"] for r in call(house.contact, "get", "").json()["items"]] == ["0101"]
    assert call(house.office, "get", "", {"month": "October"}).status_code == 422


def test_a_return_that_is_not_visible_is_not_there(house, record):
    assert call(house.west_leader, "get", f"{record.pk}/").status_code == 404
    assert call(house.contact, "get", f"{record.pk}/").json()["state"] == "open"


def test_a_draft_is_kept_and_examined(house, record):
    answer = call(house.contact, "put", f"{record.pk}/draft/", {"cells": {**STATES, "open": "3"}, "revision": 0})
    assert answer.status_code == 200
    assert answer.json()["revision"] == 1
    found = {(finding["gate"], finding["key"]) for finding in answer.json()["findings"]}
    assert found == {("value", "open"), ("cross_item", "chain")}
    assert call(house.contact, "put", f"{record.pk}/draft/", {"cells": {}, "revision": 0}).status_code == 409
    assert call(house.east, "put", f"{record.pk}/draft/", {"cells": {}, "revision": 1}).status_code == 409


def test_reporting_is_held_back_with_the_codes_of_cells(house, record):
    answer = call(
        house.leader, "post", f"{record.pk}/submit/", {"cells": {"state.D1": "enforced"}, "nil_statement": STATEMENT}
    )
    assert answer.status_code == 422
    assert {finding["key"] for finding in answer.json()["findings"]} == {f"state.D{n}" for n in range(2, 11)}
    assert house.paper("0101").state == "open"


def test_report_send_back_report_accept(house, record):
    body = {"cells": STATES, "nil_statement": STATEMENT}
    assert call(house.contact, "post", f"{record.pk}/submit/", body).status_code == 409
    assert call(house.leader, "post", f"{record.pk}/submit/", body).json()["state"] == "submitted"
    assert call(house.east, "post", f"{record.pk}/send-back/", {}).status_code == 422
    assert call(house.east, "post", f"{record.pk}/send-back/", {"note": "请核对"}).json()["returned_count"] == 1
    version = call(house.leader, "post", f"{record.pk}/submit/", body).json()["version"]
    assert call(house.east, "post", f"{record.pk}/accept/", {"version": version - 1}).status_code == 409
    assert call(house.east, "post", f"{record.pk}/accept/", {"version": version}).json()["state"] == "accepted"
    assert call(house.east_other, "post", f"{record.pk}/accept/", {}).status_code == 409


def test_nothing_without_signing_in(house, record, client):
    assert client.get(f"{BASE}{record.pk}/").status_code in (302, 401)
