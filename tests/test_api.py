"""The description of the interface for programs is valid, complete, and true of every operation."""

from __future__ import annotations

import pytest
from django.test import Client
from jsonschema_rs import validator_for

from yuanqing.api import FAULTS, api

SCHEMA = api.get_openapi_schema(path_prefix="/api/")
OPERATIONS = [
    (method, path, operation) for path, found in SCHEMA["paths"].items() for method, operation in found.items()
]


def test_every_operation_says_what_it_may_answer():
    lacking = [
        (m, p, status) for m, p, operation in OPERATIONS for status in FAULTS if status not in operation["responses"]
    ]
    assert lacking == []
    assert len(OPERATIONS) > 60


def test_every_write_takes_a_key_and_every_operation_is_guarded():
    for method, path, operation in OPERATIONS:
        names = {p["name"] for p in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method != "get"), path
        assert operation["security"], path


def test_names_are_unique_and_every_list_is_paged():
    names = [operation["operationId"] for _m, _p, operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere_and_every_schema_is_one():
    import json

    text = json.dumps(SCHEMA)
    for name in set(__import__("re").findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in SCHEMA["components"]["schemas"], name
    for schema in SCHEMA["components"]["schemas"].values():
        validator_for({**schema, "components": SCHEMA["components"]})


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_strangers_get_401_everywhere(db, method):
    client = Client()
    zero = "00000000-0000-0000-0000-000000000000"
    import re

    for m, path, _operation in OPERATIONS:
        if m == method:
            address = re.sub(r"\{[^}]*(pk|id|period)[^}]*\}", zero, path)
            address = re.sub(r"\{[^}]*month[^}]*\}", "2026-10", address)
            address = re.sub(r"\{[^}]*\}", "1", address)
            response = (
                getattr(client, m)(address, content_type="application/json") if m != "get" else client.get(address)
            )
            assert response.status_code in (401, 403, 404), (address, response.status_code)
            assert response.status_code != 404 or "{" in path, address


def test_the_description_is_for_those_who_are_signed_in(db):
    assert Client().get("/api/openapi.json").status_code == 302


def test_every_part_of_the_description_has_a_name_of_its_own():
    """Two schemas of one name would overwrite each other, and the description would be false of one of them."""
    from collections import Counter
    from inspect import getmembers, isclass

    from ninja import Schema

    from yuanqing.kernel.duty import noun_modules

    own = [
        name
        for module in noun_modules("api")
        for name, found in getmembers(module, isclass)
        if issubclass(found, Schema) and found.__module__ == module.__name__
    ]
    assert [name for name, count in Counter(own).items() if count > 1] == []
