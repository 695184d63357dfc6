"""Terms: what which event makes due, by hand, how far they may be prolonged, who sees them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from tests.cases.appeal.test_appeal import sanctioned
from tests.cases.bureau import Bureau
from tests.cases.case.test_case import Court
from tests.cases.docket import Docket

from yuanqing.cases.expiry import queries as expiry
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.petition.rules import due_on
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.term import actions, queries, rules, tasks
from yuanqing.cases.term.models import Term
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.kernel.database import scope
from yuanqing.norms.packs import shipped, shipped_calendar
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import scope_of
from yuanqing.shell.inbox.models import Message


def today() -> date:
    return timezone.localdate()


QUARTERS = [
    ("2026-01-01", "2025Q4", "2025-10-01", "2025-12-31"),
    ("2026-03-31", "2025Q4", "2025-10-01", "2025-12-31"),
    ("2026-04-01", "2026Q1", "2026-01-01", "2026-03-31"),
    ("2026-07-15", "2026Q2", "2026-04-01", "2026-06-30"),
    ("2026-12-31", "2026Q3", "2026-07-01", "2026-09-30"),
]


@pytest.mark.parametrize(("day", "name", "first", "last"), QUARTERS)
def test_the_quarter_that_is_over(day: str, name: str, first: str, last: str) -> None:
    found = rules.last_quarter(date.fromisoformat(day))
    assert (found[0], found[1].isoformat(), found[2].isoformat()) == (name, first, last)


LONGEST = [  # by hand: the ceiling counts from the beginning, an extension from the last day
    ("decision.archive_change", "2026-01-31", "2026-07-31"),
    ("soe.sanction", "2026-01-31", "2027-01-31"),
    ("xinfang.close", "2026-01-01", "2026-04-01"),
    ("assets.execute", "2026-01-01", "2026-03-02"),
    ("admonition.write", "2026-04-30", "2026-05-11"),
    ("xunshi.leads", "2026-11-30", "2027-02-28"),
]


@pytest.mark.parametrize(("code", "start", "last"), LONGEST)
def test_how_long_a_term_may_become(code: str, start: str, last: str) -> None:
    entry = shipped("deadlines").entry(code).data
    assert rules.longest(entry, date.fromisoformat(start), shipped_calendar()) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [("incident", "2026-11-06", "2026-11-07"), ("petition.quarterly_told", "2026-09-30", "2026-10-27")],
)
def test_last_days_by_hand(code: str, start: str, due: str) -> None:
    entry = shipped("deadlines").entry(code).data
    assert due_on(entry, date.fromisoformat(start), shipped_calendar()) == date.fromisoformat(due)


def test_the_pack_names_clocks_that_there_are() -> None:
    pack, clocks = shipped("terms"), set(shipped("deadlines").by_code)
    assert {queries.value(entry, "clock") for entry in (*pack.table("event"), *pack.table("by_hand"))} <= clocks


ARISES = [
    ("downgrading", ["change_of_post"]),
    ("removal_from_office", ["change_of_post"]),
    ("admonition", ["after_admonition", "self_criticism"]),
    ("demerit", []),
    ("party_warning", []),
]


def test_what_a_sanction_makes_due(docket: Docket) -> None:
    for ago, (kind, kinds) in enumerate(ARISES, 2):
        sanction = sanctioned(docket, kind, ago=ago)
        rows = Term.objects.filter(sanction=sanction).order_by("kind")
        assert [row.kind for row in rows] == kinds, kind
        for row in rows:
            assert (row.starts_on, row.due_on) == (sanction.decided_on, clock(row.clock, sanction.decided_on))


def test_done_prolonged_and_ended_with_the_sanction(docket: Docket) -> None:
    first = sanctioned(docket, "downgrading", ago=3)
    term, chief = Term.objects.get(), docket.by("chief")
    assert term.due_on is not None
    with pytest.raises(Refused):
        actions.prolong(term, by=docket.by("manager"), until=term.due_on + timedelta(days=9), approval="同意")
    for until in (term.due_on, queries.latest(term) + timedelta(days=1)):
        with pytest.raises(ValidationError) as told:
            actions.prolong(term, by=chief, until=until, approval="同意〔2026〕1号")
        assert "until" in told.value.message_dict
        term.refresh_from_db()
    actions.prolong(term, by=chief, until=queries.latest(term), approval="同意〔2026〕1号")
    assert term.extensions == 1
    for on, how, field in ((today(), " ", "how"), (date(2020, 1, 1), "已办", "on"), (date(2999, 1, 1), "已办", "on")):
        with pytest.raises(ValidationError) as told:
            actions.fulfil(term, by=docket.by("manager"), on=on, how=how)
        assert field in told.value.message_dict
        term.refresh_from_db()
    actions.fulfil(term, by=docket.by("manager"), on=today(), how="组织人事部门已办理变更")
    assert (term.state, term.done_on) == ("done", today())
    second = sanctioned(docket, "removal_from_office", ago=2)
    sanctions.revoke(second, by=chief, reason="复查改变", on=today())
    assert Term.objects.get(sanction=second).state == "void"
    third = sanctioned(docket, "discharge", ago=1)
    sanctions.revoke(sanctioned(docket, "demerit", ago=1), by=chief, reason="复查改变", on=today())
    assert Term.objects.get(sanction=third).state == "running", "another decision about the same person"
    assert Term.objects.get(sanction=first).state == "done"


def test_inspection_leads_are_told_back(bureau: Bureau) -> None:
    bureau.lead()
    assert not Term.objects.exists()
    lead = bureau.lead(source="inspection")
    term = Term.objects.get()
    assert (term.lead_id, term.due_on) == (lead.pk, clock("xunshi.leads", lead.received_on))
    assert Term.objects.visible_to(bureau.by("manager")).exists()
    for name in ("handler", "detective", "staff", "intake"):
        assert not Term.objects.visible_to(bureau.by(name)).exists(), name
    with scope.acting_for(scope_of(bureau.by("detective"))):
        assert not Term.objects.exists(), "the wall stands behind the queries"
    with scope.acting_for(scope_of(bureau.by("manager"))):
        assert Term.objects.exists()


def test_only_who_opens_the_matter_is_told_that_it_is_late(bureau: Bureau) -> None:
    bureau.lead("boss", source="inspection")  # manager2 and clerk work below him
    told = Account.objects.filter(pk__in=queries.above(Term.objects.get()))
    assert set(told.values_list("username", flat=True)) == {"manager", "chief", "chief2"}


def test_cases_of_managers_of_state_owned_enterprises(bureau: Bureau) -> None:
    with patch("yuanqing.cases.term.queries.applies_soe", return_value=True):
        case = Court(bureau).decided("staff")
    kinds = dict(Term.objects.filter(case=case).values_list("kind", "state"))
    assert kinds["soe_decision"] == "done", "the decision fulfils it"
    notice = Term.objects.get(case=case, kind="soe_notice")
    assert notice.due_on == clock("soe.notify", case.decided_on or today())


def test_by_hand(docket: Docket) -> None:
    case, manager, day = docket.fresh(), docket.by("manager"), today()
    assert not Term.objects.filter(kind__startswith="soe").exists(), "not unless the pack says so"
    for kind, on, field in (("talk_record", day, "kind"), ("accident", day + timedelta(days=1), "starts_on")):
        with pytest.raises(ValidationError) as told:
            actions.begin(by=manager, matter=case, kind=kind, starts_on=on)
        assert field in told.value.message_dict
    with pytest.raises(Refused):
        actions.begin(by=docket.by("staff"), matter=case, kind="accident", starts_on=day, at=time(0, 0))
    first, at = day - timedelta(days=1), time(9, 30)
    for said, told in ((None, "写明时刻"), (time(23, 59, 59), "现在之后")):
        with pytest.raises(ValidationError, match=told):
            actions.begin(by=manager, matter=case, kind="accident", starts_on=day, at=said)
    made = actions.begin(by=manager, matter=case, kind="accident", starts_on=first, at=at)
    begun = datetime.combine(first, at, SHANGHAI)
    assert (made.starts_at, made.due_at, made.due_on) == (begun, begun + timedelta(hours=24), day)
    with pytest.raises(Conflict, match="已经登记"):
        actions.begin(by=manager, matter=case, kind="accident", starts_on=first, at=at)


def test_the_results_of_each_quarter_are_told(bureau: Bureau) -> None:
    assert actions.open_quarter(date(2026, 10, 3)) == 1
    assert actions.open_quarter(date(2026, 11, 3)) == 0
    term, last = Term.objects.get(), date(2026, 9, 30)
    assert (term.quarter, term.starts_on) == ("2026Q3", last)
    assert term.due_on == clock("petition.quarterly_told", last)
    assert Term.objects.visible_to(bureau.by("intake")).exists()
    for name in ("manager", "chief", "staff"):
        assert not Term.objects.visible_to(bureau.by(name)).exists()


def test_what_is_late_is_brought_above(docket: Docket) -> None:
    sanctioned(docket, "downgrading", ago=3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_term SET due_on = %s", [today() - timedelta(days=1)])
    queue = next(one for one in expiry.queues(docket.by("manager")) if "限期事项" in str(one.label))
    assert (queue.total, queue.late) == (1, 1)
    assert tasks.escalate_overdue() == "1 escalated"
    assert tasks.escalate_overdue() == "0 escalated"
    told = Message.objects.filter(kind="term")
    assert set(told.values_list("account__username", flat=True)) == {"manager", "manager2", "chief", "chief2", "boss"}
    assert all("号" not in one.title for one in told)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


BY_HOURS = [  # due at, last escalated on, now, whether it is brought above: by hand
    ("2026-11-06 09:30", None, "2026-11-06 09:30", False), ("2026-11-06 09:30", None, "2026-11-06 09:31", True),
    ("2026-11-06 09:30", None, "2026-11-06 23:59", True), ("2026-11-06 09:30", "2026-11-06", "2026-11-06 09:41", False),
    ("2026-11-06 09:30", "2026-11-06", "2026-11-07 00:25", False), ("2026-11-06 09:30", "2026-11-06", "2026-11-12 23:59", False),
    ("2026-11-06 09:30", "2026-11-06", "2026-11-13 00:00", True), ("2026-11-06 23:55", "2026-11-07", "2026-11-07 00:25", False),
    ("2026-11-06 23:55", "2026-11-05", "2026-11-06 23:56", True), ("2026-11-07 00:05", None, "2026-11-06 23:59", False),
    ("2026-11-07 00:05", None, "2026-11-07 00:10", True),
]  # fmt: skip


@pytest.mark.parametrize(("due_at", "last", "now", "is_due"), BY_HOURS)
def test_when_a_term_that_counts_hours_is_brought_above(due_at: str, last: str | None, now: str, is_due: bool) -> None:
    before = date.fromisoformat(last) if last else None
    found = rules.escalation_is_due(at(due_at), at(due_at).date(), before, at(now), at(now).date())
    assert found is is_due


def test_what_counts_hours_is_brought_above_within_ten_minutes(docket: Docket) -> None:
    term = actions.begin(
        by=docket.by("manager"), matter=docket.fresh(), kind="accident", starts_on=today() - timedelta(days=1), at=time(0, 0)
    )  # fmt: skip
    minute = timedelta(minutes=1)
    for late, told in ((-minute, 0), (minute, 1)):  # the last minute is not over, and is over
        with connection.cursor() as cursor:
            words = [timezone.now() - late, timezone.localdate(timezone.now() - late), term.pk]
            cursor.execute("UPDATE cases_term SET due_at = %s, due_on = %s WHERE id = %s", words)
        tasks.escalate_by_hours(0)
        term.refresh_from_db()
        assert term.escalations == told
    tasks.escalate_by_hours(0)
    assert tasks.escalate_overdue() == "0 escalated", "once, not again every ten minutes"
    told_to = set(Message.objects.filter(kind="term").values_list("account__username", flat=True))
    assert {"manager", "chief"} <= told_to
    client = docket.client("manager")
    assert "已经过期" in client.get("/").content.decode()
    for address in ("/cases/term/", term.get_absolute_url()):
        assert "逾期" in client.get(address).content.decode()
    assert client.get("/cases/term/?format=xlsx").status_code == 200


def test_pages_and_programs(docket: Docket) -> None:
    case = docket.fresh()
    client, chief = docket.client("manager"), docket.client("chief")
    address = f"/cases/term/begin/?case={case.pk}"
    assert address in client.get(case.get_absolute_url()).content.decode()
    assert client.get("/cases/term/begin/").status_code == 404
    assert client.get("/cases/term/begin/?case=x").status_code == 404
    assert "发生事故" in client.get(address).content.decode()
    assert client.post(address, {"kind": "", "starts_on": today()}).status_code == 422
    assert client.post(address, {"kind": "accident", "starts_on": today()}).status_code == 422
    assert client.post(address, {"kind": "accident", "starts_on": today(), "at": "00:00"}).status_code == 302
    term = Term.objects.get()
    page = term.get_absolute_url()
    assert "1 件限期事项七天内到期" in client.get("/").content.decode()
    assert client.post(f"{page}fulfil/", {"on": today(), "how": ""}).status_code == 422
    given = {"until": today() + timedelta(days=9), "approval": "同意"}
    assert chief.post(f"{page}prolong/", given).status_code == 422
    assert client.post(f"{page}fulfil/", {"on": today(), "how": "已电话并书面报告上级"}).status_code == 302
    for query in ("", "?state=running", "?kind=accident", "?due_until=2030-01-01", "?format=xlsx"):
        assert client.get(f"/cases/term/{query}").status_code == 200
    assert docket.client("staff").get(page).status_code == 404
    body = {"matter": str(case.pk), "kind": "accident", "starts_on": str(today() - timedelta(days=1)), "at": "10:00"}
    assert client.post("/api/cases/term/", body, content_type="application/json").status_code == 201
    assert client.get("/api/cases/term/?state=running").json()["count"] == 1
