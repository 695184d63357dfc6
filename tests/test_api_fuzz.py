"""Every operation, as several roles, with values at every edge: no fault of the server, and the description is true.

The short run sends a few requests to each operation; the drill sends many.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from yuanqing.api import api
from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account import rules
from yuanqing.org.unit import actions as units

ROLES = ("discipline_officer", "system_administrator", "unit_contact")
TEXTS = ["", "0", "-1", "\x00", "a\x00b", "\ud7ff", "𠮷" * 50, "a" * 100_000, "' OR 1=1 --", "%s%(x)s{0}", "../..", "=1+1", "2026-02-30", "9999-12-31", "0001-01-01", "2026-13", "null", "[]", "１２３", "\u202e", "\r\n", " "]  # fmt: skip
NUMBERS = [0, -1, 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1.5, True]
ODD = [None, [], {}, [None], {"": ""}, [[[]]], *TEXTS, *NUMBERS]
SCHEMA = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str))


@pytest.fixture
def clients(db: None) -> list[Client]:
    publish_shipped(SYSTEM)
    roles = shipped("roles").of_kind("role")
    rules.install({role.code: role.capabilities for role in roles})
    unit = units.found(by=SYSTEM, code="0", name="示范集团", began_on=date(2020, 1, 1))
    made = []
    for role in ROLES:
        account = accounts.open_account(by=SYSTEM, username=role, display_name=role)
        accounts.grant(by=SYSTEM, account=account, role=role, starts_on=date(2020, 1, 1), reason="设岗", unit=unit)
        client = Client(raise_request_exception=False)
        client.force_login(account)
        made.append(client)
    return made


DESCRIBED = schemathesis.openapi.from_dict(SCHEMA)
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def requests(operation: Any) -> st.SearchStrategy[Any]:
    """What the description allows, and what it forbids, as schemathesis makes it."""
    return st.one_of(*(operation.as_strategy(generation_mode=kind) for kind in KINDS))


def sharpened(draw: Any, case: Any) -> tuple[str, dict[str, Any], Any]:
    """Path, query and body of a case, with a value here and there replaced by one at an edge."""
    path = case.formatted_path
    query = {
        name: draw(st.sampled_from(ODD)) if draw(st.booleans()) else value for name, value in (case.query or {}).items()
    }
    body = case.body if isinstance(case.body, dict | list | str | int | float | type(None)) else None
    if isinstance(body, dict) and body:
        edges = draw(st.dictionaries(st.sampled_from(sorted(body, key=str)), st.sampled_from(ODD), max_size=2))
        body = {**body, **edges}
    return path, query, body


def send(client: Client, method: str, path: str, query: dict[str, str], body: Any) -> Any:
    from urllib.parse import urlencode

    whole = f"{path}?{urlencode(query, doseq=True, errors='replace')}" if query else path
    if method == "get":
        return client.get(whole)
    return client.generic(method.upper(), whole, json.dumps(body), content_type="application/json")


def fault_of(response: Any, operation: dict[str, Any]) -> str:
    """Why the answer is a fault; "" when it is none."""
    if response.status_code >= 500:
        return f"{response.status_code}"
    if str(response.status_code) not in operation["responses"]:
        return f"{response.status_code} is not described"
    return ""


def run(clients: list[Client], most: int) -> dict[str, str]:
    """Operation → what went wrong, with the request that did it."""
    found: dict[str, str] = {}
    for each in DESCRIBED.get_all_operations():
        _probe(each.ok(), clients, most, found)
    return found


def _probe(described: Any, clients: list[Client], most: int, found: dict[str, str]) -> None:
    method, name = described.method.lower(), f"{described.method} {described.path}"
    operation = SCHEMA["paths"][described.path][method]

    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def probe(data: Any) -> None:
        client = clients[data.draw(st.integers(0, len(clients) - 1))]
        path, query, body = sharpened(data.draw, data.draw(requests(described)))
        with transaction.atomic():
            response = send(client, method, path, query, body)
            transaction.set_rollback(True)
        fault = fault_of(response, operation)
        if fault:
            found.setdefault(name, f"{fault}: {path} {query} {str(body)[:200]}")

    probe()


@pytest.mark.drill
def test_no_operation_fails(clients):
    assert run(clients, 6) == {}


@pytest.mark.drill
def test_no_operation_fails_however_long_one_tries(clients):
    assert run(clients, 300) == {}
