"""Integrity opinions: what runs against somebody is looked up, "nothing found" only where that is so, signed by another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.cases.appeal.test_appeal import sanctioned
from tests.cases.docket import Docket
from tests.cases.typist import typed_for_long

from yuanqing.cases.opinion import actions, queries
from yuanqing.cases.opinion.models import Opinion
from yuanqing.kernel.acts import Conflict, Refused


def today() -> date:
    return timezone.localdate()


def asked(docket: Docket, name: str = "intake", **changes: Any) -> Opinion:
    words = {"purpose": "promotion", "asked_by": "人事部", "letter": "人〔2026〕1号", "asked_on": today(), **changes}
    row: Opinion = actions.register(by=docket.by("manager"), person=docket.person(name), **words)
    return Opinion.objects.select_related("unit", "person").get(pk=row.pk)


def test_nothing_found_is_said_where_nothing_is(docket: Docket) -> None:
    row, key = asked(docket), docket.bureau.unlocked("manager")
    actions.draft(row, by=docket.by("manager"), key=key, answer="nothing_found")
    with pytest.raises(Refused):
        actions.sign(row, by=docket.by("manager"), document="廉〔2026〕1号")
    with pytest.raises(ValidationError):
        actions.sign(row, by=docket.by("chief"), document=" ")
    row.refresh_from_db()
    actions.sign(row, by=docket.by("chief"), document="廉〔2026〕1号")
    assert (row.state, row.signed_on, row.periods) == ("answered", today(), [])


def test_a_running_period_stands_against_it(docket: Docket) -> None:
    sanctioned(docket, name="intake", ago=40)
    row, key = asked(docket), docket.bureau.unlocked("manager")
    with pytest.raises(ValidationError, match="影响期内"):
        actions.draft(row, by=docket.by("manager"), key=key, answer="nothing_found")
    row.refresh_from_db()
    with pytest.raises(ValidationError) as told:
        actions.draft(row, by=docket.by("manager"), key=key, answer="in_period")
    assert "remark" in told.value.message_dict
    row.refresh_from_db()
    actions.draft(row, by=docket.by("manager"), key=key, answer="in_period", remark="政务记过影响期内")
    assert len(row.periods) == 2  # promotion, and pay
    assert "政务记过" in row.periods[0]


def test_a_matter_under_way_stands_against_it_and_is_written_nowhere(docket: Docket) -> None:
    bureau = docket.bureau
    bureau.lead("judge")
    key = bureau.unlocked("manager")
    assert queries.matters_under_way(docket.by("manager"), key, docket.person("judge")) == 1
    assert queries.matters_under_way(docket.by("manager"), key, docket.person("intake")) == 0
    assert queries.matters_under_way(docket.by("manager"), key, docket.person("staff")) == 1  # the case
    row = asked(docket, "judge")
    with pytest.raises(ValidationError, match="正在办理"):
        actions.draft(row, by=docket.by("manager"), key=key, answer="nothing_found")
    row.refresh_from_db()
    actions.draft(row, by=docket.by("manager"), key=key, answer="put_off", remark="建议暂缓")
    assert row.periods == []
    assert "办理" not in row.remark


def test_what_changed_since_the_draft_is_found_at_the_signature(docket: Docket) -> None:
    row, key = asked(docket), docket.bureau.unlocked("manager")
    actions.draft(row, by=docket.by("manager"), key=key, answer="nothing_found")
    sanctioned(docket, name="intake", ago=0)
    with pytest.raises(ValidationError, match="有变化"):
        actions.sign(row, by=docket.by("chief"), document="廉〔2026〕1号")
    row.refresh_from_db()
    actions.return_draft(row, by=docket.by("chief"), reason="有新处分")
    assert (row.state, row.answer) == ("asked", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "no"}, "purpose"),
        ({"asked_by": ""}, "asked_by"),
        ({"letter": " "}, "letter"),
        ({"asked_on": date(2999, 1, 1)}, "asked_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        asked(docket, **changes)
    assert field in told.value.message_dict


def test_once_in_a_letter_and_never_about_oneself(docket: Docket) -> None:
    asked(docket)
    with pytest.raises(Conflict):
        asked(docket)
    with pytest.raises(Refused):
        asked(docket, "manager")


def test_pages_and_programs(docket: Docket) -> None:
    manager, chief = docket.client("manager", unlock=True), docket.client("chief")
    given = {
        "person": docket.person("intake").number,
        "purpose": "promotion",
        "asked_by": "人事部",
        "letter": "人1号",
        "asked_on": today(),
    }
    assert manager.post("/cases/opinion/register/", {**given, "purpose": ""}).status_code == 422
    assert manager.post("/cases/opinion/register/", given).status_code == 302
    row = Opinion.objects.get()
    address = row.get_absolute_url()
    assert docket.client("manager").get(f"{address}draft/").status_code == 302  # locked
    assert "涉及此人的有 0 件" in manager.get(f"{address}draft/").content.decode()
    assert manager.post(f"{address}draft/", {"answer": ""}).status_code == 422
    assert manager.post(f"{address}draft/", {"answer": "nothing_found"}).status_code == 302
    assert "等待签发" in chief.get("/").content.decode()
    assert chief.get(f"/cases/paperwork/opinion/{row.pk}.docx").status_code == 404  # not signed yet
    assert chief.post(f"{address}sign/", {"document": "廉1号"}).status_code == 302
    for kind in ("docx", "pdf"):
        assert chief.get(f"/cases/paperwork/opinion/{row.pk}.{kind}").status_code == 200
    for query in ("", "?state=answered", "?purpose=promotion", "?q=人事", "?format=xlsx"):
        assert manager.get(f"/cases/opinion/{query}").status_code == 200
    assert docket.client("staff").get(address).status_code == 404
    body = {**given, "letter": "人2号", "asked_on": today().isoformat()}
    made = manager.post("/api/cases/opinion/", body, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    api = f"/api/cases/opinion/{made.json()['id']}/"
    assert chief.post(f"{api}sign/", {"document": "x"}, content_type="application/json").status_code == 409
    assert (
        chief.post(f"{api}cancel/", {"reason": "来函撤回"}, content_type="application/json").json()["state"]
        == "cancelled"
    )


def test_a_draft_survives_a_key_that_locked_itself_meanwhile(docket: Docket) -> None:
    row = asked(docket)
    remark = "影响期已满，没有新的问题。"
    sent = typed_for_long(
        docket.by("manager"), f"{row.get_absolute_url()}draft/", {"answer": "put_off", "remark": remark}, sealed=remark
    )
    assert (sent.status_code, sent.url) == (302, row.get_absolute_url())
    row.refresh_from_db()
    assert (row.state, row.answer, row.remark) == ("drafted", "put_off", remark)
