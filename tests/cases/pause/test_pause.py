"""Pauses: by how much a last day moves, who decides, what stands still meanwhile, and what goes on by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from tests.cases.bureau import Bureau
from tests.cases.case.test_next_step import first

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.expiry import queries as expiry
from yuanqing.cases.lead import queries as leads
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.pause import actions, queries, rules, tasks
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.verification import actions as checks
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.database import scope
from yuanqing.norms.packs import shipped, shipped_calendar
from yuanqing.org.account.queries import scope_of

# due, begins, resumed, unit, new last day: by hand with the shipped calendar of 2026 (holidays 15–23 February, 1–5 May, 25–27 September,
# 1–7 October; worked Saturdays 14 February, 9 May and 10 October)
MOVED = [
    ("2026-03-31", "2026-03-01", "2026-03-11", "months", "2026-04-10"),
    ("2026-12-31", "2026-12-20", "2027-01-09", "days", "2027-01-20"),
    ("2026-02-28", "2026-02-28", "2026-03-01", "months", "2026-03-01"),
    ("2026-06-30", "2026-06-10", "2026-06-10", "months", "2026-06-30"),  # resumed on the day it began
    ("2028-02-20", "2028-02-10", "2028-03-10", "days", "2028-03-20"),  # over the 29th of February
    ("2026-10-05", "2026-09-30", "2026-10-08", "days", "2026-10-13"),  # holidays count as days
    ("2026-11-27", "2026-11-23", "2026-12-07", "workdays", "2026-12-11"),  # four working days were left
    ("2026-10-20", "2026-09-30", "2026-10-12", "workdays", "2026-10-26"),  # ten, of which Saturday the 10th was one
    ("2026-02-27", "2026-02-13", "2026-03-02", "workdays", "2026-03-09"),  # five: the 14th, 24th to 27th
    ("2026-05-11", "2026-04-30", "2026-05-05", "workdays", "2026-05-11"),  # a pause within the holidays moves nothing
    ("2026-06-26", "2026-06-26", "2026-06-29", "workdays", "2026-06-29"),  # none was left
    ("2026-09-28", "2026-09-24", "2026-10-07", "workdays", "2026-10-08"),
    ("2026-11-20", "2026-11-16", "2026-11-28", "workdays", "2026-12-03"),  # resumed on a Saturday
]


@pytest.mark.parametrize(("due", "begins", "resumed", "unit", "moved"), MOVED)
def test_by_how_much_it_moves(due: str, begins: str, resumed: str, unit: str, moved: str) -> None:
    days = [date.fromisoformat(day) for day in (due, begins, resumed)]
    assert rules.moved(days[0], days[1], days[2], unit, shipped_calendar()) == date.fromisoformat(moved)


def test_the_pack_names_clocks_that_there_are() -> None:
    clocks = set(shipped("deadlines").by_code)
    for entry in shipped("pauses").table("pause_ground"):
        values = entry.data["values"]
        named = values["clocks"].split(",")
        assert set(named) <= clocks, entry.code
        assert int(values["longest"]) > 0
        assert entry.mark in ("R", "own"), "nothing of it was verified"
        for never in (
            "petition.up",
            "petition.down",
            "incident",
            "liuzhi",
            "lead.distribute",
            "lead.confirm",
            "clock.pause",
        ):
            assert never not in named


def today() -> date:
    return timezone.localdate()


def asked(bureau: Bureau, lead: Lead, **more: Any) -> Pause:
    given = {"ground": "expertise", "reason": "等待外部审计结论", **more}
    made: Pause = actions.ask(by=bureau.by("handler"), matter=lead, **given)
    return made


def running(bureau: Bureau, **more: Any) -> tuple[Pause, Lead]:
    lead = bureau.verifying()
    pause = asked(bureau, bureau.fresh(lead), **more)
    actions.approve(pause, by=bureau.by("chief"), document="同意，〔2026〕5号")
    return pause, bureau.fresh(lead)


def back(pause: Pause, days: int) -> None:
    """As if it had begun so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_pause SET begins_on = begins_on - %s WHERE id = %s", [days, pause.pk])
    pause.refresh_from_db()


