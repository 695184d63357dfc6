"""Leads over HTTP and through the API: each act's page, what is locked, what is wrong, what is exported."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.cases.typist import typed_for_long

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import opened
from yuanqing.kernel.acts import Refused


def fields(bureau: Any, **more: Any) -> dict[str, Any]:
    given = {"unit": "H", "source": "audit", "category": "integrity", "level": "level_staff", "who": "某科长"}
    given |= {"received_on": timezone.localdate(), "text": "账外设立小金库", "elements": ["who", "what"]}
    return {**given, **more}


def test_registering_seals_and_keeps_the_subject_out(bureau: Any) -> None:
    client = bureau.client("manager")
    assert client.get("/cases/lead/register/").status_code == 200
    response = client.post("/cases/lead/register/", fields(bureau, text="", level="level_head"))
    assert response.status_code == 422
    assert "直接报送上级" in response.content.decode()
    assert Lead.objects.count() == 0
    response = client.post("/cases/lead/register/", fields(bureau, subject1=bureau.people["boss"].number))
    lead = Lead.objects.get()
    assert response.url == lead.get_absolute_url()
    assert not Lead.objects.visible_to(bureau.by("boss")).exists()
    page = client.get(lead.get_absolute_url()).content.decode()
    assert "小金库" not in page
    assert "解锁案卷" in page
    assert "小金库" in bureau.client("manager", unlock=True).get(lead.get_absolute_url()).content.decode()


def test_what_concerns_the_writer_is_refused(bureau: Any) -> None:
    response = bureau.client("manager").post(
        "/cases/lead/register/", fields(bureau, subject1=bureau.people["manager"].number)
    )
    assert response.status_code == 409
    assert Lead.objects.count() == 0


PAGES = [
    ("manager", "lead", ("assign", "bar"), "lead"),
    ("handler", "lead", ("confirm", "hand-back"), "assigned"),
    ("handler", "lead", ("screen",), "confirmed"),
    ("handler", "disposal", ("request",), "confirmed"),
    ("chief", "disposal", ("verify", "send-back"), "screened"),
    ("handler", "inquiry", ("ask",), "inquiring"),
    ("handler", "inquiry", ("report", "check"), "answered"),
    ("handler", "inquiry", ("answer",), "asked"),
    ("handler", "verification", ("join", "write", "sign", "report"), "signed"),
    ("chief", "disposal", ("file", "return-check"), "verified"),
    ("chief", "disposal", ("reopen",), "closed"),
]


@pytest.mark.parametrize(("name", "noun", "steps", "stage"), PAGES)
def test_each_act_has_its_page(bureau: Any, name: str, noun: str, steps: tuple[str, ...], stage: str) -> None:
    made = getattr(bureau, stage)
    lead = bureau.assigned(bureau.lead()) if stage == "assigned" else made()
    client = bureau.client(name, unlock=True)
    for step in steps:
        address = f"/cases/{noun}/{lead.pk}/{step}/"
        assert client.get(address).status_code == 200, address
        assert bureau.client("staff").get(address).status_code == 404
    assert client.get(lead.get_absolute_url()).status_code == 200


def test_a_closed_step_says_why(bureau: Any) -> None:
    lead = bureau.screened("verify")
    response = bureau.client("chief").get(f"/cases/disposal/{lead.pk}/close/")
    assert response.status_code == 409
    assert "不是这一种" in response.content.decode()
    assert "不是这一种" in bureau.client("chief").get(lead.get_absolute_url()).content.decode()


def test_screening_over_http_shows_what_is_missing(bureau: Any) -> None:
    lead = bureau.confirmed()
    client, address = bureau.client("handler"), f"/cases/lead/{lead.pk}/screen/"
    page = client.get(address).content.decode()
    assert "何地、何情、何故、何物" in page
    given = {"method": "verify", "studied_on": timezone.localdate(), "studied_by": 1, "study": "同意初核", "plan": ""}
    response = client.post(address, given)
    assert response.status_code == 422
    response = client.post(address, {**given, "studied_by": 3})
    assert response.status_code == 422  # a plan is missing
    assert "同意初核" in response.content.decode()  # nothing typed is lost
    assert client.post(address, {**given, "studied_by": 3, "plan": "调取账册"}).status_code == 302
    assert bureau.fresh(lead).state == "proposed"


def test_assigning_needs_the_unlocked_key(bureau: Any) -> None:
    lead = bureau.lead()
    address = f"/cases/lead/{lead.pk}/assign/"
    assert bureau.client("manager").get(address).url.startswith("/cases/keyring/unlock/")
    client = bureau.client("manager", unlock=True)
    assert client.post(address, {"handler": bureau.holders["reader"].pk}).status_code == 422
    assert client.post(address, {"handler": bureau.holders["handler"].pk}).status_code == 302
    page = bureau.client("handler", unlock=True).get(lead.get_absolute_url()).content.decode()
    assert "小金库" in page


def test_the_ledger_lists_filters_and_exports(bureau: Any) -> None:
    lead = bureau.confirmed()
    client = bureau.client("handler")
    for query in ("", "?state=screening", "?q=XS", "?order=due_on", "?method=verify", "?format=xlsx"):
        assert client.get(f"/cases/lead/{query}").status_code == 200
    assert lead.number in client.get("/cases/lead/?state=screening").content.decode()
    assert lead.number not in client.get("/cases/lead/?state=held").content.decode()
    assert "由您承办" in client.get("/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(bureau: Any, django_assert_max_num_queries: Any) -> None:
    for _turn in range(6):
        bureau.lead()
    client = bureau.client("manager")
    client.get("/cases/lead/")
    with django_assert_max_num_queries(24):
        client.get("/cases/lead/")


def test_programs_take_the_steps(bureau: Any) -> None:
    lead = bureau.assigned(bureau.lead())
    client, today = bureau.client("handler"), timezone.localdate().isoformat()

    def post(noun: str, step: str, who: Any = client, **given: Any) -> Any:
        return who.post(f"/api/cases/{noun}/{lead.pk}/{step}/", given, content_type="application/json")

    assert post("lead", "confirm").json()["state"] == "screening"
    screen = {"method": "inquire", "studied_on": today, "studied_by": 2, "study": "同意", "plan": ""}
    assert post("lead", "screen", **screen).status_code == 422
    assert post("lead", "screen", **{**screen, "plan": "发函"}).json()["state"] == "proposed"
    assert post("disposal", "inquire", reason="同意").status_code == 409
    chief = bureau.client("chief")
    assert post("disposal", "inquire", chief, reason="").status_code == 422
    assert post("disposal", "inquire", chief, reason="同意").json()["state"] == "inquiring"
    assert post("inquiry", "ask", mode="letter", on=today, letter="请说明").json()["due"] == "inquiry.reply"
    assert post("inquiry", "answer", on=today, is_endorsed=True, reply="说明如下").json()["due"] == "inquiry.report"
    report = {"proposal": "inquiry_remind", "situation": "情况", "ground": "slight", "measure": "remind_talk"}
    assert post("inquiry", "report", **report).json()["proposal"] == "remind"
    assert post("disposal", "remind", chief, reason="同意").json()["outcome"] == "reminded"
    listed = bureau.client("chief").get("/api/cases/disposal/").json()["items"]
    assert [one["kind"] for one in listed] == ["easing_remind"]
    assert bureau.client("staff").get(f"/api/cases/lead/{lead.pk}/").status_code == 404


def test_requests_and_checks_through_the_api(bureau: Any) -> None:
    lead = bureau.signed()
    client = bureau.client("handler")

    def post(noun: str, step: str, who: Any = client, **given: Any) -> Any:
        return who.post(f"/api/cases/{noun}/{lead.pk}/{step}/", given, content_type="application/json")

    until = (lead.due_on + timedelta(days=7)).isoformat()
    ask = {"kind": "easing_delay", "ground": "complex", "easing_reason": "境外取证", "until": until}
    assert post("disposal", "request", **{**ask, "into": "XS1"}).status_code == 422
    unseen = bureau.lead()  # its key does not open for the handler
    merger = {**ask, "kind": "easing_merge", "ground": "same_matter", "into": unseen.number}
    assert post("disposal", "request", **merger).json()["detail"]["into"] == ["没有这个编号。"]
    assert post("disposal", "request", **ask).status_code == 200
    assert post("disposal", "delay", bureau.client("chief"), reason="同意").json()["due_on"] == until
    assert post("verification", "write", check_report="改过的报告").status_code == 200
    assert post("verification", "report", proposal="check_file").status_code == 409
    assert post("verification", "sign").status_code == 200
    assert post("verification", "sign", bureau.client("member")).status_code == 200
    assert post("verification", "report", proposal="check_file").json()["state"] == "verified"
    assert post("disposal", "file", bureau.client("chief"), reason="同意立案").json()["state"] == "filed"


# From a petition


def letter(bureau: Any) -> Petition:
    content = petitions.sealed(
        {
            "text": "信的内容",
            "answers": {"who": "某科长"},
            "files": [],
            "reporter": {"name": "李某", "contact": "电话"},
        },
        [bureau.holders["intake"]],
    )
    petition = petitions.register(
        by=bureau.by("intake"), content=content, channel="letter", kind="accusation", level="level_staff", is_named=True,
        received_on=timezone.localdate(),
    )  # fmt: skip
    petitions.accept(petition, by=bureau.by("intake"))
    return petition


def test_a_petition_becomes_a_lead_without_the_reporters_name(bureau: Any) -> None:
    petition = letter(bureau)
    client, address = bureau.client("intake", unlock=True), f"/cases/lead/register/?petition={petition.pk}"
    assert bureau.client("intake").get(address).url.startswith("/cases/keyring/unlock/")
    page = client.get(address).content.decode()
    assert "信的内容" in page
    assert "李某" not in page
    assert "转为问题线索" in client.get(petition.get_absolute_url()).content.decode()
    assert client.post(address, fields(bureau, source="petition")).status_code == 302
    petition.refresh_from_db()
    lead = Lead.objects.get()
    assert (petition.state, lead.petition) == ("under_lead", petition)
    assert petition.due_on is not None
    with pytest.raises(Refused):  # the end of the lead concludes it
        petitions.conclude(petition, by=bureau.by("intake"), outcome="unfounded")
    bureau.closed(bureau.fresh(lead))
    petition.refresh_from_db()
    assert (petition.state, petition.outcome) == ("concluded", "unfounded")
    assert opened(petition, bureau.unlocked("intake"))[0].text == "信的内容"


def test_a_lead_being_taken_over_survives_a_key_that_locked_itself(bureau: Any) -> None:
    petition, text = letter(bureau), "来信所说的小金库，另有账册为证。"
    typed = {"text": text, "unit": "H", "source": "petition"}
    address = f"/cases/lead/register/?petition={petition.pk}"
    assert typed_for_long(bureau.by("intake"), address, typed, sealed=text).status_code == 302
    assert Lead.objects.get().petition == petition


def test_a_petition_waits_for_all_its_leads(bureau: Any) -> None:
    petition = letter(bureau)
    first = bureau.lead(petition=petition, by="intake")
    second = bureau.lead()
    from yuanqing.cases.disposal import actions as decisions

    drafts = bureau.papers(first, "easing_reason")
    decisions.request(
        first, by=bureau.by("manager"), kind="easing_merge", ground="same_matter", into=second, drafts=drafts
    )
    decisions.merge(first, by=bureau.by("chief"), reason="同一问题")
    petition.refresh_from_db()
    assert petition.state == "under_lead"
    bureau.closed(second)
    petition.refresh_from_db()
    assert petition.state == "concluded"
