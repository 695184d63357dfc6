"""Sittings of the body: who is called, who keeps out, quorum and votes by hand, what a resolution opens and sends back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from docx import Document
from tests.cases.body import called, opened, papers, resolved, sat, spoken
from tests.cases.bureau import BEGAN, Bureau, bureau
from tests.cases.case.test_case import Court
from tests.cases.typist import typed_for_long
from tests.stages import stage

from yuanqing.cases.case.models import Case
from yuanqing.cases.disposal import actions as disposals
from yuanqing.cases.lead import rules as questions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import may_convene
from yuanqing.cases.lead.queries import opened as opened_papers
from yuanqing.cases.lead.rules import PURPOSES
from yuanqing.cases.sitting import actions, queries, rules
from yuanqing.cases.sitting.models import Attendee, Sitting
from yuanqing.cases.trial import actions as trials
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused, refusal
from yuanqing.kernel.database import scope
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import passphrase
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import scope_of
from yuanqing.org.recusal import actions as recusals
from yuanqing.shell.inbox.models import Message

WORDS = "a passphrase of the tests"

ENOUGH = [  # by hand: more than half; two thirds or more
    ("majority", 1, 1, True), ("majority", 1, 2, False), ("majority", 2, 3, True), ("majority", 2, 4, False),
    ("majority", 3, 4, True), ("majority", 3, 5, True), ("majority", 0, 0, False), ("two_thirds", 2, 3, True),
    ("two_thirds", 1, 2, False), ("two_thirds", 3, 5, False), ("two_thirds", 4, 6, True), ("two_thirds", 4, 7, False),
    ("two_thirds", 5, 7, True), ("two_thirds", 0, 0, False),
]  # fmt: skip


@pytest.mark.parametrize(("share", "number", "of", "is_enough"), ENOUGH)
def test_when_enough_are_there(share: str, number: int, of: int, is_enough: bool) -> None:
    assert rules.enough(share, number, of) is is_enough


@pytest.mark.parametrize(
    ("outcome", "favour", "of", "does"),
    [("agreed", 2, 3, True), ("agreed", 1, 3, False), ("against", 1, 3, True), ("against", 2, 3, False),
     ("agreed", 2, 4, False), ("against", 2, 4, True), ("put_off", 4, 4, True), ("put_off", 0, 4, True)],
)  # fmt: skip
def test_what_the_votes_bear(outcome: str, favour: int, of: int, does: bool) -> None:
    assert rules.fits(outcome, "majority", favour, of) is does


def test_who_withdrew_is_due_only_where_the_pack_says_so() -> None:
    assert (rules.due(5, 2, False), rules.due(5, 2, True)) == (3, 5)


def test_the_pack_names_steps_and_shares_that_there_are() -> None:
    for entry in shipped("sittings").table("purpose"):
        said = entry.data["values"]
        assert {said["quorum"], said["pass"]} <= {"majority", "two_thirds"}
        assert set(filter(None, said.get("before", "").split(","))) <= set(PURPOSES[entry.code].steps)
    assert {e.code for e in shipped("sittings").table("purpose")} == set(PURPOSES)


@pytest.mark.parametrize(
    ("of", "state", "proposal", "what"),
    [("lead", "proposed", "close", "disposal"), ("lead", "verified", "file", "filing"), ("lead", "verified", "close", ""),
     ("lead", "inquired", "close", ""), ("case", "tried", "sanction", "sanction"), ("case", "proposed", "", ""), ("lead", "tried", "", "")],
)  # fmt: skip
def test_what_a_body_can_sit_on(of: str, state: str, proposal: str, what: str) -> None:
    assert questions.purpose(of, state, proposal) == what


# A body of four: two heads, and two members who decide nothing by themselves


def furnish(bureau: Bureau) -> Bureau:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "MEMORY_KIB", 64)
        patch.setattr(passphrase, "PASSES", 1)
        for name in ("seat", "seat2"):
            made = accounts.open_account(by=SYSTEM, username=name, display_name=name, password=WORDS)
            words: dict[str, Any] = {"unit": bureau.units["H"], "starts_on": BEGAN, "reason": "测试"}
            accounts.grant(by=SYSTEM, account=made, role="body_member", **words)
            bureau.accounts[name] = Account.objects.get(pk=made.pk)
            if name == "seat":  # the other has not enrolled
                fresh = sealing.new_enrolment(WORDS)
                bureau.holders[name] = sealing.enrol(by=SYSTEM, account_id=made.pk, name=name, fresh=fresh)
                bureau.identities[name] = fresh.secret
    return bureau


chamber: Any = stage(furnish, after=bureau)


def tried(bureau: Bureau, *about: str) -> Case:
    court = Court(bureau)
    return court.fresh(court.tried(*about))


def convened(bureau: Bureau, *about: str) -> Sitting:
    case = tried(bureau, *about)
    return called(bureau.by, case, bureau.secret("manager", case))


def roll(sitting: Sitting) -> dict[str, tuple[str, str]]:
    return {row.account.username: (row.part, row.ground) for row in sitting.attendees.select_related("account")}


def fresh(case: Case) -> Case:
    found: Case = Case.objects.select_related("key", "unit", "lead").get(pk=case.pk)
    return found


def decide(bureau: Bureau, case: Case, outcome: str = "sanction") -> None:
    words: dict[str, Any] = {"outcome": outcome, "document": "纪〔2026〕1号", "on": timezone.localdate()}
    trials.decide(fresh(case), by=bureau.by("chief"), drafts=Court(bureau).papers(case, "decision"), **words)


def test_a_sanction_waits_for_the_body(chamber: Bureau) -> None:
    case = tried(chamber)
    assert "还没有经过集体审议" in refusal("decide", case, by=chamber.by("chief"))
    with pytest.raises(Refused, match="还没有经过集体审议"):
        decide(chamber, case)
    sitting = called(chamber.by, case, chamber.secret("manager", case))
    assert roll(sitting) == {
        "boss": ("called", ""), "chief": ("called", ""), "chief2": ("called", ""), "seat": ("called", ""),
        "seat2": ("absent", "no_key"),
    }  # fmt: skip
    told = Message.objects.filter(kind="sitting").values_list("account__username", flat=True)
    assert set(told) == {"boss", "chief", "chief2", "seat"}
    assert opened_papers(sitting, chamber.unlocked("seat"))[0].text == "事实清楚，拟按所提意见办理。"
    with pytest.raises(Unopenable):
        opened_papers(sitting, chamber.unlocked("judge"))
    assert not Case.objects.visible_to(chamber.by("seat")).exists(), "a member sees what is put to him, and no more"
    opened(chamber.by, sitting, ["chief", "chief2", "seat", "boss"])
    spoken(chamber.by, sitting, {"chief": "for", "chief2": "for", "seat": "against", "boss": "for"})
    resolved(chamber.by, sitting)
    assert (sitting.members, sitting.due, sitting.present) == (5, 5, 4)
    assert (sitting.favour, sitting.opposed, sitting.abstained) == (3, 1, 0)
    for name in ("chief", "seat", "boss"):
        actions.sign(sitting, by=chamber.by(name))
        with pytest.raises(Refused, match="还没有结束"):
            decide(chamber, case)
    actions.sign(sitting, by=chamber.by("chief2"), drafts=papers(sitting, "remark"))
    sitting.refresh_from_db()
    assert (sitting.state, sitting.concluded_on) == ("concluded", timezone.localdate())
    with pytest.raises(ValidationError, match="应当与决议一致"):
        decide(chamber, case, "exempted")
    assert fresh(case).state == "tried"
    decide(chamber, case)
    sitting.refresh_from_db()
    assert (fresh(case).state, sitting.state) == ("decided", "concluded")


def test_a_resolution_against_sends_the_case_back(chamber: Bureau) -> None:
    case = tried(chamber)
    votes = {"chief": "against", "chief2": "abstain", "seat": "for", "boss": "against"}
    sitting = sat(chamber.by, case, chamber.secret("manager", case), votes, outcome="against")
    assert (sitting.state, sitting.outcome, sitting.decision) == ("concluded", "against", "")
    case = fresh(case)
    assert (case.state, case.returns, case.proposal) == ("investigating", 1, "")


def test_what_was_agreed_does_not_outlive_the_way_back(chamber: Bureau) -> None:
    case, votes = tried(chamber), dict.fromkeys(("chief", "chief2", "seat", "boss"), "for")
    sat(chamber.by, case, chamber.secret("manager", case), votes)
    trials.reinvestigate(fresh(case), by=chamber.by("chief"), reason="新发现的事实")
    assert Sitting.objects.get().state == "lapsed"
    assert queries.agreed(case, "sanction") is None


def test_a_matter_put_off_is_sat_on_again(chamber: Bureau) -> None:
    case, votes = tried(chamber), {"chief": "for", "chief2": "for", "seat": "for", "boss": "for"}
    sat(chamber.by, case, chamber.secret("manager", case), votes, outcome="put_off")
    with pytest.raises(Refused, match="没有同意"):
        decide(chamber, case)
    sitting = called(chamber.by, fresh(case), chamber.secret("manager", case))
    with pytest.raises(Conflict, match="还没有结束"):
        called(chamber.by, fresh(case), chamber.secret("manager", case))
    actions.call_off(sitting, by=chamber.by("manager"), reason="成员出差")
    sat(chamber.by, fresh(case), chamber.secret("manager", case), votes)
    with pytest.raises(ValidationError, match="已经审议同意"):
        called(chamber.by, fresh(case), chamber.secret("manager", case))
    decide(chamber, case)


def test_who_must_keep_out_is_not_called(chamber: Bureau) -> None:
    sitting = convened(chamber, "boss")
    assert roll(sitting)["boss"] == ("withdrew", "kept_out")
    assert not Sitting.objects.visible_to(chamber.by("boss")).exists()
    assert not Message.objects.filter(kind="sitting", account__username="boss").exists()
    assert queries.should_be_there(sitting) == 4


def test_a_recusal_of_yesterday_counts_today(chamber: Bureau) -> None:
    case = tried(chamber, "staff")
    recusals.declare(by=chamber.by("chief2"), ground="relative", reason="亲属", subject=chamber.people["staff"])
    sitting = called(chamber.by, case, chamber.secret("manager", case))
    assert roll(sitting)["chief2"] == ("withdrew", "kept_out")


def test_who_withdraws_is_shut_out_of_sitting_and_case(chamber: Bureau) -> None:
    case = tried(chamber)
    manager = chamber.by("manager")
    sitting = opened(
        chamber.by, called(chamber.by, case, chamber.secret("manager", case)), ["chief", "chief2", "seat", "boss"]
    )
    spoken(chamber.by, sitting, {"chief2": "for"})
    words: dict[str, Any] = {
        "secret": chamber.secret("manager", sitting),
        "matter_secret": chamber.secret("manager", case),
    }
    member = str(chamber.by("chief2").pk)
    for bad, field in (({"ground": "shy"}, "ground"), ({"member": str(manager.pk)}, "member")):
        with pytest.raises(ValidationError) as told:
            actions.withdraw(sitting, by=manager, **{"member": member, "ground": "interest", **words, **bad})
        assert field in told.value.message_dict
        sitting.refresh_from_db()
    actions.withdraw(sitting, by=manager, member=member, ground="interest", **words)
    assert roll(sitting)["chief2"] == ("withdrew", "interest")
    assert Attendee.objects.get(sitting=sitting, account=member).vote == ""
    for model in (Sitting, Case):
        assert not model.objects.visible_to(chamber.by("chief2")).exists()
        assert model.objects.visible_to(chamber.by("chief")).exists()
    with pytest.raises(Refused):
        actions.speak(sitting, by=chamber.by("chief2"), vote="for", drafts=papers(sitting, "words"))
    spoken(chamber.by, sitting, {"chief": "for", "seat": "for", "boss": "for"})
    resolved(chamber.by, sitting)
    assert (sitting.due, sitting.present, sitting.favour) == (4, 3, 3)


def test_too_few_cannot_sit(chamber: Bureau) -> None:
    sitting = convened(chamber)  # five members: four are two thirds or more, three are not
    for present in (["chief"], ["chief", "chief2", "seat"]):
        with pytest.raises(ValidationError, match="三分之二以上"):
            opened(chamber.by, sitting, present)
        sitting.refresh_from_db()
    with pytest.raises(ValidationError, match="只能选已经通知"):
        opened(chamber.by, sitting, ["chief", "chief2", "boss", "seat2"])
    sitting.refresh_from_db()
    later = timezone.localdate() + timedelta(days=1)
    everybody = [str(chamber.by(name).pk) for name in ("chief", "chief2", "seat", "boss")]
    with pytest.raises(ValidationError) as told:
        actions.attend(sitting, by=chamber.by("manager"), on=later, present=everybody, chair=everybody[0])
    assert "on" in told.value.message_dict
    assert not Sitting.objects.filter(state="sitting").exists()
    assert not Attendee.objects.filter(part="present").exists()


def test_each_speaks_and_signs_for_himself(chamber: Bureau) -> None:
    sitting = opened(chamber.by, convened(chamber), ["chief", "chief2", "seat", "boss"])
    with pytest.raises(Refused, match=r"没有出席|权限|钥匙"):
        actions.speak(sitting, by=chamber.by("judge"), vote="for", drafts=papers(sitting, "words"))
    for bad, field in (({"vote": "maybe"}, "vote"), ({"drafts": []}, "words")):
        with pytest.raises(ValidationError) as told:
            actions.speak(sitting, by=chamber.by("seat"), **{"vote": "for", "drafts": papers(sitting, "words"), **bad})
        assert field in told.value.message_dict
        sitting.refresh_from_db()
    chief2 = str(chamber.by("chief2").pk)
    words = papers(sitting, "words")
    actions.speak(sitting, by=chamber.by("seat"), vote="for", member=chief2, drafts=words)  # counts as his own
    actions.speak(sitting, by=chamber.by("manager"), vote="against", member=chief2, drafts=papers(sitting, "words"))
    votes = dict(sitting.attendees.values_list("account__username", "vote"))
    assert (votes["seat"], votes["chief2"], votes["chief"]) == ("for", "against", "")
    with pytest.raises(ValidationError, match="还有成员没有发表意见：boss、chief"):
        resolved(chamber.by, sitting)
    sitting.refresh_from_db()
    spoken(chamber.by, sitting, {"chief": "for", "boss": "abstain"})
    for outcome, decision, field in (
        ("agreed", "sanction", "outcome"), ("perhaps", "", "outcome"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as told:
            resolved(chamber.by, sitting, outcome, decision)
        assert field in told.value.message_dict, "two of five are not more than half"
        sitting.refresh_from_db()
    with pytest.raises(Refused):
        actions.resolve(
            sitting, by=chamber.by("chief"), outcome="against", drafts=papers(sitting, "resolution", "minutes")
        )
    resolved(chamber.by, sitting, "against", "")
    actions.sign(sitting, by=chamber.by("seat"))
    with pytest.raises(Refused, match="已经签字"):
        actions.sign(sitting, by=chamber.by("seat"))
    with pytest.raises(Refused):
        actions.sign(sitting, by=chamber.by("manager"))


def test_minutes_are_corrected_by_a_later_entry(chamber: Bureau) -> None:
    case = tried(chamber)
    sitting = opened(
        chamber.by, called(chamber.by, case, chamber.secret("manager", case)), ["chief", "chief2", "seat", "boss"]
    )
    votes = ("chief", "chief2", "seat", "boss")
    resolved(chamber.by, spoken(chamber.by, sitting, dict.fromkeys(votes, "for")))
    actions.sign(sitting, by=chamber.by("seat"))
    with pytest.raises(ValidationError):
        actions.correct(sitting, by=chamber.by("manager"), drafts=[])
    sitting.refresh_from_db()
    actions.correct(sitting, by=chamber.by("manager"), drafts=papers(sitting, "correction"))
    assert not sitting.attendees.filter(signed_on__isnull=False).exists(), "signed anew"
    for name in votes:
        actions.sign(sitting, by=chamber.by(name))
    sitting.refresh_from_db()
    before = list(sitting.papers.values_list("pk", "value_id"))
    actions.correct(sitting, by=chamber.by("manager"), drafts=papers(sitting, "correction"))
    assert (sitting.state, sitting.corrections) == ("concluded", 2)
    assert list(sitting.papers.values_list("pk", "value_id"))[:-1] == before
    assert sitting.attendees.filter(signed_on__isnull=False).count() == 4
    with pytest.raises(Conflict):
        actions.resolve(
            sitting, by=chamber.by("manager"), outcome="against", drafts=papers(sitting, "resolution", "minutes")
        )


def waiting_for(bureau: Bureau, signed: Sequence[str], days: int, correction: int | None = None) -> Sitting:
    """Four were there; some have signed; minutes, and perhaps a correction, written so many days ago."""
    sitting = opened(bureau.by, convened(bureau), ["chief", "chief2", "seat", "boss"])
    resolved(bureau.by, spoken(bureau.by, sitting, dict.fromkeys(("chief", "chief2", "seat", "boss"), "for")))
    if correction is not None:
        actions.correct(sitting, by=bureau.by("manager"), drafts=papers(sitting, "correction"))
    for name in signed:
        actions.sign(sitting, by=bureau.by(name))
    with connection.cursor() as cursor:
        for kind, ago in (("minutes", days), ("correction", correction or 0)):
            written = timezone.localdate() - timedelta(days=ago)
            words = [written, sitting.pk, kind]
            cursor.execute("UPDATE cases_minute SET written_on = %s WHERE sitting_id = %s AND kind = %s", words)
    return sitting


CLOSING = [  # who of four has signed, days since the minutes and since a correction, why it cannot be closed yet
    (("chief", "chief2", "seat"), 5, None, ""), (("chief", "chief2", "seat"), 4, None, "先催签"),
    (("chief", "chief2"), 30, None, "超过半数签字以后"), ((), 30, None, "超过半数签字以后"),
    (("chief", "chief2", "seat"), 30, 4, "先催签"), (("chief", "chief2", "seat"), 30, 5, ""),
]  # fmt: skip


@pytest.mark.parametrize(("signed", "days", "correction", "reason"), CLOSING)
def test_when_minutes_may_be_closed_without_a_signature(
    chamber: Bureau, signed: Sequence[str], days: int, correction: int | None, reason: str
) -> None:
    found = refusal("close_minutes", waiting_for(chamber, signed, days, correction), by=chamber.by("manager"))
    assert reason in found
    assert bool(found) is bool(reason)
    late = queries.waiting(chamber.by("manager"))["close"] == 1
    assert late is (reason != "先催签"), "the desk counts days as the act does; too few signatures do not make it wait"


DAYS = [  # written last on, days of patience, first day on which it may be closed: by hand
    ("2026-11-05", 5, "2026-11-10"), ("2026-02-26", 5, "2026-03-03"), ("2028-02-26", 5, "2028-03-02"),
    ("2026-12-31", 1, "2027-01-01"), ("2026-11-05", 0, "2026-11-05"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "patience", "first"), DAYS)
def test_the_desk_and_the_act_count_from_the_same_day(written: str, patience: int, first: str) -> None:
    on = date.fromisoformat(written)
    assert rules.closable_on(on, patience) == date.fromisoformat(first)
    for day in (date.fromisoformat(first) + timedelta(days=passed) for passed in (-1, 0, 1)):
        assert (on <= rules.late_if_written_by(day, patience)) is (day >= rules.closable_on(on, patience))


def test_a_member_who_never_signs_does_not_block_the_conclusion(chamber: Bureau) -> None:
    sitting = waiting_for(chamber, ("chief", "chief2", "boss"), 9)
    manager, seat = chamber.by("manager"), chamber.by("seat")
    for name in ("chief", "seat", "judge"):
        assert refusal("close_minutes", sitting, by=chamber.by(name))
    drafts = papers(sitting, "excuse")
    for bad, field in (
        ({"excuses": {}}, "excuse"), ({"excuses": {str(seat.pk): "lazy"}}, "excuse"), ({"drafts": []}, "excuse"),
        ({"excuses": {str(seat.pk): "ill", str(manager.pk): "ill"}}, "excuse"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as told:
            actions.close_minutes(sitting, by=manager, **{"excuses": {str(seat.pk): "ill"}, "drafts": drafts, **bad})
        assert field in told.value.message_dict
        sitting.refresh_from_db()
    assert sitting.state == "resolved", "never silently"
    actions.close_minutes(sitting, by=manager, excuses={str(seat.pk): "refused"}, drafts=papers(sitting, "excuse"))
    row = sitting.attendees.get(account=seat.pk)
    assert (sitting.state, sitting.unsigned, sitting.concluded_on) == ("concluded", 1, timezone.localdate())
    assert (row.excuse, row.signed_on, row.excused.written_by_id) == ("refused", None, manager.pk)
    assert Message.objects.filter(account=seat.pk, title__contains="缺签审结").count() == 1
    decide(chamber, sitting.matter)
    assert fresh(sitting.matter).state == "decided"
    actions.object_to(sitting, by=seat, drafts=papers(sitting, "objection"))
    assert Message.objects.filter(account=manager.pk, title__contains="异议").count() == 1
    actions.sign(sitting, by=seat, drafts=papers(sitting, "remark"))
    row.refresh_from_db()
    sitting.refresh_from_db()
    assert (row.excuse, row.signed_on) == ("refused", timezone.localdate()), "that it came late stays on record"
    assert (sitting.state, sitting.unsigned, sitting.outcome) == ("concluded", 1, "agreed")
    with pytest.raises(Refused, match="已经签字"):
        actions.sign(sitting, by=chamber.by("chief"))
    for name in ("manager", "judge"):
        with pytest.raises(Refused):
            actions.object_to(sitting, by=chamber.by(name), drafts=papers(sitting, "objection"))


def test_minutes_closed_without_a_signature_send_back_what_was_not_agreed(chamber: Bureau) -> None:
    sitting = opened(chamber.by, convened(chamber), ["chief", "chief2", "seat", "boss"])
    votes = {"chief": "against", "chief2": "abstain", "seat": "for", "boss": "against"}
    resolved(chamber.by, spoken(chamber.by, sitting, votes), "against", "")
    for name in ("chief", "chief2", "boss"):
        actions.sign(sitting, by=chamber.by(name))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_minute SET written_on = written_on - 9 WHERE sitting_id = %s", [sitting.pk])
    excuses = {str(chamber.by("seat").pk): "away"}
    actions.close_minutes(sitting, by=chamber.by("manager"), excuses=excuses, drafts=papers(sitting, "excuse"))
    assert fresh(sitting.matter).state == "investigating"


def test_closing_minutes_over_http_and_by_programs(chamber: Bureau) -> None:
    sitting = waiting_for(chamber, ("chief", "chief2", "boss"), 9)
    page, seat = sitting.get_absolute_url(), str(chamber.accounts["seat"].pk)
    manager = chamber.client("manager", unlock=True)
    assert "逾期没有签齐" in manager.get("/").content.decode()
    assert "逾期没有签齐" not in chamber.client("chief").get("/").content.decode()
    asked = manager.get(f"{page}close-minutes/").content.decode()
    assert "seat没有签字的原因" in asked
    assert "chief没有签字的原因" not in asked
    given = {f"excuse_{seat}": "ill", "excuse": "住院，电话同意记录"}
    for bad in ({f"excuse_{seat}": ""}, {"excuse": ""}):
        assert manager.post(f"{page}close-minutes/", {**given, **bad}).status_code == 422
    assert manager.post(f"{page}close-minutes/", given).status_code == 302
    member = chamber.client("seat", unlock=True)
    shown = member.get(page).content.decode()
    for text in ("缺签", "因病", "住院，电话同意记录", "可以补签"):
        assert text in shown, text
    sent = member.post(
        f"/api/cases/sitting/{sitting.pk}/object-to/", {"objection": "量罚偏轻"}, content_type="application/json"
    )
    assert sent.status_code == 200
    assert member.post(f"{page}object-to/", {"objection": ""}).status_code == 422
    assert "量罚偏轻" in manager.get(page).content.decode()
    assert member.post(f"{page}sign/", {"remark": ""}).status_code == 302
    assert "补签" in member.get(page).content.decode()


def printed(client: Any, sitting: Sitting) -> str:
    data = client.get(f"/cases/paperwork/sitting/{sitting.pk}.docx")
    assert data.status_code == 200
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data.content)).paragraphs)


def test_minutes_are_printed_with_everything_that_minutes_say(chamber: Bureau) -> None:
    case = tried(chamber, "staff")
    recusals.declare(by=chamber.by("chief2"), ground="relative", reason="亲属", subject=chamber.people["staff"])
    sitting = called(chamber.by, case, chamber.secret("manager", case))
    everybody = {name: str(chamber.by(name).pk) for name in ("chief", "boss", "seat")}
    address = f"/cases/paperwork/sitting/{sitting.pk}."
    manager = chamber.client("manager", unlock=True)
    assert manager.get(f"{address}docx").status_code == 404, "nothing is resolved yet"
    words: dict[str, Any] = {"by": chamber.by("manager"), "on": timezone.localdate(), "chair": everybody["chief"]}
    actions.attend(sitting, present=list(everybody.values()), began_at=time(9, 30), **words)
    spoken(chamber.by, sitting, {"chief": "for", "boss": "for", "seat": "against"})
    resolved(chamber.by, sitting, "put_off", "")
    for name in ("chief", "boss"):
        actions.sign(sitting, by=chamber.by(name), drafts=papers(sitting, *(["remark"] if name == "boss" else [])))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_minute SET written_on = written_on - 9 WHERE sitting_id = %s", [sitting.pk])
    assert "seat：　　　　　（签名）" in printed(manager, sitting)
    excuses = {everybody["seat"]: "refused"}
    actions.close_minutes(sitting, by=chamber.by("manager"), excuses=excuses, drafts=papers(sitting, "excuse"))
    actions.object_to(sitting, by=chamber.by("seat"), drafts=papers(sitting, "objection"))
    today = timezone.localdate()
    said = printed(manager, sitting)
    for part in (
        "集体审议记录", "纪委常委会会议", f"{today.year}年{today.month}月{today.day}日09:30", "三楼会议室", f"处分决定（{case.number}）",
        "事实清楚，拟按所提意见办理。", "主持人：chief；记录人：manager", "应到4人，到会3人：boss、chief、seat",
        "缺席：seat2（没有启用钥匙）", "回避：chief2（与被反映人有关，应当回避）", "seat：不同意。words的内容", "minutes的内容",
        "同意2票，不同意1票，弃权0票", "决议：暂缓，另行审议", "resolution的内容", "缺签说明（manager", "异议（seat",
        "objection的内容", f"chief：已签字（{today.year}年{today.month}月{today.day}日）", "。remark的内容", "seat：缺签（不同意签字）",
    ):  # fmt: skip
        assert part in said, part
    assert "某" not in said.replace("某分公司", ""), "the matter is known by its number"
    assert manager.get(f"{address}pdf").content.startswith(b"%PDF")
    assert chamber.client("manager").get(f"{address}docx").status_code == 302, "locked"
    assert chamber.client("judge", unlock=True).get(f"{address}docx").status_code == 404
    assert chamber.client("chief2", unlock=True).get(f"{address}docx").status_code == 404, "who withdrew reads nothing"
    assert f"{address}docx" in manager.get(sitting.get_absolute_url()).content.decode()


def test_who_does_not_come_is_absent_for_a_reason(chamber: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "enough", lambda share, number, of: True)
    sitting = convened(chamber)
    present = [str(chamber.by(name).pk) for name in ("chief", "chief2")]
    boss, seat = (str(chamber.by(name).pk) for name in ("boss", "seat"))
    words: dict[str, Any] = {"by": chamber.by("manager"), "on": timezone.localdate(), "present": present}
    for absences, chair in (({}, present[0]), ({boss: "absent_ill"}, present[0]), ({boss: "lazy", seat: "absent_away"}, present[0]),
                            ({boss: "absent_ill", seat: "absent_away"}, boss)):  # fmt: skip
        with pytest.raises(ValidationError) as told:
            actions.attend(sitting, absences=absences, chair=chair, **words)
        assert set(told.value.message_dict) <= {"absences", "chair"}
        sitting.refresh_from_db()
    manager, address = chamber.client("manager"), f"{sitting.get_absolute_url()}attend/"
    given = {"on": timezone.localdate().isoformat(), "present": present, "chair": present[0], "began_at": "14:05"}
    shown = manager.post(address, {**given, f"absent_{boss}": "absent_ill"})
    assert shown.status_code == 422
    assert "没有到会的要写明原因：seat" in shown.content.decode()
    sent = {**given, f"absent_{boss}": "absent_ill", f"absent_{seat}": "absent_leave", f"absent_{present[0]}": ""}
    assert manager.post(address, sent).status_code == 302
    assert roll(sitting)["boss"] == ("absent", "absent_ill")
    assert roll(sitting)["chief"] == ("present", "")
    page = manager.get(sitting.get_absolute_url()).content.decode()
    for text in ("因病", "请假", "14:05"):
        assert text in page, text


def test_programs_close_minutes(chamber: Bureau) -> None:
    sitting = waiting_for(chamber, ("chief", "chief2", "boss"), 9)
    address, seat = f"/api/cases/sitting/{sitting.pk}/close-minutes/", str(chamber.accounts["seat"].pk)
    client = chamber.client("manager")
    for excuses, status in (({}, 422), ({seat: "lazy"}, 422), ({seat: "away"}, 200)):
        sent = {"excuses": excuses, "excuse": "出差"}
        assert client.post(address, sent, content_type="application/json").status_code == status
    members = client.get(f"/api/cases/sitting/{sitting.pk}/members/").json()
    assert sorted(row["excuse"] for row in members) == ["", "", "", "", "away"]
    assert chamber.client("seat").post(address, sent, content_type="application/json").status_code == 409


def test_leads_are_sat_on_where_the_pack_says_so(chamber: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = chamber.screened("verify")
    disposals.verify(lead, by=chamber.by("chief"), reason="同意")  # no condition as shipped
    filed = chamber.verified("check_file")
    monkeypatch.setattr(
        queries.Codes, "value", lambda self, purpose, name: "verify,file" if name == "before" else "majority"
    )
    lead = chamber.screened("verify")
    with pytest.raises(Refused, match="还没有经过集体审议"):
        disposals.verify(lead, by=chamber.by("chief"), reason="同意")
    votes = {"chief": "for", "chief2": "for", "boss": "for"}
    lead = chamber.fresh(lead)
    made = sat(chamber.by, lead, chamber.secret("manager", lead), votes, decision="")
    assert (made.purpose, made.outcome) == ("disposal", "agreed")
    disposals.verify(chamber.fresh(lead), by=chamber.by("chief"), reason="同意")
    lead = chamber.fresh(lead)
    assert not may_convene(lead, chamber.by("manager")), "nothing is to be decided while it is checked"
    assert may_convene(chamber.fresh(filed), chamber.by("manager"))
    assert not may_convene(chamber.fresh(filed), chamber.by("handler"))
    made = sat(
        chamber.by,
        chamber.fresh(filed),
        chamber.secret("manager", filed),
        dict.fromkeys(votes, "against"),
        outcome="against",
    )
    assert (made.purpose, made.state) == ("filing", "concluded")
    assert Lead.objects.get(pk=filed.pk).state == "verifying"


def test_nobody_sits_on_what_is_not_to_be_decided(chamber: Bureau) -> None:
    lead = chamber.confirmed()
    with pytest.raises(ValidationError, match="没有要集体审议"):
        called(chamber.by, lead, chamber.secret("manager", lead))
    proposed = chamber.fresh(chamber.screened("close", ground="empty"))
    sitting = called(chamber.by, proposed, chamber.secret("manager", proposed))
    disposals.send_back(chamber.fresh(proposed), by=chamber.by("chief"), reason="再研究")
    sitting.refresh_from_db()
    assert sitting.state == "lapsed"
    assert not Sitting.objects.filter(state="called").exists()


@pytest.mark.parametrize(
    "wrong", ["outcome = 'agreed', present = 3", "state = 'resolved'", "lead_id = NULL, case_id = NULL"]
)
def test_the_database_keeps_the_rule_too(chamber: Bureau, wrong: str) -> None:
    lead = chamber.fresh(chamber.screened("verify"))
    sitting = called(chamber.by, lead, chamber.secret("manager", lead))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_sitting SET {wrong} WHERE id = %s", [sitting.pk])


def test_the_wall_stands_behind_the_queries(chamber: Bureau) -> None:
    lead = chamber.fresh(chamber.screened("verify", chamber.lead("boss")))
    called(chamber.by, lead, chamber.secret("manager", lead))
    for name, is_in in (("manager", True), ("seat", True), ("boss", False), ("handler", False), ("manager2", False)):
        with scope.acting_for(scope_of(chamber.by(name))):
            assert [m.objects.exists() for m in (Sitting, Attendee)] == [is_in, is_in], name
        assert Sitting.objects.visible_to(chamber.by(name)).exists() is is_in


# Over HTTP and through the API


def test_from_the_call_to_the_decision_over_http(chamber: Bureau) -> None:
    case = tried(chamber)
    manager, seat = chamber.client("manager", unlock=True), chamber.client("seat", unlock=True)
    address = f"/cases/sitting/convene/?case={case.pk}"
    assert address in manager.get(case.get_absolute_url()).content.decode()
    assert chamber.client("manager").get(address).url.startswith("/cases/keyring/unlock/")
    assert seat.get(address).status_code == 404
    assert manager.get("/cases/sitting/convene/").status_code == 404
    chief = chamber.client("chief", unlock=True)
    assert "还没有经过集体审议" in chief.get(case.get_absolute_url()).content.decode()
    today = timezone.localdate().isoformat()
    given = {"body": "group", "held_on": today, "place": "会议室", "question": "拟给予处分"}
    assert "处分决定" in manager.get(address).content.decode()
    for field, bad in (("body", ""), ("place", " "), ("held_on", "2001-01-01"), ("question", "")):
        assert manager.post(address, {**given, field: bad}).status_code == 422, field
    assert not Sitting.objects.exists()
    assert manager.post(address, given).status_code == 302
    sitting = Sitting.objects.get()
    page = sitting.get_absolute_url()
    assert "拟给予处分" in seat.get(page).content.decode()
    assert "拟给予处分" not in chamber.client("seat").get(page).content.decode()
    names = ("chief", "chief2", "seat", "boss")
    attend = f"{page}attend/"
    everybody = [str(chamber.accounts[name].pk) for name in names]
    assert manager.post(attend, {"on": today, "present": everybody[:1], "chair": everybody[0]}).status_code == 422
    assert manager.post(attend, {"on": today, "present": everybody, "chair": ""}).status_code == 422
    assert manager.post(attend, {"on": today, "present": everybody, "chair": everybody[0]}).status_code == 302
    assert "等您表态" in seat.get("/").content.decode()
    assert seat.post(f"{page}speak/", {"vote": "for", "words": ""}).status_code == 422
    assert seat.post(f"{page}speak/", {"vote": "for", "words": "同意"}).status_code == 302
    for name in ("chief", "chief2", "boss"):
        given = {"member": str(chamber.accounts[name].pk), "vote": "for", "words": f"{name}同意"}
        assert manager.post(f"{page}speak/", given).status_code == 302
    resolution = {"outcome": "agreed", "decision": "", "resolution": "给予处分", "minutes": "经讨论"}
    assert manager.post(f"{page}resolve/", resolution).status_code == 422
    assert manager.post(f"{page}resolve/", {**resolution, "decision": "sanction"}).status_code == 302
    assert "等您签字" in seat.get("/").content.decode()
    for name in names:
        assert chamber.client(name).post(f"{page}sign/", {"remark": ""}).status_code == 302
    shown = manager.get(page).content.decode()
    for text in ("chief2同意", "经讨论", "已审结", "给予处分"):
        assert text in shown, text
    for query in ("", "?state=concluded", "?purpose=sanction", "?q=LA", "?held_from=2026-01-01", "?format=xlsx"):
        assert seat.get(f"/cases/sitting/{query}").status_code == 200
    assert case.number in seat.get("/cases/sitting/").content.decode()
    for name in ("staff", "judge", "handler"):
        assert chamber.client(name).get(page).status_code == 404
    assert page in chief.get(case.get_absolute_url()).content.decode()
    assert chief.get(f"/cases/trial/{case.pk}/decide/").status_code == 200


def test_withdrawal_over_http(chamber: Bureau) -> None:
    sitting = convened(chamber)
    manager, address = chamber.client("manager", unlock=True), f"{sitting.get_absolute_url()}withdraw/"
    assert chamber.client("manager").get(address).url.startswith("/cases/keyring/unlock/")
    assert manager.get(address).status_code == 200
    member = str(chamber.accounts["chief2"].pk)
    assert manager.post(address, {"member": member, "ground": ""}).status_code == 422
    assert manager.post(address, {"member": member, "ground": "witness"}).status_code == 302
    assert chamber.client("chief2").get(sitting.get_absolute_url()).status_code == 404
    assert "担任过本事项的证人" in manager.get(sitting.get_absolute_url()).content.decode()
    assert manager.post(f"{sitting.get_absolute_url()}call-off/", {"reason": "人数不够"}).status_code == 302


def test_programs_sit_too(chamber: Bureau) -> None:
    case = tried(chamber)
    sitting, today = called(chamber.by, case, chamber.secret("manager", case)), timezone.localdate().isoformat()

    def post(name: str, step: str, **given: Any) -> Any:
        return chamber.client(name).post(
            f"/api/cases/sitting/{sitting.pk}/{step}/", given, content_type="application/json"
        )

    names = ("chief", "chief2", "seat", "boss")
    present = [str(chamber.accounts[name].pk) for name in names]
    assert post("seat", "attend", on=today, present=present, chair=present[0]).status_code == 409
    assert post("manager", "attend", on=today, present=present[1:], chair=present[0]).status_code == 422
    assert post("manager", "attend", on=today, present=present, chair=present[0]).json()["state"] == "sitting"
    for name in names:
        assert post(name, "speak", vote="for", words="同意").status_code == 200
    given = {"outcome": "agreed", "decision": "sanction", "resolution": "同意", "minutes": "讨论经过"}
    assert post("manager", "resolve", **given).json()["favour"] == 4
    assert post("manager", "correct", correction="地点应为二楼").status_code == 200
    for name in names:
        assert post(name, "sign", remark="").status_code == 200
    client = chamber.client("seat")
    assert client.get("/api/cases/sitting/?state=concluded").json()["count"] == 1
    assert client.get(f"/api/cases/sitting/{sitting.pk}/").json()["outcome"] == "agreed"
    assert {row["vote"] for row in client.get(f"/api/cases/sitting/{sitting.pk}/members/").json()} == {"for", ""}
    assert "讨论经过" not in client.get(f"/api/cases/sitting/{sitting.pk}/").content.decode()
    assert post("manager", "call-off", reason="不再需要").status_code == 409


def test_a_sitting_being_convened_survives_a_key_that_locked_itself(chamber: Bureau) -> None:
    case, question = tried(chamber), "拟给予警告处分，提请审议。"
    typed = {
        "body": "standing_committee",
        "held_on": timezone.localdate().isoformat(),
        "place": "三楼",
        "question": question,
    }
    address = f"/cases/sitting/convene/?case={case.pk}"
    assert typed_for_long(chamber.by("manager"), address, typed, sealed=question).status_code == 302
    assert Sitting.objects.get().place == "三楼"


def test_a_withdrawal_survives_a_key_that_locked_itself(chamber: Bureau) -> None:
    sitting = convened(chamber)
    typed = {"member": str(chamber.accounts["chief2"].pk), "ground": "witness"}
    assert typed_for_long(chamber.by("manager"), f"{sitting.get_absolute_url()}withdraw/", typed).status_code == 302
    assert roll(sitting)["chief2"] == ("withdrew", "witness")
