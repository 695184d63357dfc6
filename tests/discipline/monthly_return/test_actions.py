"""Reporting and reviewing, act by act: what is refused changes nothing, what is done is kept for good."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from tests.discipline.monthly_return.house import STATEMENT, STATES, House, clock

from yuanqing.discipline.monthly_return import actions, queries, rules
from yuanqing.discipline.monthly_return.actions import Blocked, Filled
from yuanqing.discipline.monthly_return.models import MonthlyReturn, ReturnDraft, Submission
from yuanqing.discipline.monthly_return.rules import canonical, submission_digest
from yuanqing.discipline.violation.actions import Someone
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.period.actions import close_period, extend
from yuanqing.org.unit.actions import found, import_units
from yuanqing.org.unit.models import Unit


def unchanged(record: MonthlyReturn, state: str = "open") -> bool:
    """Nothing was written: neither the return nor a submission."""
    fresh = MonthlyReturn.objects.get(pk=record.pk)
    return fresh.state == state and fresh.version == record.version and not record.submissions.exists()


def keys(error: pytest.ExceptionInfo[Blocked]) -> list[tuple[str, str]]:
    return [(finding.gate, finding.key) for finding in error.value.findings]


# Opening


def test_a_month_opens_with_a_return_for_every_reporting_unit(house, october):
    assert [(r.unit.code, r.path, r.unit_name, r.state) for r in MonthlyReturn.objects.order_by("path")] == [
        ("0", "0/", "示范集团", "open"),
        ("01", "0/01/", "东部公司", "open"),
        ("0101", "0/01/0101/", "东一厂", "open"),
        ("02", "0/02/", "西部公司", "open"),
    ]


def test_opening_again_adds_none(house, october):
    assert actions.open_month(october, by=SYSTEM) == 0


def test_a_unit_founded_while_the_month_can_be_reported_in_time_joins_it(house):
    with clock("2026-11-03 10:00"):
        period = house.open("2026-10")
        east = Unit.objects.get(code="01")
        late = found(by=SYSTEM, code="0102", name="东二厂", parent=east, began_on=date(2026, 10, 20))
        after = found(by=SYSTEM, code="0103", name="东三厂", parent=east, began_on=date(2026, 11, 2))
    assert MonthlyReturn.objects.filter(period=period, unit=late).count() == 1
    assert not MonthlyReturn.objects.filter(period=period, unit=after).exists()  # did not stand in October
    assert Obligation.objects.filter(period=period, unit=late, kind="speech.monthly_report").count() == 1


def test_units_imported_into_an_open_month_join_it(house):
    row = {"code": "0104", "name": "东四厂", "parent_code": "01", "began_on": date(2026, 1, 1)}
    with clock("2026-11-03 10:00"):
        house.open("2026-10")
        import_units([row], by=SYSTEM, on=date(2026, 1, 1))
    assert MonthlyReturn.objects.filter(unit__code="0104", state="open").count() == 1
    assert Obligation.objects.filter(unit__code="0104", kind="speech.monthly_report").count() == 1


def test_a_unit_founded_after_the_due_time_does_not(house):
    with clock("2026-11-03 10:00"):
        house.open("2026-10")
    with clock("2026-11-06 10:00"):
        east = Unit.objects.get(code="01")
        late = found(by=SYSTEM, code="0102", name="东二厂", parent=east, began_on=date(2026, 10, 20))
    assert not MonthlyReturn.objects.filter(unit=late).exists()


# Who reports


def test_a_contact_fills_in_but_cannot_report(house, october):
    record = house.paper("0101")
    with pytest.raises(Refused, match="您的角色没有这项权限"):
        actions.submit(record, by=house.contact, filled=house.as_recorded(record))
    assert unchanged(record)


def test_the_leader_of_another_unit_cannot_report(house, october):
    record = house.paper("0101")
    with pytest.raises(Refused, match="不在您的管辖范围之内"):
        actions.submit(record, by=house.west_leader, filled=house.as_recorded(record))
    assert unchanged(record)


def test_reporting_keeps_what_was_reported_what_the_records_said_and_who_signed(house, october):
    house.with_a_matter()
    record = house.submit("0101", house.leader)
    assert record.state == "submitted"
    assert record.signed_by == house.leader
    assert (record.carried_count, record.received_count, record.concluded_count, record.open_count) == (0, 2, 1, 1)
    assert (record.override_count, record.gap_total, record.is_nil) == (0, 0, False)
    assert record.prefilled == {
        "received.B2a.county": 1, "received.B1a.county": 1, "problems.B2a.county": 1, "people_handled.B2a.county": 1,
        "people_sanctioned.B2a.county": 1, "received_total": 2, "concluded": 1, "open": 1,
    }  # fmt: skip
    assert record.cells == record.prefilled | STATES


def test_reporting_meets_the_obligation_and_ends_the_draft(house, october):
    record = house.paper("02")
    actions.save_draft(record, by=house.west_leader, content={}, editor="a", revision=0)
    house.submit("02", house.west_leader)
    owed = record.unit.obligations.get(kind="speech.monthly_report")
    assert owed.fulfilled_at is not None
    assert not ReturnDraft.objects.exists()


# The gates, one by one


def test_scope_gate_a_unit_waits_for_those_below(house, october):
    record = house.paper("01")
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.east_leader, filled=house.as_recorded(record))
    assert keys(stopped) == [("scope", "gap@0101")]
    assert unchanged(record)


def test_scope_gate_or_declares_the_gap_with_a_reason(house, october):
    gaps = [{"unit": "0101", "name": "东一厂", "reason": "停产检修，人员外出"}]
    record = house.submit("01", house.east_leader, declared_gaps=gaps)
    assert record.declared_gaps == gaps


def test_scope_gate_a_gap_without_a_reason_is_none(house, october):
    record = house.paper("01")
    filled = house.as_recorded(record, declared_gaps=[{"unit": "0101", "name": "东一厂", "reason": " "}])
    with pytest.raises(Blocked):
        actions.submit(record, by=house.east_leader, filled=filled)
    assert unchanged(record)


def test_scope_gate_once_those_below_are_accepted_nothing_need_be_declared(house, october):
    actions.accept(house.submit("0101", house.leader), by=house.east)
    assert house.submit("01", house.east_leader).state == "submitted"


def test_scope_gate_refuses_a_cell_that_the_form_does_not_have(house, october):
    record = house.paper("0101")
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, cells={"problems.Z9.county": 1}))
    assert ("scope", "problems.Z9.county") in keys(stopped)
    assert unchanged(record)


def test_consistency_gate_every_discipline_is_answered(house, october):
    record = house.paper("0101")
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, cells={"state.D3": None}))
    assert keys(stopped) == [("consistency", "state.D3")]
    assert unchanged(record)


def test_consistency_gate_refuses_what_is_no_count(house, october):
    record = house.paper("0101")
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, cells={"received.B2a.county": -1}))
    assert ("consistency", "received.B2a.county") in keys(stopped)
    assert unchanged(record)


def test_time_gate_nothing_before_the_month_opens_for_reports(house, october):
    record = house.paper("0101")
    with clock("2026-10-31 23:00"), pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record))
    assert ("time", "early") in keys(stopped)
    assert unchanged(record)


def test_time_gate_a_late_return_says_why(house, october):
    record = house.paper("0101")
    with clock("2026-11-06 09:00"):
        with pytest.raises(Blocked) as stopped:
            actions.submit(record, by=house.leader, filled=house.as_recorded(record))
        assert keys(stopped) == [("time", "late")]
        assert unchanged(record)
        done = house.submit("0101", house.leader, explanations={"late": "负责人出差"})
    assert done.is_late
    assert done.explanations == {"late": "负责人出差"}


def test_time_gate_an_extension_moves_the_due_time(house, october):
    extend(by=house.office, period=october, unit=house.units["0101"], until=at("2026-11-07 18:00"), reason="系统故障")
    with clock("2026-11-06 09:00"):
        record = house.submit("0101", house.leader)
    assert record.due_at == at("2026-11-07 18:00")
    assert not record.is_late


def test_lock_gate_after_the_lock_nothing_is_taken(house, october):
    record = house.paper("0101")
    with clock("2026-11-20 09:00"), pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, explanations={"late": "忘了"}))
    assert keys(stopped) == [("lock", "locked")]
    assert unchanged(record)


def test_value_gate_a_number_that_differs_from_the_record_needs_a_reason(house, october):
    house.with_a_matter()
    record, changed = house.paper("0101"), {"people_handled.B2a.county": 2}
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, cells=changed))
    assert keys(stopped) == [("value", "people_handled.B2a.county")]
    assert unchanged(record)
    done = house.submit(
        "0101", house.leader, cells=changed, reasons={"people_handled.B2a.county": "另有一人已调出，登记在西部公司"}
    )
    assert (done.cells["people_handled.B2a.county"], done.prefilled["people_handled.B2a.county"]) == (2, 1)
    assert (done.override_count, done.gap_total) == (1, 1)


def test_cross_item_gate_hard(house, october):
    house.with_a_matter()
    record = house.paper("0101")
    changed = {"open": 2}
    with pytest.raises(Blocked) as stopped:
        actions.submit(
            record, by=house.leader, filled=house.as_recorded(record, cells=changed, reasons={"open": "补记一件"})
        )
    assert keys(stopped) == [("cross_item", "chain")]
    assert unchanged(record)


def test_cross_item_gate_soft_needs_an_explanation(house, october):
    house.with_a_matter()
    record = house.paper("0101")
    changed = {"people_handled.B2a.county": 6, "people_sanctioned.B2a.county": 1}
    reasons = {"people_handled.B2a.county": "同桌人员另行批评教育"}
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, cells=changed, reasons=reasons))
    assert keys(stopped) == [("cross_item", "many_people_per_problem@B2a")]
    assert unchanged(record)
    explained = {"many_people_per_problem@B2a": "一次宴请六人参加"}
    done = house.submit("0101", house.leader, cells=changed, reasons=reasons, explanations=explained)
    assert done.explanations == explained


def test_the_chain_to_last_month_holds(house):
    with clock("2026-10-03 10:00"):
        house.open("2026-09")
        house.submit("0101", house.leader, "2026-09")
    house.open("2026-10")
    record = house.paper("0101")
    changed, reasons = {"carried": 1, "open": 1}, {"carried": "上月漏报一件", "open": "上月漏报一件"}
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, cells=changed, reasons=reasons))
    assert keys(stopped) == [("cross_item", "chained_to_last_month")]
    assert unchanged(record)


def test_a_nil_return_is_a_signed_statement(house, october):
    record = house.paper("0101")
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=Filled(STATES))
    assert keys(stopped) == [("value", "nil")]
    assert unchanged(record)
    done = house.submit("0101", house.leader, nil_statement=STATEMENT)
    assert done.is_nil
    assert (done.nil_statement, done.signed_by) == (STATEMENT, house.leader)


def test_a_statement_of_nothing_is_refused_where_there_is_something(house, october):
    house.with_a_matter()
    record = house.paper("0101")
    with pytest.raises(Blocked) as stopped:
        actions.submit(record, by=house.leader, filled=house.as_recorded(record, nil_statement=STATEMENT))
    assert keys(stopped) == [("value", "nil")]


# Reviewing


def test_the_unit_above_accepts(house, october):
    record = house.submit("0101", house.leader)
    actions.accept(record, by=house.east)
    assert (record.state, record.reviewed_by) == ("accepted", house.east)


@pytest.mark.parametrize("reviewer", ["west", "leader", "contact"])
def test_only_a_reviewer_above_accepts(house, october, reviewer):
    house.west = house.account("西审核", "superior_reviewer", "02")
    record = house.submit("0101", house.leader)
    with pytest.raises(Refused):
        actions.accept(record, by=getattr(house, reviewer))
    assert MonthlyReturn.objects.get(pk=record.pk).state == "submitted"


def test_a_unit_does_not_review_its_own_return(house, october):
    actions.accept(house.submit("0101", house.leader), by=house.east)
    record = house.submit("01", house.east_leader)
    with pytest.raises(Refused, match="由上级单位审核"):
        actions.accept(record, by=house.east)
    actions.accept(record, by=house.group)
    assert record.state == "accepted"


def test_nobody_reviews_what_he_signed(house, october):
    both = house.account("两职", "unit_leader", "0")
    house_grant(house, both, "superior_reviewer")
    record = house.submit("02", both)
    with pytest.raises(Refused, match="不能审核自己签报的月报"):
        actions.accept(record, by=both)


def test_the_top_unit_is_reviewed_at_its_own_level(house, october):
    gaps = [{"unit": code, "name": "", "reason": "停产"} for code in ("01", "02")]
    top = house.account("董事长", "unit_leader", "0")
    record = house.submit("0", top, declared_gaps=gaps)
    actions.accept(record, by=house.group)
    assert record.state == "accepted"


def house_grant(house: House, account: Any, role: str) -> None:
    from datetime import date

    from yuanqing.org.account.actions import grant

    grant(by=SYSTEM, account=account, role=role, starts_on=date(2020, 1, 1), reason="兼任", unit=house.units["0"])


def test_sending_back_says_what_to_mend(house, october):
    record = house.submit("0101", house.leader)
    with pytest.raises(ValidationError, match="请写明要改什么"):
        actions.send_back(record, by=house.east, note=" ")
    assert MonthlyReturn.objects.get(pk=record.pk).state == "submitted"
    actions.send_back(record, by=house.east, note="第三条的状态与检查不符")
    assert (record.state, record.returned_count, record.review_note) == ("returned", 1, "第三条的状态与检查不符")


def test_the_first_submission_time_never_changes(house, october):
    record = house.submit("0101", house.leader)
    first = record.first_submitted_at
    actions.send_back(record, by=house.east, note="请核对第三条")
    with clock("2026-11-06 16:00"):
        record = house.submit("0101", house.leader, explanations={"late": "退回后修改"})
    assert record.first_submitted_at == first
    assert record.submitted_at == first + timedelta(days=3, hours=6)
    assert not record.is_late


def test_a_second_reviewer_is_told_who_decided(house, october):
    record = house.submit("0101", house.leader)
    same = MonthlyReturn.objects.get(pk=record.pk)
    actions.accept(record, by=house.east)
    with pytest.raises(Conflict, match="东审核已于 2026-11-03 10:00:00 办理“审核通过”"):
        actions.accept(same, by=house.east_other)
    assert MonthlyReturn.objects.get(pk=record.pk).reviewed_by == house.east


def test_a_reviewer_who_looked_at_an_older_version_is_told(house, october):
    record = house.submit("0101", house.leader)
    seen = record.version
    actions.send_back(record, by=house.east, note="请改第三条")
    house.submit("0101", house.leader)
    with pytest.raises(Conflict, match="您打开之后这条记录已经变动"):
        actions.accept(record, by=house.east_other, expected_version=seen)


def test_accept_all_takes_what_agrees_and_explains_nothing(house, october):
    house.with_a_matter()
    differing = house.submit(
        "0101", house.leader, cells={"people_handled.B2a.county": 2}, reasons={"people_handled.B2a.county": "另案"}
    )
    agreeing = house.submit("02", house.west_leader)
    assert actions.accept_all(october, by=house.group) == 1
    states = dict(MonthlyReturn.objects.values_list("pk", "state"))
    assert (states[differing.pk], states[agreeing.pk]) == ("submitted", "accepted")


def test_accept_all_leaves_the_reviewers_own_unit(house, october):
    house.submit("01", house.east_leader, declared_gaps=[{"unit": "0101", "name": "东一厂", "reason": "停产"}])
    own = house.account("西审核", "superior_reviewer", "02")
    house.submit("02", house.west_leader)
    assert actions.accept_all(october, by=own) == 0


# The chain of submissions


def test_submissions_are_chained(house, october):
    record = house.submit("0101", house.leader)
    actions.send_back(record, by=house.east, note="请改第三条")
    record = house.submit("0101", house.leader, cells={"state.D3": "refined"})
    first, second = record.submissions.all()
    assert (first.number, first.previous_digest) == (1, "")
    assert (second.number, second.previous_digest) == (2, first.digest)
    assert second.digest == submission_digest(first.digest, 2, second.at, second.content)
    assert queries.altered_submissions(record) == []


def test_an_altered_submission_is_found(house, october):
    record = house.submit("0101", house.leader)
    other = house.submit("02", house.west_leader)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE discipline_submission SET content = jsonb_set(content, '{cells,state.D3}', '\"refined\"')"
            " WHERE monthly_return_id = %s",
            [record.pk],
        )
    assert queries.altered_submissions() == [(record.pk, 1)]
    assert queries.altered_submissions(other) == []


def test_a_removed_submission_is_found(house, october):
    record = house.submit("0101", house.leader)
    actions.send_back(record, by=house.east, note="请改")
    house.submit("0101", house.leader)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM discipline_submission WHERE number = 1")
    assert queries.altered_submissions(record) == [(record.pk, 2)]


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"b": 1, "aa": 2, "a": {"说明": '“引号”"\\\n\t\u0001'}},
        {"长键名": 1, "z": [1, "二", None, True]},
        {"é": 1, "zz": 2},
    ],
)
def test_postgres_writes_the_same_text(db, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(value)])
        assert cursor.fetchone()[0] == canonical(value)


# Closing


def test_a_closed_month_refuses_everything(house, october):
    submitted = house.submit("02", house.west_leader)
    record = house.paper("0101")
    with clock("2026-11-15 10:00"):
        actions.declare_missing(october, by=house.office)
        close_period(october, by=house.office)
        record, submitted = house.paper("0101"), house.paper("02")
        assert record.state == "missing"
        filled = house.as_recorded(record)
        attempts = [
            lambda: actions.submit(record, by=house.leader, filled=filled),
            lambda: actions.accept(submitted, by=house.group),
            lambda: actions.send_back(submitted, by=house.group, note="请改"),
            lambda: actions.accept_all(october, by=house.group),
            lambda: actions.submit_as_recorded(october, by=house.leader, states=STATES, statement=STATEMENT),
            lambda: actions.prolong(october, record.unit_id, at("2026-12-01 00:00"), by=SYSTEM),
            lambda: actions.open_month(october, by=SYSTEM),
            lambda: actions.declare_missing(october, by=house.office),
            lambda: actions.save_draft(record, by=house.contact, content={}, editor="a", revision=0),
        ]
        for attempt in attempts:
            with pytest.raises(Refused):
                attempt()
    assert [r.version for r in (house.paper("0101"), house.paper("02"))] == [record.version, submitted.version]


# Many at once


def test_reporting_as_recorded_does_what_single_reports_do(house, october):
    house.with_a_matter()
    assert actions.submit_as_recorded(october, by=house.leader, states=STATES, statement=STATEMENT) == 1
    record, (event,) = house.paper("0101"), Submission.objects.all()
    assert (record.state, record.is_nil, record.received_count, record.open_count) == ("submitted", False, 2, 1)
    assert event.digest == submission_digest("", 1, event.at, event.content)
    assert event.content["cells"] == record.cells == record.prefilled | STATES
    assert queries.altered_submissions() == []
    grounds = queries.Grounds(record)
    assert grounds.recorded == record.prefilled
    found = rules.findings(grounds.form, queries.filing(grounds, event.content, house.leader))
    assert not [finding for finding in found if finding.is_blocking]


def test_reporting_as_recorded_continues_a_chain(house, october):
    actions.send_back(house.submit("0101", house.leader), by=house.east, note="请改")
    with clock("2026-11-04 10:00"):
        assert actions.submit_as_recorded(october, by=house.leader, states=STATES, statement=STATEMENT) == 1
    assert [s.number for s in house.paper("0101").submissions.all()] == [1, 2]
    assert queries.altered_submissions() == []


def test_reporting_as_recorded_leaves_what_the_gates_block(house):
    with clock("2026-10-03 10:00"):
        house.open("2026-09")
        house.submit("0101", house.leader, "2026-09")
    october = house.open("2026-10")
    from datetime import date

    house.routed(
        Someone("county", name="某丙", is_party_member=True), received_on=date(2026, 9, 20)
    )  # after September was reported
    assert actions.submit_as_recorded(october, by=house.leader, states=STATES, statement=STATEMENT) == 0
    assert house.paper("0101").state == "open"


def test_reporting_as_recorded_late_needs_an_explanation(house, october):
    with clock("2026-11-06 09:00"):
        assert actions.submit_as_recorded(october, by=house.leader, states=STATES, statement=STATEMENT) == 0
        done = actions.submit_as_recorded(
            october, by=house.leader, states=STATES, statement=STATEMENT, explanation="停电"
        )
    assert done == 1
    assert house.paper("0101").explanations == {"late": "停电"}


def test_reporting_as_recorded_answers_all_disciplines_or_nothing(house, october):
    with pytest.raises(Blocked):
        actions.submit_as_recorded(october, by=house.leader, states={"state.D1": "enforced"}, statement=STATEMENT)


# Drafts


def test_two_clerks_at_once_are_told_who_saved(house, october):
    record = house.paper("0101")
    assert (
        actions.save_draft(record, by=house.contact, content={"cells": {"open": "1"}}, editor="甲页", revision=0) == 1
    )
    assert (
        actions.save_draft(record, by=house.contact, content={"cells": {"open": "2"}}, editor="甲页", revision=0) == 2
    )
    with pytest.raises(Conflict, match="甲联络在 10:00:00 保存了这份月报"):
        actions.save_draft(record, by=house.second_contact, content={"cells": {}}, editor="乙页", revision=0)
    assert record.draft.content["cells"] == {"open": "2"}
    assert actions.save_draft(record, by=house.second_contact, content={"cells": {}}, editor="乙页", revision=2) == 3


def test_only_the_units_own_people_type(house, october):
    with pytest.raises(Refused):
        actions.save_draft(house.paper("0101"), by=house.east, content={}, editor="a", revision=0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
