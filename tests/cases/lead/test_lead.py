"""A lead's way: pool, handler, opinion, decision, work, end; who must keep out neither sees nor counts it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.inquiry import actions as inquiries
from yuanqing.cases.inquiry.models import Inquiry
from yuanqing.cases.lead import actions, queries, rules, tasks
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.rules import escalation_is_due
from yuanqing.cases.verification import actions as checks
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.org.recusal import actions as recusals
from yuanqing.shell.inbox.models import Message


def today() -> date:
    return timezone.localdate()


PRIORITIES = [
    # named, source, elements, days left → points, by the table in rules
    (True, "inspection", 7, -1, 96),
    (False, "petition", 0, 30, 10),
    (True, "petition", 5, 3, 52),
    (False, "audit", 3, 10, 39),
    (False, "assigned", 3, 10, 49),
]


@pytest.mark.parametrize(("named", "source", "elements", "left", "points"), PRIORITIES)
def test_priority_by_hand(named: bool, source: str, elements: int, left: int, points: int) -> None:
    assert rules.priority(is_named=named, source=source, elements=elements, days_left=left) == points


@pytest.mark.parametrize(
    ("due", "last", "on", "is_due"),
    [
        (date(2026, 11, 5), None, date(2026, 11, 5), False),
        (date(2026, 11, 5), None, date(2026, 11, 6), True),
        (date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 12), False),
        (date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 13), True),
        (date(2026, 11, 20), date(2026, 11, 6), date(2026, 11, 21), True),  # a later clock begins anew
    ],
)
def test_when_a_late_lead_goes_up(due: date, last: date | None, on: date, is_due: bool) -> None:
    assert escalation_is_due(due, last, on) is is_due


# The pool


def test_it_enters_the_pool_with_number_owner_and_clock(bureau: Any) -> None:
    lead = bureau.lead()
    assert lead.number.startswith(f"XS{today().year}-")
    assert (lead.state, lead.owner, lead.due) == ("pooled", bureau.accounts["manager"], "lead.distribute")
    assert queries.opened(lead, bureau.unlocked("chief"))[0].text == "账外设立小金库"
    with pytest.raises(Unopenable):
        queries.opened(lead, bureau.unlocked("handler"))
    entry = Entry.objects.get(record_id=lead.pk)
    assert "小金库" not in entry.note


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": "nonsense"}, "source"),
        ({"category": ""}, "category"),
        ({"level": "level_head"}, "level"),
        ({"received_on": date(2999, 1, 1)}, "received_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(bureau: Any, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        bureau.lead(**changes)
    assert field in told.value.message_dict
    assert Lead.objects.count() == 0


def test_who_has_no_role_registers_nothing(bureau: Any) -> None:
    with pytest.raises(Refused):
        bureau.lead(by="staff")


# Who keeps out


@pytest.mark.parametrize("name", ["boss", "clerk", "manager2"])
def test_the_reported_leader_and_his_people_never_see_it(bureau: Any, name: str) -> None:
    lead, account = bureau.lead("boss"), bureau.by(name)
    assert not Lead.objects.visible_to(account).exists()
    assert set(queries.waiting(account).values()) == {0}
    assert bureau.client(name).get(lead.get_absolute_url()).status_code == 404
    page = bureau.client(name).get("/cases/lead/").content.decode()
    assert lead.number not in page
    assert bureau.client(name).get("/api/cases/lead/").json()["count"] == 0
    with pytest.raises(Unopenable):
        queries.opened(lead, bureau.unlocked(name))
    assert str(account.pk) not in json.dumps(lead.barred)


def test_a_subordinate_is_not_given_it(bureau: Any) -> None:
    lead = bureau.lead("boss")
    secret = bureau.secret("manager", lead)
    with pytest.raises(ValidationError, match="回避"):
        actions.assign(
            lead, by=bureau.by("manager"), handler=bureau.by("clerk"), holder=bureau.holders["clerk"], secret=secret
        )
    assert bureau.fresh(lead).state == "pooled"


def test_whoever_is_recused_from_the_person_keeps_out(bureau: Any) -> None:
    recusals.declare(by=bureau.by("handler"), ground="relative", reason="表亲", subject=bureau.people["staff"])
    lead = bureau.lead("staff")
    with pytest.raises(ValidationError, match="回避"):
        bureau.assigned(lead)


def test_nobody_registers_what_concerns_himself(bureau: Any) -> None:
    with pytest.raises(Refused, match="本人"):
        bureau.lead("manager")


def test_without_anybody_to_decide_it_goes_up(bureau: Any) -> None:
    for name in ("chief", "chief2"):
        recusals.declare(by=bureau.by(name), ground="interest", reason="利害关系", subject=bureau.people["boss"])
    with pytest.raises(ValidationError, match="报上级"):
        bureau.lead("boss")


def test_who_is_found_out_later_is_shut_out(bureau: Any) -> None:
    lead = bureau.lead()
    assert Lead.objects.visible_to(bureau.by("boss")).exists()
    actions.bar(lead, by=bureau.by("manager"), person=bureau.people["boss"], secret=bureau.secret("manager", lead))
    lead = bureau.fresh(lead)
    assert not Lead.objects.visible_to(bureau.by("boss")).exists()
    with pytest.raises(Unopenable):
        queries.opened(lead, bureau.unlocked("boss"))
    assert queries.opened(lead, bureau.unlocked("chief"))[0].is_readable
    with pytest.raises(Refused):
        decisions.deny(lead, by=bureau.by("boss"), reason="x")


def test_a_handler_who_must_keep_out_is_replaced_first(bureau: Any) -> None:
    lead = bureau.confirmed()
    secret = bureau.secret("manager", lead)
    with pytest.raises(ValidationError, match="改由别人承办"):
        actions.bar(lead, by=bureau.by("manager"), person=bureau.people["handler"], secret=secret)


# The handler


def test_a_named_handler_confirms_and_the_month_runs(bureau: Any) -> None:
    lead = bureau.assigned(bureau.lead())
    assert (lead.state, lead.owner, lead.due) == ("assigned", bureau.accounts["handler"], "lead.confirm")
    assert Message.objects.filter(account=bureau.accounts["handler"], kind="lead").count() == 1
    with pytest.raises(Refused, match="打不开"):
        actions.confirm(lead, by=bureau.by("member"))
    actions.confirm(lead, by=bureau.by("handler"))
    assert (lead.state, lead.due) == ("screening", "lead.opinion")
    assert lead.due_on == queries.due("lead.opinion", today())


def test_handing_back_needs_a_reason_and_returns_to_the_manager(bureau: Any) -> None:
    lead = bureau.assigned(bureau.lead())
    with pytest.raises(ValidationError):
        actions.hand_back(lead, by=bureau.by("handler"), reason=" ")
    lead = bureau.fresh(lead)
    actions.hand_back(lead, by=bureau.by("handler"), reason="与被反映人同乡，申请回避")
    assert (lead.state, lead.owner, lead.handler) == ("pooled", bureau.accounts["manager"], None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": "file"}, "method"),
        ({"studied_by": 1}, "studied_by"),
        ({"studied_on": date(2020, 1, 1)}, "studied_on"),
        ({"method": "close"}, "ground"),
        ({"method": "shelve", "ground": "not_ripe"}, "restart_when"),
        ({"method": "shelve", "ground": "not_ripe", "restart_when": "审计结束"}, "restart_on"),
        ({"method": "shelve", "ground": "not_ripe", "restart_when": "x", "restart_on": date(2999, 1, 1)}, "restart_on"),
        ({"drafts": []}, "study"),
    ],
)
def test_an_opinion_is_whole_or_refused(bureau: Any, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        bureau.screened(**changes)
    assert field in told.value.message_dict
    assert Lead.objects.get().state == "screening"


# Decisions


def test_only_what_was_proposed_can_be_approved_and_by_another(bureau: Any) -> None:
    lead = bureau.screened("verify")
    with pytest.raises(Refused, match="不是这一种"):
        decisions.inquire(lead, by=bureau.by("chief"), reason="同意")
    with pytest.raises(Refused):
        decisions.verify(lead, by=bureau.by("handler"), reason="同意")
    decisions.verify(lead, by=bureau.by("chief"), reason="同意")
    assert (lead.state, lead.due, lead.disposed_on) == ("verifying", "check.report", today())


def test_a_chief_who_handles_it_does_not_decide_it(bureau: Any) -> None:
    lead = bureau.screened("verify")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_lead SET proposed_by_id = %s WHERE id = %s", [bureau.accounts["chief"].pk, lead.pk]
        )
    with pytest.raises(Refused, match="另一人"):
        decisions.verify(lead, by=bureau.by("chief"), reason="同意")


def test_a_check_of_a_mid_level_leader_needs_the_secretary(bureau: Any) -> None:
    lead = bureau.screened("verify", bureau.lead(level="level_middle"))
    with pytest.raises(ValidationError) as told:
        decisions.verify(lead, by=bureau.by("chief"), reason="同意")
    assert "secretary_on" in told.value.message_dict
    decisions.verify(bureau.fresh(lead), by=bureau.by("chief"), reason="同意", secretary_on=today())
    assert bureau.fresh(lead).secretary_on == today()


def test_sent_back_it_is_studied_anew_within_the_same_month(bureau: Any) -> None:
    lead = bureau.screened("close", ground="empty")
    decisions.send_back(lead, by=bureau.by("chief"), reason="账目可查，不能了结")
    assert (lead.state, lead.proposal, lead.due) == ("screening", "", "lead.opinion")


def test_closing_leaves_a_reason_a_second_person_and_an_easing(bureau: Any) -> None:
    lead = bureau.closed()
    assert (lead.state, lead.outcome, lead.due_on, lead.ended_on) == ("closed", "direct", None, today())
    row = Easing.objects.get(lead=lead)
    assert (row.kind, row.ground, row.state) == ("easing_close", "empty", "granted")
    assert (row.asked_by, row.decided_by) == (bureau.accounts["handler"], bureau.accounts["chief"])
    decisions.reopen(lead, by=bureau.by("chief"), reason="盲评认为应当核实")
    assert (lead.state, lead.owner, lead.outcome) == ("screening", bureau.accounts["handler"], "")


def test_held_over_until_a_day_and_taken_up_again(bureau: Any) -> None:
    on = today() + timedelta(days=60)
    lead = bureau.screened("shelve", ground="not_ripe", restart_when="审计结束", restart_on=on)
    assert lead.due == "lead.opinion"  # what is proposed moves no clock
    decisions.shelve(lead, by=bureau.by("chief"), reason="同意暂存")
    assert (lead.state, lead.due, lead.due_on) == ("held", "lead.hold", on)
    actions.restart(lead, by=bureau.by("handler"), reason="审计已结束")
    assert (lead.state, lead.due) == ("screening", "lead.opinion")


# Inquiry


def test_a_letter_its_reply_and_the_report(bureau: Any) -> None:
    lead = bureau.inquiring()
    assert lead.due == "inquiry.ask"
    with pytest.raises(ValidationError, match="两人"):
        inquiries.ask(
            lead, by=bureau.by("handler"), mode="talk", on=today(), people=1, drafts=bureau.papers(lead, "safety")
        )
    lead = bureau.fresh(lead)
    inquiries.ask(lead, by=bureau.by("handler"), mode="letter", on=today(), drafts=bureau.papers(lead, "letter"))
    assert (lead.due, lead.due_on) == ("inquiry.reply", queries.due("inquiry.reply", today()))
    with pytest.raises(Refused, match="没有登记答复"):
        inquiries.ask(lead, by=bureau.by("handler"), mode="letter", on=today(), drafts=bureau.papers(lead, "letter"))
    lead = bureau.fresh(lead)
    with pytest.raises(ValidationError, match="背书"):
        inquiries.answer(lead, by=bureau.by("handler"), on=today(), drafts=bureau.papers(lead, "reply"))
    lead = bureau.fresh(lead)
    with pytest.raises(Refused, match="登记答复"):
        inquiries.report_inquiry(
            lead,
            by=bureau.by("handler"),
            proposal="inquiry_close",
            ground="explained",
            drafts=bureau.papers(lead, "situation"),
        )
    lead = bureau.fresh(lead)
    inquiries.answer(lead, by=bureau.by("handler"), on=today(), is_endorsed=True, drafts=bureau.papers(lead, "reply"))
    assert lead.due == "inquiry.report"
    inquiries.report_inquiry(
        lead,
        by=bureau.by("handler"),
        proposal="inquiry_close",
        ground="explained",
        drafts=bureau.papers(lead, "situation"),
    )
    decisions.close(lead, by=bureau.by("chief"), reason="予以采信")
    assert lead.outcome == "credited"
    kinds = [one.paper.kind for one in queries.opened(lead, bureau.unlocked("chief"))]
    assert kinds == ["content", "study", "plan", "letter", "reply", "situation"]


def test_an_untrue_reply_is_not_accepted(bureau: Any) -> None:
    lead = bureau.answered()
    with pytest.raises(ValidationError, match="以外的人"):
        inquiries.check_reply(lead, by=bureau.by("handler"), is_true=False, drafts=bureau.papers(lead, "reply_check"))
    lead = bureau.fresh(lead)
    with pytest.raises(Refused, match="打不开"):
        inquiries.check_reply(lead, by=bureau.by("member"), is_true=False, drafts=bureau.papers(lead, "reply_check"))
    from yuanqing.kernel.sealing import actions as sealing

    sealing.admit(
        lead.key, by=bureau.by("manager"), secret=bureau.secret("manager", lead), holder=bureau.holders["member"]
    )
    inquiries.check_reply(lead, by=bureau.by("member"), is_true=False, drafts=bureau.papers(lead, "reply_check"))
    assert Inquiry.objects.get().is_true is False
    with pytest.raises(ValidationError, match="不能采信"):
        inquiries.report_inquiry(
            lead,
            by=bureau.by("handler"),
            proposal="inquiry_close",
            ground="explained",
            drafts=bureau.papers(lead, "situation"),
        )
    lead = bureau.fresh(lead)
    inquiries.report_inquiry(
        lead, by=bureau.by("handler"), proposal="inquiry_verify", drafts=bureau.papers(lead, "situation")
    )
    decisions.verify(lead, by=bureau.by("chief"), reason="转初核")
    assert lead.state == "verifying"


# Check


def test_the_report_is_signed_by_every_member(bureau: Any) -> None:
    lead = bureau.verifying()
    with pytest.raises(Refused, match="至少"):
        checks.write_report(lead, by=bureau.by("handler"), drafts=bureau.papers(lead, "check_report"))
    lead = bureau.fresh(lead)
    for name in ("handler", "member"):
        checks.join(
            lead,
            by=bureau.by("handler"),
            member=bureau.by(name),
            holder=bureau.holders[name],
            secret=bureau.secret("handler", lead),
        )
    checks.write_report(lead, by=bureau.by("handler"), drafts=bureau.papers(lead, "check_report"))
    checks.sign(lead, by=bureau.by("handler"))
    with pytest.raises(Refused, match="member"):
        checks.report_check(lead, by=bureau.by("handler"), proposal="check_file")
    lead = bureau.fresh(lead)
    checks.sign(lead, by=bureau.by("member"))
    checks.write_report(lead, by=bureau.by("handler"), drafts=bureau.papers(lead, "check_report"))
    with pytest.raises(Refused, match="签署"):  # a new wording lapses the signatures
        checks.report_check(lead, by=bureau.by("handler"), proposal="check_file")


@pytest.mark.parametrize(
    ("proposal", "more", "step", "state", "outcome"),
    [
        ("check_file", {}, "file", "filed", "filed"),
        ("check_close", {"ground": "not_true"}, "close", "closed", "unfounded"),
        ("check_remind", {"ground": "slight", "measure": "criticism"}, "remind", "closed", "reminded"),
        (
            "check_shelve",
            {"ground": "not_ripe", "restart_when": "当事人回国", "restart_on": None},
            "shelve",
            "held",
            "",
        ),
        ("check_pass_on", {"ground": "not_ours", "passed_to": "某局党组"}, "pass_on", "passed_on", "passed_on"),
    ],
)
def test_the_five_proposals(
    bureau: Any, proposal: str, more: dict[str, Any], step: str, state: str, outcome: str
) -> None:
    if "restart_on" in more:
        more = {**more, "restart_on": today() + timedelta(days=30)}
    lead = bureau.verified(proposal, **more)
    assert (lead.state, lead.due) == ("verified", "lead.approval")
    getattr(decisions, step)(lead, by=bureau.by("chief"), reason="同意")
    assert (lead.state, lead.outcome) == (state, outcome)


def test_a_reminder_says_which_measure(bureau: Any) -> None:
    with pytest.raises(ValidationError, match="措施"):
        bureau.verified("check_remind", ground="slight")


def test_a_member_with_an_interest_does_not_join(bureau: Any) -> None:
    lead = bureau.verifying(bureau.lead("boss"))
    secret = bureau.secret("handler", lead)
    with pytest.raises(ValidationError, match="回避"):
        checks.join(
            lead, by=bureau.by("handler"), member=bureau.by("clerk"), holder=bureau.holders["clerk"], secret=secret
        )


# The guard


def asked(bureau: Any, lead: Lead, kind: str, ground: str = "complex", **more: Any) -> Lead:
    owner = "handler" if lead.handler_id else "manager"
    drafts = bureau.papers(lead, "easing_reason")
    decisions.request(lead, by=bureau.by(owner), kind=kind, ground=ground, drafts=drafts, **more)
    return lead


def test_a_delay_is_asked_for_by_one_and_granted_by_another(bureau: Any) -> None:
    lead = bureau.confirmed()
    before = lead.due_on
    asked(bureau, lead, "easing_delay", until=before + timedelta(days=10))
    assert lead.due_on == before
    with pytest.raises(Refused, match="等待审批"):
        asked(bureau, lead, "easing_delay", until=before + timedelta(days=12))
    with pytest.raises(Refused, match="没有等待审批的这项申请"):
        decisions.merge(lead, by=bureau.by("chief"), reason="同意")
    with pytest.raises(ValidationError):
        decisions.delay(lead, by=bureau.by("chief"), reason=" ")
    lead = bureau.fresh(lead)
    decisions.delay(lead, by=bureau.by("chief"), reason="同意")
    assert lead.due_on == before + timedelta(days=10)


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("easing_delay", {"until": date(2020, 1, 1)}, "until"),
        ("easing_delay", {"until": date(2999, 1, 1)}, "until"),
        ("easing_merge", {}, "into"),
        ("easing_lower", {"level": "level_group"}, "level"),
        ("easing_send_up", {"passed_to": " "}, "passed_to"),
        ("easing_close", {}, "kind"),
        ("easing_delay", {"ground": "because", "until": None}, "ground"),
    ],
)
def test_a_request_that_cannot_be(bureau: Any, kind: str, more: dict[str, Any], field: str) -> None:
    lead = bureau.lead()
    with pytest.raises(ValidationError) as told:
        asked(bureau, lead, kind, **more)
    assert field in told.value.message_dict
    assert Easing.objects.count() == 0


def test_merging_keeps_the_number_and_names_the_other(bureau: Any) -> None:
    first, second = bureau.lead(), bureau.lead()
    asked(bureau, second, "easing_merge", "same_matter", into=first)
    decisions.merge(second, by=bureau.by("chief"), reason="同一问题")
    assert (second.state, second.into, second.outcome) == ("merged", first, "merged")


def test_a_lowered_level_and_a_denied_request(bureau: Any) -> None:
    lead = bureau.lead(level="level_middle")
    asked(bureau, lead, "easing_lower", "wrong_entry", level="level_staff")
    decisions.deny(lead, by=bureau.by("chief"), reason="任职文件写明是中层")
    assert lead.level == "level_middle"
    asked(bureau, lead, "easing_lower", "wrong_entry", level="level_staff")
    decisions.lower(lead, by=bureau.by("chief"), reason="核对后同意")
    assert lead.level == "level_staff"
    assert sorted(Easing.objects.values_list("state", flat=True)) == ["denied", "granted"]


def test_a_pending_request_is_answered_before_the_end(bureau: Any) -> None:
    lead = bureau.screened("close", ground="empty")
    asked(bureau, lead, "easing_delay", until=lead.due_on + timedelta(days=5))
    with pytest.raises(ValidationError, match="等待审批"):
        decisions.close(lead, by=bureau.by("chief"), reason="空泛")


@pytest.mark.parametrize(
    "wrong",
    [
        "due_on = NULL",
        "owner_id = NULL",
        "handler_id = NULL",
        "state = 'closed'",
        "state = 'merged'",
        "state = 'held'",
    ],
)
def test_the_database_keeps_the_rule_too(bureau: Any, wrong: str) -> None:
    lead = bureau.confirmed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_lead SET {wrong} WHERE id = %s", [lead.pk])


# Overdue


def test_overdue_leads_come_before_those_above(bureau: Any) -> None:
    lead = bureau.confirmed()
    with pytest.raises(Refused):
        actions.escalate(lead, by=bureau.by("manager"))
    with pytest.raises(ValidationError):
        actions.escalate(bureau.fresh(lead), by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_lead SET due_on = %s WHERE id = %s", [today() - timedelta(days=1), lead.pk])
    assert tasks.escalate_overdue() == "1 escalated"
    assert tasks.escalate_overdue() == "0 escalated"
    lead = bureau.fresh(lead)
    assert (lead.escalations, lead.escalated_on) == (1, today())
    told = set(Message.objects.filter(key__contains=".late.").values_list("account__username", flat=True))
    assert told == {"manager", "manager2"}
    assert not any("小金库" in m.title + m.body for m in Message.objects.all())


def test_a_late_step_is_told_who_was_first(bureau: Any) -> None:
    lead = bureau.closed()
    with pytest.raises(Conflict, match="chief"):
        decisions.close(lead, by=bureau.by("chief2"), reason="再了结一次")
