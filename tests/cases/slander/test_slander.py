"""False accusations: only with intent, only approved from above, never an anonymous reporter without an approved unmasking."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.cases.docket import Docket

from yuanqing.cases.slander import actions
from yuanqing.cases.slander.models import Slander
from yuanqing.kernel.acts import Refused

EVERY = ("fabricated", "intended", "harmful_aim")
EVIDENCE = "伪造的收据经鉴定系本人书写，聊天记录承认编造。"


def today() -> date:
    return timezone.localdate()


def proposed(docket: Docket, **changes: Any) -> Slander:
    words = {
        "unit": docket.bureau.units["H"], "matter": "XF2026-000001", "was_named": True, "who": "某人",
        "elements": EVERY, "evidence": EVIDENCE, **changes,
    }  # fmt: skip
    row: Slander = actions.propose(by=docket.by("handler"), **words)
    return Slander.objects.select_related("unit").get(pk=row.pk)


def approval(**changes: Any) -> dict[str, Any]:
    return {
        "level": "level_city", "approver": "某市纪委监委", "document": "批〔2026〕1号", "on": today(),
        "handling": "party_handling", "reason": "要件齐全", "heavier": ["goes_on"], **changes,
    }  # fmt: skip


@pytest.mark.parametrize("gone", EVERY)
def test_an_element_that_is_not_proven_makes_it_an_honest_error(docket: Docket, gone: str) -> None:
    row = proposed(docket, elements=[one for one in EVERY if one != gone])
    with pytest.raises(ValidationError, match="要件没有全部查实"):
        actions.confirm(row, by=docket.by("chief"), **approval())
    row.refresh_from_db()
    actions.clear(row, by=docket.by("chief"), reason="不是故意，属于错告")
    assert (row.state, row.level, row.handling) == ("honest", "", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "level_county"}, "level"),
        ({"level": "no"}, "level"),
        ({"approver": ""}, "approver"),
        ({"document": " "}, "document"),
        ({"handling": "no"}, "handling"),
        ({"heavier": ["no"]}, "heavier"),
        ({"on": date(2020, 1, 1)}, "on"),
        ({"reason": ""}, "reason"),
    ],
)
def test_without_approval_at_the_right_level_there_is_no_finding(
    docket: Docket, changes: dict[str, Any], field: str
) -> None:
    row = proposed(docket)
    with pytest.raises(ValidationError) as told:
        actions.confirm(row, by=docket.by("chief"), **approval(**changes))
    assert field in told.value.message_dict
    row.refresh_from_db()
    assert row.state == "proposed"


def test_confirmed_by_another(docket: Docket) -> None:
    row = proposed(docket)
    for who in ("handler", "manager", "staff"):
        with pytest.raises(Refused):
            actions.confirm(row, by=docket.by(who), **approval())
    actions.confirm(row, by=docket.by("chief"), **approval())
    assert (row.state, row.heavier, row.due_on) == ("confirmed", ["goes_on"], None)


def test_an_anonymous_reporter_is_not_named_without_an_approved_unmasking(docket: Docket) -> None:
    with pytest.raises(ValidationError) as told:
        proposed(docket, was_named=False)
    assert "unmasking" in told.value.message_dict
    row = proposed(docket, was_named=False, unmasking="批〔2026〕2号")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_slander SET unmasking = '' WHERE id = %s", [row.pk])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"matter": ""}, "matter"),
        ({"who": " "}, "who"),
        ({"elements": ["no"]}, "elements"),
        ({"evidence": "不实"}, "evidence"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        proposed(docket, **changes)
    assert field in told.value.message_dict


def test_pages_and_programs(docket: Docket) -> None:
    handler, chief = docket.client("handler"), docket.client("chief")
    given = {"unit": "H", "matter": "XF2026-000001", "who": "某人", "elements": list(EVERY), "evidence": EVIDENCE}
    assert handler.post("/cases/slander/propose/", given).status_code == 422
    assert handler.post("/cases/slander/propose/", {**given, "was_named": "on"}).status_code == 302
    row = Slander.objects.get()
    assert EVIDENCE in chief.get(row.get_absolute_url()).content.decode()
    for query in ("", "?state=proposed", "?q=XF", "?format=xlsx"):
        assert chief.get(f"/cases/slander/{query}").status_code == 200
    assert "等待决定" in chief.get("/").content.decode()
    assert chief.post(f"{row.get_absolute_url()}confirm/", approval(level="level_county")).status_code == 422
    assert chief.post(f"{row.get_absolute_url()}confirm/", approval()).status_code == 302
    assert docket.client("judge").get(row.get_absolute_url()).status_code == 404
    body = {**given, "was_named": True}
    made = handler.post("/api/cases/slander/", body, content_type="application/json")
    assert made.status_code == 201
    api = f"/api/cases/slander/{made.json()['id']}/"
    assert chief.post(f"{api}clear/", {"reason": "错告"}, content_type="application/json").json()["state"] == "honest"