def test_a_clock_stands_still_and_goes_on(bureau: Bureau) -> None:
    lead = bureau.verifying()
    due = lead.due_on
    assert due is not None
    pause = asked(bureau, bureau.fresh(lead))
    assert bureau.fresh(lead).due == "check.report", "until it is approved the clock runs"
    actions.approve(pause, by=bureau.by("chief"), document="同意，〔2026〕5号")
    lead = bureau.fresh(lead)
    assert (lead.due, lead.due_on) == ("clock.pause", today() + timedelta(days=30))
    back(pause, 10)
    with pytest.raises(ValidationError, match="缘由"):
        actions.resume(pause, by=bureau.by("handler"), reason=" ")
    pause.refresh_from_db()
    actions.resume(pause, by=bureau.by("handler"), reason="审计结论已经收到")
    lead = bureau.fresh(lead)
    assert (lead.due, lead.due_on, pause.moved_to) == (
        "check.report",
        due + timedelta(days=10),
        due + timedelta(days=10),
    )
    again = asked(bureau, lead)
    assert again.due_on == due + timedelta(days=10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": "nothing"}, "ground"),
        ({"reason": " "}, "reason"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"until": date(2999, 1, 1)}, "until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(bureau: Bureau, changes: dict[str, Any], field: str) -> None:
    lead = bureau.fresh(bureau.verifying())
    with pytest.raises(ValidationError) as told:
        asked(bureau, lead, **changes)
    assert field in told.value.message_dict
    assert not Pause.objects.exists()


def test_clocks_that_may_not_stand_still(bureau: Bureau) -> None:
    lead = bureau.fresh(bureau.lead())
    with pytest.raises(ValidationError, match="不能暂停"):
        asked(bureau, lead)
    inquiring = bureau.fresh(bureau.inquiring())
    with pytest.raises(ValidationError) as told:
        asked(bureau, inquiring, ground="expertise")
    assert "ground" in told.value.message_dict
    assert asked(bureau, inquiring, ground="force_majeure").clock == "inquiry.ask"


def test_a_second_person_decides_and_only_once(bureau: Bureau) -> None:
    lead = bureau.fresh(bureau.verifying())
    pause = asked(bureau, lead)
    with pytest.raises(Conflict, match="已有一项"):
        asked(bureau, lead)
    for name in ("handler", "staff", "reader"):
        with pytest.raises(Refused):
            actions.approve(pause, by=bureau.by(name), document="同意")
    with pytest.raises(ValidationError, match="文号"):
        actions.approve(pause, by=bureau.by("chief"), document="")
    pause.refresh_from_db()
    actions.refuse(pause, by=bureau.by("chief"), document="理由不充分")
    assert (pause.state, bureau.fresh(lead).due) == ("refused", "check.report")


def test_meanwhile_the_lead_goes_nowhere(bureau: Bureau) -> None:
    lead = bureau.signed()
    pause = asked(bureau, bureau.fresh(lead))
    actions.approve(pause, by=bureau.by("chief"), document="同意")
    lead = bureau.fresh(lead)
    with pytest.raises(Refused, match="期限暂停中"):
        checks.report_check(lead, by=bureau.by("handler"), proposal="check_file")
    actions.resume(pause, by=bureau.by("chief"), reason="可以报送")
    checks.report_check(bureau.fresh(lead), by=bureau.by("handler"), proposal="check_file")


def test_an_open_pause_is_questioned_and_brought_above(bureau: Bureau) -> None:
    pause, lead = running(bureau)
    assert queries.waiting(bureau.by("chief"))["questioned"] == 0
    assert first(pause, bureau.by("chief")) == "resume", "that it goes on is not asked yet"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_pause SET question_on = %s", [today() - timedelta(days=1)])
        cursor.execute("UPDATE cases_lead SET due_on = %s WHERE id = %s", [today() - timedelta(days=1), lead.pk])
    assert queries.waiting(bureau.by("chief"))["questioned"] == 1
    assert [one.pk for one in leads.overdue(today())] == [lead.pk]
    queue = next(one for one in expiry.queues(bureau.by("chief")) if "初步核实" in str(one.label))
    assert queue.late == 1
    pause.refresh_from_db()
    assert first(pause, bureau.by("chief")) == "keep_on"
    actions.keep_on(pause, by=bureau.by("chief"), document="结论还没有出来")
    assert (bureau.fresh(lead).due_on, pause.kept_on) == (today() + timedelta(days=30), 1)


def test_a_pause_with_an_end_ends_by_itself(bureau: Bureau) -> None:
    pause, lead = running(bureau, until=today() + timedelta(days=20))
    due = pause.due_on
    assert lead.due_on == today() + timedelta(days=20)
    assert tasks.resume_due() == "0 resumed"
    with pytest.raises(Refused, match="到日恢复"):
        actions.keep_on(pause, by=bureau.by("chief"), document="还要等")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_pause SET begins_on = begins_on - 20, until = %s", [today()])
    assert tasks.resume_due() == "1 resumed"
    assert (bureau.fresh(lead).due, bureau.fresh(lead).due_on) == ("check.report", due + timedelta(days=20))
    assert tasks.resume_due() == "0 resumed"


def test_what_changed_meanwhile_is_not_paused(bureau: Bureau) -> None:
    lead = bureau.signed()
    pause = asked(bureau, bureau.fresh(lead))
    checks.report_check(bureau.fresh(lead), by=bureau.by("handler"), proposal="check_file")
    pause.refresh_from_db()
    assert pause.state == "resumed", "another clock runs now"
    decisions.return_check(bureau.fresh(lead), by=bureau.by("chief"), reason="补充核实")
    assert asked(bureau, bureau.fresh(lead), ground="other_body").clock == "lead.opinion"


def test_who_cannot_open_the_matter_sees_nothing_of_its_pause(bureau: Bureau) -> None:
    pause, _lead = running(bureau)
    client = bureau.client("detective")
    assert bureau.by("detective").can("cases.pause.view")
    assert client.get(pause.get_absolute_url()).status_code == 404
    assert pause.matter.number not in client.get("/cases/pause/").content.decode()
    with scope.acting_for(scope_of(bureau.by("detective"))):
        assert not Pause.objects.exists()
    with scope.acting_for(scope_of(bureau.by("chief"))):
        assert Pause.objects.count() == 1


def test_pages_and_programs(bureau: Bureau) -> None:
    lead = bureau.fresh(bureau.verifying())
    handler, chief = bureau.client("handler"), bureau.client("chief")
    assert f"/cases/pause/ask/?lead={lead.pk}" in handler.get(lead.get_absolute_url()).content.decode()
    address = f"/cases/pause/ask/?lead={lead.pk}"
    assert handler.get("/cases/pause/ask/").status_code == 404
    assert handler.get("/cases/pause/ask/?lead=x").status_code == 404
    assert "等待鉴定" in handler.get(address).content.decode()
    assert handler.post(address, {"ground": "", "reason": "等"}).status_code == 422
    assert handler.post(address, {"ground": "expertise", "reason": "等待审计"}).status_code == 302
    pause = Pause.objects.get()
    page = pause.get_absolute_url()
    assert "1 项暂停期限的申请等待审批" in chief.get("/").content.decode()
    assert handler.post(f"{page}approve/", {"document": "同意"}).status_code == 409
    assert chief.post(f"{page}approve/", {"document": ""}).status_code == 422
    assert chief.post(f"{page}approve/", {"document": "同意"}).status_code == 302
    assert "今天恢复的话" in chief.get(page).content.decode()
    assert "恢复计算期限" in handler.get(lead.get_absolute_url()).content.decode()
    for query in ("", "?state=running", f"?q={lead.number}", "?ground=expertise", "?format=xlsx"):
        assert chief.get(f"/cases/pause/{query}").status_code == 200
    assert chief.get("/api/cases/pause/?state=running").json()["count"] == 1
    body = {"matter": str(lead.pk), "ground": "expertise", "reason": "等"}
    assert handler.post("/api/cases/pause/", body, content_type="application/json").status_code == 422
    assert (
        chief.post(
            f"/api/cases/pause/{pause.pk}/resume/", {"reason": "结论已到"}, content_type="application/json"
        ).status_code
        == 200
    )
    assert handler.post("/api/cases/pause/", body, content_type="application/json").status_code == 201
