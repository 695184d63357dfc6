"""The page of a lead or a case leads its people: what cannot be done yet is closed and says why, what comes next is coloured."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.utils import timezone
from tests.cases.body import called, opened, papers
from tests.cases.bureau import Bureau
from tests.cases.case.test_case import ALL, Court
from tests.cases.lead.test_pages import letter

from yuanqing.cases.case import actions as cases
from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.inquiry import actions as inquiries
from yuanqing.cases.sitting import actions as sittings
from yuanqing.cases.trial import actions as trials
from yuanqing.cases.verification import actions as checks
from yuanqing.cases.verification.queries import to_sign
from yuanqing.shell.record import buttons


def today() -> Any:
    return timezone.localdate()


def first(record: Any, by: Any) -> str:
    """The coloured button."""
    shown = buttons(record, by=by, url=lambda step: step)
    return next((one.step for one in shown if one.style == "primary"), "")


def closed(record: Any, by: Any, step: str) -> str:
    return next(one.reason for one in buttons(record, by=by, url=lambda name: name) if one.step == step)


def test_a_check_goes_from_its_team_to_its_signatures(bureau: Bureau) -> None:
    lead, handler, member = bureau.verifying(), bureau.by("handler"), bureau.by("member")
    assert first(lead, handler) == "join"
    assert "至少 2 人" in closed(lead, handler, "write_report")
    assert "先起草" in closed(lead, handler, "sign")
    for name in ("handler", "member"):
        checks.join(
            lead,
            by=handler,
            member=bureau.by(name),
            holder=bureau.holders[name],
            secret=bureau.secret("handler", lead),
        )
    assert first(lead, handler) == "write_report"
    checks.write_report(lead, by=handler, drafts=bureau.papers(lead, "check_report"))
    assert (first(lead, handler), first(lead, member)) == ("sign", "sign")
    assert (to_sign(handler), to_sign(member), to_sign(bureau.by("manager"))) == (1, 1, 0)
    assert "1 份核实报告等您签署" in bureau.client("member").get("/").content.decode()
    checks.sign(lead, by=handler)
    assert (first(lead, handler), first(lead, member)) == ("", "sign")
    assert str(member) in closed(lead, handler, "report_check")
    checks.sign(lead, by=member)
    assert (first(lead, handler), first(lead, member)) == ("report_check", "")
    assert (to_sign(handler), to_sign(member)) == (0, 0)


def test_an_inquiry_goes_from_the_letter_to_the_report(bureau: Bureau) -> None:
    lead, handler = bureau.inquiring(), bureau.by("handler")
    assert first(lead, handler) == "ask"
    assert "先发函" in closed(lead, handler, "answer")
    assert "没有可以抽查" in closed(lead, handler, "check_reply")
    inquiries.ask(lead, by=handler, mode="letter", on=today(), drafts=bureau.papers(lead, "letter"))
    assert first(lead, handler) == "answer"
    assert "还没有登记答复" in closed(lead, handler, "ask")
    assert "以后才能报送" in closed(lead, handler, "report_inquiry")
    inquiries.answer(lead, by=handler, on=today(), is_endorsed=True, drafts=bureau.papers(lead, "reply"))
    assert first(lead, handler) == "report_inquiry"
    assert closed(lead, handler, "ask") == "", "asking once more stays open"


def test_a_case_goes_from_its_announcement_to_the_archive(bureau: Bureau) -> None:
    court = Court(bureau)
    case, manager, chief = court.opened(), bureau.by("manager"), bureau.by("chief")
    assert first(case, manager) == "staff"
    desk = bureau.client("manager")
    assert "1 件案件等待安排办案人员" in desk.get("/").content.decode()
    assert case.number in desk.get("/cases/case/?standing=staff").content.decode()
    for name in ("detective", "detective2"):
        court.join(case, name, "investigation")
    assert first(case, manager) == ""
    assert "等待安排办案人员" not in desk.get("/").content.decode()
    assert case.number not in desk.get("/cases/case/?standing=staff").content.decode()
    team = bureau.by("detective")
    assert first(case, team) == "announce"
    assert "批准以前" in closed(case, team, "use_measure")
    cases.announce(case, by=team, on=today())
    assert (first(case, team), closed(case, team, "announce")) == ("plan", "已经宣布过。")
    assert "没有等待批准" in closed(case, chief, "approve_plan")
    cases.plan(case, by=team, drafts=court.papers(case, "plan"))
    assert first(case, chief) == "approve_plan"
    cases.approve_plan(case, by=chief, reason="同意")
    assert first(case, team) == "add_evidence"
    court.evidence(case)
    assert first(case, team) == "show_facts"
    assert "事实材料见面" in closed(case, team, "submit")
    cases.show_facts(case, by=team, on=today(), drafts=court.papers(case, "facts", "answer"))
    assert first(case, team) == "submit"
    cases.submit(case, by=team, drafts=court.papers(case, "case_report"))
    assert first(case, manager) == "staff", "two who try it are to be named"
    assert "1 件案件等待安排办案人员" in desk.get("/").content.decode()
    for name in ("judge", "judge2"):
        court.join(case, name, "trial")
    assert (first(case, manager), first(case, bureau.by("judge"))) == ("", "try_case")
    assert "等待安排办案人员" not in desk.get("/").content.decode()
    drafts = court.papers(case, "trial_report")
    trials.try_case(case, by=bureau.by("judge"), standards=ALL, proposal="sanction", drafts=drafts)
    assert "1 件审理完毕的案件等待召集集体审议" in desk.get("/").content.decode()
    convene = f'<a class="btn btn-primary" href="/cases/sitting/convene/?case={case.pk}">'
    assert convene in desk.get(case.get_absolute_url()).content.decode()
    court.agreed(case)
    assert "等待召集集体审议" not in desk.get("/").content.decode()
    assert convene not in desk.get(case.get_absolute_url()).content.decode()


def test_a_decision_is_delivered_told_and_carried_out(bureau: Bureau) -> None:
    court = Court(bureau)
    case, manager, chief = court.decided(), bureau.by("manager"), bureau.by("chief")
    assert first(case, manager) == "deliver"
    assert "1 件处分决定等待送达、宣布和执行" in bureau.client("manager").get("/").content.decode()
    assert "1 件案件等待决定以案促改" in bureau.client("chief").get("/").content.decode()
    assert "先登记送达" in closed(case, manager, "execute")
    trials.deliver(case, by=manager, on=today())
    assert first(case, manager) == "tell"
    trials.tell(case, by=manager, on=today())
    assert first(case, manager) == "execute"
    trials.execute(case, by=manager, on=today(), drafts=court.papers(case, "execution"))
    assert (first(case, manager), first(case, chief)) == ("", "extend")
    assert "不能归档" in closed(case, manager, "archive")
    trials.extend(case, by=chief, extension="已在全系统通报并修订采购制度。")
    assert (first(case, manager), first(case, chief)) == ("archive", "")
    assert "1 件案件可以归档" in bureau.client("manager").get("/").content.decode()
    assert case.number in bureau.client("manager").get("/cases/case/?standing=archive").content.decode()
    assert "等待决定以案促改" not in bureau.client("chief").get("/").content.decode()
    assert "没有提出，理由：已在全系统通报" in bureau.client("chief").get(case.get_absolute_url()).content.decode()


def test_a_member_who_has_spoken_is_not_pressed_to_speak_again(bureau: Bureau) -> None:
    case = Court(bureau).tried()
    sitting = called(bureau.by, case, bureau.secret("manager", case))
    sitting = opened(bureau.by, sitting, ["chief", "chief2"])
    chief, second, manager = (bureau.by(name) for name in ("chief", "chief2", "manager"))
    assert (first(sitting, chief), first(sitting, manager)) == ("speak", "speak")
    sittings.speak(sitting, by=chief, vote="for", drafts=papers(sitting, "words"))
    assert (first(sitting, chief), first(sitting, second), first(sitting, manager)) == ("", "speak", "speak")
    sittings.speak(sitting, by=second, vote="for", drafts=papers(sitting, "words"))
    assert (first(sitting, second), first(sitting, manager)) == ("", "resolve")


def test_the_next_page_says_what_was_done_and_the_desk_leads_to_what_it_counts(bureau: Bureau) -> None:
    mine, other = bureau.confirmed(), bureau.confirmed()
    client = bureau.client("handler", unlock=True)
    found = client.get("/").content.decode()
    assert "?standing=mine&amp;order=due_on" in found
    given = {
        "method": "verify",
        "studied_on": today().isoformat(),
        "studied_by": "3",
        "study": "三人研究",
        "plan": "查账",
    }
    page = client.post(f"/cases/lead/{mine.pk}/screen/", {**given, "version": mine.version}, follow=True)
    assert "已办理：提出处置意见。" in page.content.decode()
    listed = client.get("/cases/lead/?standing=mine").content.decode()
    assert other.number in listed
    assert mine.number not in listed
    assert mine.number in bureau.client("chief").get("/cases/lead/?standing=decide").content.decode()


def test_a_lead_from_a_petition_that_its_people_do_not_see_goes_on(bureau: Bureau) -> None:
    """Whose key does not open the petition still calls the body on the lead, and opens a case."""
    petition = letter(bureau)
    lead = bureau.verified("check_file", bureau.lead(petition=petition, by="intake"))
    client = bureau.client("manager", unlock=True)
    assert not petition.__class__.objects.visible_to(bureau.by("manager")).exists()
    words = {
        "body": "standing_committee",
        "held_on": today().isoformat(),
        "place": "三楼",
        "question": "拟立案，提请审议。",
    }
    called = client.post(f"/cases/sitting/convene/?lead={lead.pk}", words)
    assert called.status_code == 302, called.content.decode()
    decisions.file(lead, by=bureau.by("chief"), reason="同意立案")
    made = client.post(f"/cases/case/open/{lead.pk}/", follow=True)
    assert made.status_code == 200
    assert "已办理：开立案卷。" in made.content.decode()


def test_what_was_typed_survives_a_key_that_locked_itself_meanwhile(bureau: Bureau) -> None:
    lead = bureau.lead()
    client = bureau.client("manager", unlock=True)
    page = f"/cases/lead/{lead.pk}/assign/"
    assert client.get(page).status_code == 200
    to = str(bureau.holders["handler"].pk)
    with patch("yuanqing.cases.keyring.queries.unlocking.current", return_value=None):
        assert client.get(page).status_code == 302, "who has typed nothing is led to unlock first"
        answer = client.post(page, {"handler": to, "version": lead.version})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "自动锁上了，填的内容还在" in said
    assert '<a href="/cases/keyring/unlock/" target="_blank" rel="noopener">' in said
    assert f'value="{to}" selected' in said
    assert client.post(page, {"handler": to, "version": lead.version}).status_code == 302


def test_a_field_left_empty_says_how_to_mend_it(bureau: Bureau) -> None:
    lead = bureau.confirmed()
    page = bureau.client("handler", unlock=True).post(f"/cases/lead/{lead.pk}/screen/", {"version": lead.version})
    said = page.content.decode()
    assert page.status_code == 422
    for words in ("请选择一项。", "请填写这一项。", 'data-when="method=inquire verify"', 'data-when="method=shelve"'):
        assert words in said
