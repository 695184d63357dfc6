"""The register: what comes in enters it, clocks run, who must keep out sees nothing, the steps go on to the reporter."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from tests.hotline.conftest import Visitor, fields

from yuanqing.cases.petition import actions, queries, rules, tasks
from yuanqing.cases.petition.models import Petition
from yuanqing.hotline.report.models import Report
from yuanqing.hotline.window import queries as window
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.almanac import Calendar
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.norms.packs import shipped, shipped_calendar
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.worklist.sources import Waiting

pytestmark = pytest.mark.django_db


def arrived(**answers: object) -> Petition:
    Visitor().report(**answers)
    return Petition.objects.select_related("key", "content", "report").get()


def letter(office, name: str = "intake", **envelope: object) -> Petition:
    holders = [office.holders[one] for one in ("intake", "intake2", "boss")]
    content = actions.sealed({"text": "来信内容", "answers": {"who": "某人"}, "files": []}, holders)
    given = {"channel": "letter", "kind": "accusation", "level": "level_staff", "is_named": False}
    given["received_on"] = timezone.localdate()
    return actions.register(by=office.accounts[name], content=content, **{**given, **envelope})


CLOCKS = [
    # channel, named, goes up, received, due: hand-counted with the shipped calendar of 2026
    ("web", True, False, date(2026, 9, 1), "petition.named_ack", date(2026, 9, 21)),  # Sunday the 20th is worked
    ("letter", False, False, date(2026, 11, 6), "petition.named_ack", date(2026, 11, 27)),
    ("transfer", False, False, date(2026, 11, 6), "petition.down", date(2026, 11, 13)),
    ("transfer", True, False, date(2026, 11, 6), "petition.named_ack", date(2026, 11, 27)),
    ("web", False, True, date(2026, 11, 6), "petition.up", date(2026, 11, 13)),
    ("inspection", False, False, date(2026, 11, 7), "petition.down", date(2026, 11, 13)),
]


@pytest.mark.parametrize(("channel", "named", "up", "received", "code", "due"), CLOCKS)
def test_clocks_by_hand(channel, named, up, received, code, due):
    assert rules.first_clock(channel, is_named=named, goes_up=up) == code
    assert rules.due_on(shipped("deadlines").entry(code).data, received, shipped_calendar()) == due


def test_three_plus_three_plus_more():
    deadline = shipped("deadlines").entry("petition.assigned").data
    first = rules.due_on(deadline, date(2026, 11, 30), Calendar())
    assert first == date(2027, 2, 28)
    assert rules.extended(deadline, first, Calendar()) == date(2027, 5, 28)


def test_a_report_enters_the_register_with_its_own_key(office):
    petition = arrived()
    assert petition.number.startswith(f"XF{petition.received_on.year}-")
    assert (petition.channel, petition.kind, petition.state, petition.due) == (
        "web",
        "accusation",
        "registered",
        "petition.named_ack",
    )
    pages = queries.opened(petition, office.unlocked("intake"))
    assert pages[0].said["answers"]["what"] == "张某某收受礼金"
    with pytest.raises(Unopenable):
        queries.opened(petition, office.unlocked("handler"))
    entry = Entry.objects.get(record_id=petition.pk)
    assert (entry.act, entry.at.second, entry.at.microsecond) == ("cases.petition.receive", 0, 0)


def test_what_belongs_higher_is_counted_but_opened_by_nobody_here(office):
    petition = arrived(level="level_head")
    assert petition.due == "petition.up"
    assert not Petition.objects.visible_to(office.accounts["intake"]).exists()


@pytest.mark.parametrize("name", ["admin", "keys", "staff", "handler"])
def test_who_is_not_sealed_to_sees_nothing(office, name):
    petition = arrived()
    assert not Petition.objects.visible_to(office.accounts[name]).exists()
    assert office.client(name).get(petition.get_absolute_url()).status_code == 404
    assert petition.number not in office.client(name).get("/cases/petition/").content.decode()


def test_letters_are_sealed_before_the_act(office):
    petition = letter(office)
    pages = queries.opened(petition, office.unlocked("intake2"))
    assert (pages[0].text, pages[0].said["answers"]["who"]) == ("来信内容", "某人")
    with pytest.raises(ValidationError, match="不得录入"):
        letter(office, level="level_superior")
    with pytest.raises(ValidationError, match="今天之后"):
        letter(office, received_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused):
        letter(office, "staff")
    assert Petition.objects.count() == 1


def test_a_call_is_read_back_before_it_is_accepted(office):
    petition = letter(office, channel="call")
    with pytest.raises(Refused, match="读给反映人"):
        actions.accept(petition, by=office.accounts["intake"])
    actions.confirm(petition, by=office.accounts["intake"])
    actions.accept(petition, by=office.accounts["intake"])
    with pytest.raises(Refused, match="只有来访、来电"):
        actions.confirm(letter(office), by=office.accounts["intake"])


def test_the_reported_leader_and_his_people_are_shut_out_for_good(office):
    petition = arrived()
    boss = office.accounts["boss"]
    assert Petition.objects.visible_to(boss).exists()
    secret = office.secret("intake", petition)
    actions.bar(petition, by=office.accounts["intake"], person=office.people["boss"], secret=secret)
    petition = Petition.objects.select_related("key", "content", "report").get()
    assert not Petition.objects.visible_to(boss).exists()
    assert queries.waiting(boss) == {"registered": 0, "mine": 0, "late": 0}
    with pytest.raises(Unopenable):
        queries.opened(petition, office.unlocked("boss"))
    with pytest.raises(Refused, match="回避"):
        actions.accept(petition, by=boss)
    actions.accept(petition, by=office.accounts["intake"])
    with pytest.raises(ValidationError, match="回避"):
        actions.assign(
            petition,
            by=office.accounts["intake"],
            handler=office.accounts["clerk"],
            holder=office.holders["clerk"],
            secret=office.secret("intake", petition),
        )
    assert str(boss.pk) not in json.dumps(petition.barred)
    assert queries.opened(petition, office.unlocked("intake"))[0].is_readable


def test_barring_leaves_the_receipt_working(office):
    digits = Visitor().report()
    petition = Petition.objects.select_related("key", "content", "report").get()
    secret = office.secret("intake", petition)
    actions.bar(petition, by=office.accounts["intake"], person=office.people["boss"], secret=secret)
    assert "张某某收受礼金" in Visitor().mailbox(digits).content.decode()


def test_from_receipt_to_feedback_and_what_the_reporter_sees(office):
    digits = Visitor().report(named="yes", name="李某", contact="电话")
    petition = Petition.objects.select_related("key", "content", "report").get()
    intake, handler = office.accounts["intake"], office.accounts["handler"]
    actions.accept(petition, by=intake)
    assert "已经受理" in Visitor().mailbox(digits).content.decode()
    actions.acknowledge(petition, by=intake, on=timezone.localdate())
    with pytest.raises(ValidationError, match="已经告知"):
        actions.acknowledge(petition, by=intake, on=timezone.localdate())
    actions.assign(
        petition, by=intake, handler=handler, holder=office.holders["handler"], secret=office.secret("intake", petition)
    )
    assert petition.due == "petition.handling"
    assert queries.opened(petition, office.unlocked("handler"))[0].is_readable
    with pytest.raises(Refused, match="只有上级交办"):
        actions.prolong(petition, by=intake, approval="某某批准")
    actions.conclude(petition, by=handler, outcome="unfounded")
    assert petition.due == "petition.named_result"
    assert "已经办结" in Visitor().mailbox(digits).content.decode()
    actions.feed_back(petition, by=handler, how="电话告知")
    assert (petition.state, petition.due_on, petition.closed_on) == ("answered", None, timezone.localdate())


def test_assigned_matters_are_prolonged_with_an_approval(office):
    petition = letter(office, is_assigned_from_above=True)
    intake = office.accounts["intake"]
    actions.accept(petition, by=intake)
    actions.assign(
        petition,
        by=intake,
        handler=office.accounts["handler"],
        holder=office.holders["handler"],
        secret=office.secret("intake", petition),
    )
    due = petition.due_on
    with pytest.raises(ValidationError, match="批准"):
        actions.prolong(petition, by=intake, approval=" ")
    petition.refresh_from_db()
    actions.prolong(petition, by=intake, approval="书记批准〔2026〕3号")
    assert petition.extensions == 1
    assert petition.due_on > due


def test_repeats_are_kept(office):
    first, second = letter(office), letter(office)
    actions.repeat(second, by=office.accounts["intake"], of=first)
    assert (second.state, second.repeats, second.due_on) == ("repeated", first, None)
    with pytest.raises(Conflict):
        actions.accept(second, by=office.accounts["intake"])


def test_what_is_declined_or_passed_on_says_why_and_where(office):
    intake = office.accounts["intake"]
    petition = letter(office)
    with pytest.raises(ValidationError, match="理由"):
        actions.decline(petition, by=intake, reason="")
    actions.decline(petition, by=intake, reason="属于劳动争议")
    other = letter(office)
    with pytest.raises(ValidationError, match="送往哪里"):
        actions.forward(other, by=intake, to=" ", on=timezone.localdate())
    other = Petition.objects.select_related("key", "content").get(pk=other.pk)
    actions.forward(other, by=intake, to="某分公司纪委", on=timezone.localdate())
    assert other.state == "forwarded"


def test_a_withdrawal_reaches_the_register(office):
    digits = Visitor().report()
    box = fields(Visitor().mailbox(digits).content.decode())["box"]
    assert Visitor().plain(step="withdraw", box=box, sure="yes").status_code == 200
    assert Petition.objects.get().state == "withdrawn"


# Over HTTP


def test_locked_content_is_not_on_the_page_and_unlocked_it_is(office):
    petition = arrived(files=[SimpleUploadedFile("票.txt", b"receipt")])
    page = office.client("intake").get(petition.get_absolute_url())
    assert "张某某" not in page.content.decode()
    assert "解锁案卷" in page.content.decode()
    client = office.client("intake", unlock=True)
    page = client.get(petition.get_absolute_url()).content.decode()
    assert "张某某收受礼金" in page
    value = queries.opened(petition, office.unlocked("intake"))[0].files[0]["id"]
    address = f"{petition.get_absolute_url()}file/{value}/"
    response = client.get(address)
    assert response.content == b"receipt"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert office.client("intake").get(address).status_code == 302
    assert office.client("handler", unlock=True).get(address).status_code == 404
    assert client.get(f"{petition.get_absolute_url()}file/{petition.pk}/").status_code == 404


def test_answering_reaches_the_mailbox(office):
    digits = Visitor().report()
    petition = Petition.objects.get()
    client = office.client("intake", unlock=True)
    client.post(f"{petition.get_absolute_url()}answer/", {"text": "请问在哪里？"})
    assert "请问在哪里？" in Visitor().mailbox(digits).content.decode()
    assert "请问在哪里？" in client.get(petition.get_absolute_url()).content.decode()


def test_registering_over_http(office):
    client = office.client("intake")
    given = {"channel": "visit", "kind": "accusation", "level": "level_staff", "received_on": timezone.localdate()}
    given |= {"who": "某科长", "text": "当面说的话", "is_named": "on", "name": "", "contact": ""}
    response = client.post("/cases/petition/register/", given)
    assert response.status_code == 422
    assert "实名要有" in response.content.decode()
    response = client.post("/cases/petition/register/", {**given, "name": "李某", "contact": "电话"})
    assert response.status_code == 302
    assert queries.opened(Petition.objects.get(), office.unlocked("intake"))[0].said["reporter"]["name"] == "李某"
    assert client.get("/cases/petition/register/").status_code == 200


@pytest.mark.parametrize("step", ["accept", "repeat", "send-up", "forward", "decline", "assign", "withdraw", "bar"])
def test_each_act_has_its_page(office, step):
    petition = letter(office)
    if step == "assign":
        actions.accept(petition, by=office.accounts["intake"])
    client = office.client("intake", unlock=True)
    assert client.get(f"{petition.get_absolute_url()}{step}/").status_code == 200
    assert office.client("staff").get(f"{petition.get_absolute_url()}{step}/").status_code == 404


def test_assigning_over_http_seals_to_the_handler(office):
    petition = letter(office)
    actions.accept(petition, by=office.accounts["intake"])
    address = f"{petition.get_absolute_url()}assign/"
    assert office.client("intake").get(address).url.startswith("/cases/keyring/unlock/")
    client = office.client("intake", unlock=True)
    assert client.post(address, {"handler": "nonsense"}).status_code == 422
    assert client.post(address, {"handler": office.holders["handler"].pk}).status_code == 302
    page = office.client("handler", unlock=True).get(petition.get_absolute_url()).content.decode()
    assert "来信内容" in page


def test_the_register_lists_counts_and_exports_what_one_opens(office):
    letter(office)
    arrived_number = Petition.objects.count()
    assert arrived_number == 1
    client = office.client("intake")
    assert client.get("/cases/petition/").status_code == 200
    assert client.get("/cases/petition/?state=registered&q=XF").status_code == 200
    assert client.get("/cases/petition/?format=xlsx").status_code == 200
    from yuanqing.cases.petition.pages import waiting

    lines = waiting(office.accounts["intake"])
    assert isinstance(lines[0], Waiting)
    assert lines[0].count == 1
    assert waiting(office.accounts["staff"]) == []


def test_the_keys_pages(office):
    client = office.client("keys")
    page = client.get("/cases/keyring/").content.decode()
    assert office.holders["intake"].fingerprint in page
    assert "5 人保管，3 人可开" in page
    holder = office.holders["clerk"]
    client.post(f"/cases/keyring/{holder.pk}/receiving/", {"receives": "yes"})
    holder.refresh_from_db()
    assert holder.receives
    assert client.post(f"/cases/keyring/{holder.pk}/retire/", {"reason": ""}).status_code == 422
    assert client.post(f"/cases/keyring/{holder.pk}/retire/", {"reason": "调离"}).status_code == 302
    holder.refresh_from_db()
    assert holder.retired_on is not None
    assert office.client("intake").post(f"/cases/keyring/{holder.pk}/retire/", {"reason": "x"}).status_code == 404


def test_unlocking_over_http(office):
    client = office.client("intake")
    wrong = client.post("/cases/keyring/unlock/", {"words": "not it"})
    assert wrong.status_code == 422
    right = client.post(
        "/cases/keyring/unlock/", {"words": "a passphrase of the tests", "next": "https://evil.invalid/"}
    )
    assert right.url == "/cases/keyring/"
    cookie = right.cookies["unlocked"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    client.post("/cases/keyring/lock/")
    petition = letter(office)
    assert "来信内容" not in client.get(petition.get_absolute_url()).content.decode()


def test_enrolling_shows_the_recovery_code_once(office):
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.kernel.sealing.unlocking import holder_of, identity_by
    from yuanqing.org.account import actions as accounts

    fresh = accounts.open_account(by=SYSTEM, username="fresh", display_name="新人", password="a-long-passphrase")
    accounts.grant(by=SYSTEM, account=fresh, role="petition_intake", unit=None, starts_on=date(2024, 1, 1), reason="x")
    office.accounts["fresh"] = fresh
    client = office.client("fresh")
    assert client.post("/cases/keyring/enrol/", {"words": "short", "again": "short"}).status_code == 422
    words = "words that are long enough"
    assert client.post("/cases/keyring/enrol/", {"words": words, "again": words + "x"}).status_code == 422
    page = client.post("/cases/keyring/enrol/", {"words": words, "again": words}).content.decode()
    import re

    code = re.search(r"<strong>((?:[a-z2-9]{5}-){5}[a-z2-9]{5})</strong>", page)
    assert code is not None
    assert identity_by(holder_of(fresh), code[1]) == identity_by(holder_of(fresh), words)
    assert client.get("/cases/keyring/enrol/").status_code == 302
    assert Report.objects.count() == 0
    assert window.is_open()


def test_programs_read_the_envelope_of_what_one_opens(office):
    petition = letter(office)
    found = office.client("intake").get("/api/cases/petition/").json()["items"]
    assert [one["number"] for one in found] == [petition.number]
    assert "来信内容" not in json.dumps(found, ensure_ascii=False)
    assert office.client("intake").get(f"/api/cases/petition/{petition.pk}/").json()["due"] == petition.due
    assert office.client("handler").get("/api/cases/petition/").json()["items"] == []
    assert office.client("handler").get(f"/api/cases/petition/{petition.pk}/").status_code == 404


def test_programs_take_the_steps(office):
    petition, other = letter(office, channel="call", is_named=True), letter(office)
    today = timezone.localdate().isoformat()

    def post(step, who="intake", **given):
        address = f"/api/cases/petition/{petition.pk}/{step}/"
        return office.client(who).post(address, given, content_type="application/json")

    assert post("accept").status_code == 409  # the minutes first
    assert post("accept", "handler").status_code == 404
    assert post("repeat", of="nonsense").status_code == 422
    assert post("confirm").status_code == 200
    assert post("accept", version=99).status_code == 409
    assert post("accept").json()["state"] == "accepted"
    assert post("acknowledge", on="2999-01-01").status_code == 422
    assert post("acknowledge", on=today).json()["acknowledged_on"] == today
    assert post("prolong", approval="书记").status_code == 409
    assert post("conclude", outcome="unfounded").status_code == 409
    assert post("forward", to="", on=today).status_code == 422
    assert post("forward", to="某分公司纪委", on=today).json()["state"] == "forwarded"
    petition = other
    assert post("repeat", of=str(letter(office).number)).json()["state"] == "repeated"
    petition = letter(office)
    assert post("decline", reason="").status_code == 422
    assert post("withdraw").json()["state"] == "withdrawn"
    petition = letter(office)
    assert post("send-up", to="上级", on=today).json()["state"] == "sent_up"
    petition = letter(office)
    assert post("decline", reason="属于劳动争议").json()["state"] == "declined"
    assert post("feed-back", how="电话").status_code == 409


def test_an_overdue_petition_comes_before_others_who_can_hand_it_on(office) -> None:
    petition = letter(office)
    secret = office.secret("intake", petition)
    actions.bar(petition, by=office.accounts["intake"], person=office.people["boss"], secret=secret)
    with pytest.raises(ValidationError, match="没有过期"):
        actions.escalate(petition, by=SYSTEM)
    with connection.cursor() as cursor:
        yesterday = timezone.localdate() - timedelta(days=1)
        cursor.execute("UPDATE cases_petition SET due_on = %s WHERE id = %s", [yesterday, petition.pk])
    petition.refresh_from_db()
    with pytest.raises(Refused, match="系统"):
        actions.escalate(petition, by=office.accounts["intake"])
    assert (tasks.escalate_overdue(), tasks.escalate_overdue()) == ("1 escalated", "0 escalated")
    told = Message.objects.filter(kind="petition")
    assert {row.account.username for row in told} == {"intake", "intake2"}  # the boss, who is reported, is not told
    assert "逾期上报" in office.client("intake").get(petition.get_absolute_url()).content.decode()
