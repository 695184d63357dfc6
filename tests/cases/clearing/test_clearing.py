"""Clearing the wrongly accused: three ways, two starts, another's approval, the person's consent, the result only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.cases.docket import Docket

from yuanqing.cases.clearing import actions
from yuanqing.cases.clearing.models import Clearing
from yuanqing.kernel.acts import Refused

RESULT = "反映的问题经核查不属实。"


def today() -> date:
    return timezone.localdate()


def proposed(docket: Docket, by: str = "handler", **changes: Any) -> Clearing:
    words = {"person": docket.person("staff"), "way": "by_letter", "result": RESULT, **changes}
    row: Clearing = actions.propose(by=docket.by(by), **words)
    return Clearing.objects.select_related("unit", "person").get(pk=row.pk)


@pytest.mark.parametrize("way", ["by_letter", "to_committee", "in_range"])
def test_three_ways_each_with_consent(docket: Docket, way: str) -> None:
    row = proposed(docket, way=way, range="本部中层干部会议")
    with pytest.raises(Refused):
        actions.approve(row, by=docket.by("handler"), reason="同意")
    actions.approve(row, by=docket.by("chief"), reason="查否，同意澄清")
    words = {"on": today(), "account_of": "当面向本人和主要负责人说明"}
    with pytest.raises(ValidationError) as told:
        actions.carry_out(row, by=docket.by("handler"), is_consented=False, **words)
    assert "is_consented" in told.value.message_dict
    row.refresh_from_db()
    actions.carry_out(row, by=docket.by("handler"), is_consented=True, is_filed=True, is_told_personnel=True, **words)
    assert (row.state, row.done_on, row.is_filed, row.due_on) == ("done", today(), True, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"way": "by_phone"}, "way"),
        ({"way": "in_range", "range": " "}, "range"),
        ({"result": "否"}, "result"),
        ({"start": "no"}, "start"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        proposed(docket, **changes)
    assert field in told.value.message_dict
    assert Clearing.objects.count() == 0


def test_the_person_asks_for_himself_and_decides_nothing(docket: Docket) -> None:
    row = proposed(docket, by="staff")
    assert (row.start, row.is_consented) == ("on_request", True)
    with pytest.raises(Refused):
        proposed(docket, by="staff", person=docket.person("judge"))
    with pytest.raises(Refused):
        actions.approve(row, by=docket.by("staff"), reason="同意")
    with pytest.raises(ValidationError):
        actions.decline(row, by=docket.by("chief"), reason=" ")
    row.refresh_from_db()
    actions.decline(row, by=docket.by("chief"), reason="没有造成影响")
    assert row.state == "declined"
    with pytest.raises(Refused):
        actions.approve(row, by=docket.by("chief"), reason="同意")


def test_not_before_it_was_approved(docket: Docket) -> None:
    row = proposed(docket)
    actions.approve(row, by=docket.by("chief"), reason="同意")
    with pytest.raises(ValidationError) as told:
        actions.carry_out(
            row, by=docket.by("handler"), on=today() - timedelta(days=1), is_consented=True, account_of="当面说明"
        )
    assert "on" in told.value.message_dict


def test_pages_and_programs(docket: Docket) -> None:
    staff, handler, chief = docket.client("staff"), docket.client("handler"), docket.client("chief")
    page = staff.get("/cases/clearing/propose/").content.decode()
    assert 'name="person"' not in page  # for himself only
    assert staff.post("/cases/clearing/propose/", {"way": "by_letter", "result": RESULT}).status_code == 302
    row = Clearing.objects.get()
    assert RESULT in staff.get(row.get_absolute_url()).content.decode()
    assert "等待批准" in chief.get("/").content.decode()
    for query in ("", "?state=proposed", "?way=by_letter", "?q=人", "?format=xlsx"):
        assert handler.get(f"/cases/clearing/{query}").status_code == 200
    assert chief.post(f"{row.get_absolute_url()}approve/", {"reason": "同意"}).status_code == 302
    given = {"on": today(), "account_of": "当面向本人说明"}
    assert handler.post(f"{row.get_absolute_url()}carry-out/", given).status_code == 422
    assert handler.post(f"{row.get_absolute_url()}carry-out/", {**given, "is_consented": "on"}).status_code == 302
    assert docket.client("judge").get(row.get_absolute_url()).status_code == 404
    body = {"person": docket.person("staff").number, "way": "to_committee", "result": RESULT}
    made = handler.post("/api/cases/clearing/", body, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    api = f"/api/cases/clearing/{made.json()['id']}/"
    assert handler.post(f"{api}approve/", {"reason": "x"}, content_type="application/json").status_code == 409
    assert (
        chief.post(f"{api}approve/", {"reason": "同意"}, content_type="application/json").json()["state"] == "approved"
    )
