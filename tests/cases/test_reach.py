"""What lies out of reach in enforcement is neither shown, counted, chosen nor acted on, also without the second wall.

Asked here is what the pages of the authorization matrix cannot tell: sums and chances in which nobody is named, acts called by
themselves, and readers who hold one right alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.cases.body import called, opened, resolved, spoken
from tests.cases.bureau import BEGAN, WORDS, Bureau
from tests.cases.case.test_case import Court
from tests.cases.docket import Docket
from tests.cases.likeness.test_likeness import MATTERS
from tests.cases.likeness.test_likeness import letter as written
from tests.cases.partner.test_partner import found
from tests.cases.petition.test_petition import letter
from tests.cases.redress.test_redress import issue, record_violation

from yuanqing.cases.clearing.models import Clearing
from yuanqing.cases.disposal import queries as easings
from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.expiry.queries import queues
from yuanqing.cases.pause import actions as pauses
from yuanqing.cases.pause import queries as pausing
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition import queries as register
from yuanqing.cases.sitting import queries as sittings
from yuanqing.cases.sitting.models import Sitting
from yuanqing.cases.term import queries as terms
from yuanqing.cases.term.models import Term
from yuanqing.cases.verification import actions as checks
from yuanqing.cases.verification.queries import to_sign
from yuanqing.kernel.acts import SYSTEM, Refused, refusal
from yuanqing.kernel.database import scope
from yuanqing.kernel.sealing.models import Wrap
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.org.recusal import actions as recusals
from yuanqing.shell import middleware


@pytest.fixture
def first_wall_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the hunt for planted defects asks: what the database would hide anyway does not hide that nobody asked."""
    monkeypatch.setattr(middleware, "scope_of", lambda account: scope.SYSTEM)


def newcomer(name: str, role: str = "", unit: Any = None, person: Any = None) -> Account:
    """An account of its own, without a key."""
    made = accounts.open_account(by=SYSTEM, username=name, display_name=name, password=WORDS, person=person)
    if role:
        accounts.grant(by=SYSTEM, account=made, role=role, unit=unit, starts_on=BEGAN, reason="测试")
    return Account.objects.get(pk=made.pk)


def pages_of(bureau: Bureau, account: Account) -> Any:
    bureau.accounts[account.username] = account
    return bureau.client(account.username)


# What the key does not open is acted on by nobody, however the record was come by


def test_a_role_without_the_key_does_nothing_with_a_petition(office: Any) -> None:
    petition = letter(office)
    assert refusal("bar", petition, by=office.accounts["intake"]) == ""
    assert "钥匙打不开" in refusal("bar", petition, by=office.accounts["handler"])


def test_a_role_without_the_key_does_nothing_with_a_lead(bureau: Bureau) -> None:
    lead = bureau.lead()
    assert refusal("bar", lead, by=bureau.by("manager")) == ""
    assert "钥匙打不开" in refusal("bar", lead, by=bureau.by("handler"))


def test_a_role_without_the_key_does_nothing_with_a_case(bureau: Bureau) -> None:
    case = Court(bureau).opened()
    assert refusal("note_intervention", case, by=bureau.by("manager")) == ""
    assert "钥匙打不开" in refusal("note_intervention", case, by=bureau.by("detective"))


# Pauses: the boss heads a discipline body too, and keeps out of what is about himself


def paused(bureau: Bureau, matter: Any, by: str = "handler") -> Pause:
    made: Pause = pauses.ask(by=bureau.by(by), matter=matter, ground="force_majeure", reason="道路中断")
    return made


def test_who_keeps_out_of_a_lead_neither_counts_nor_decides_its_pause(bureau: Bureau) -> None:
    pause = paused(bureau, bureau.fresh(bureau.verifying(bureau.lead("boss"))))
    waiting = {name: pausing.waiting(bureau.by(name))["asked"] for name in ("chief", "boss")}
    assert waiting == {"chief": 1, "boss": 0}
    with pytest.raises(Refused, match="钥匙打不开"):
        pauses.approve(pause, by=bureau.by("boss"), document="同意")
    pauses.approve(Pause.objects.get(), by=bureau.by("chief"), document="同意")


def test_a_pause_of_a_case_is_seen_with_the_case(bureau: Bureau) -> None:
    court = Court(bureau)
    paused(bureau, court.fresh(court.ready("boss")), by="detective")
    seen = {name: Pause.objects.visible_to(bureau.by(name)).count() for name in ("chief", "detective", "boss", "staff")}
    assert seen == {"chief": 1, "detective": 1, "boss": 0, "staff": 0}


def test_a_pause_of_a_petition_is_seen_with_the_petition(office: Any) -> None:
    pauses.ask(by=office.accounts["intake"], matter=letter(office), ground="force_majeure", reason="道路中断")
    seen = {name: Pause.objects.visible_to(office.accounts[name]).count() for name in ("intake2", "handler")}
    assert seen == {"intake2": 1, "handler": 0}


# Sittings


def sat_on(bureau: Bureau, *about: str) -> Sitting:
    court = Court(bureau)
    case = court.fresh(court.tried(*about))
    return called(bureau.by, case, bureau.secret("manager", case))


@pytest.mark.usefixtures("first_wall_alone")
def test_who_works_on_a_case_does_not_learn_that_the_body_sits(bureau: Bureau) -> None:
    sitting = sat_on(bureau)
    page = {
        name: bureau.client(name).get(sitting.case.get_absolute_url()).content.decode()
        for name in ("manager", "detective")
    }
    assert {name: sitting.get_absolute_url() in page[name] for name in page} == {"manager": True, "detective": False}


@pytest.mark.usefixtures("first_wall_alone")
def test_who_works_on_a_lead_does_not_learn_that_the_body_sits(bureau: Bureau) -> None:
    lead = bureau.fresh(bureau.screened("close", ground="empty"))
    sitting = called(bureau.by, lead, bureau.secret("manager", lead))
    page = {name: bureau.client(name).get(lead.get_absolute_url()).content.decode() for name in ("manager", "handler")}
    assert {name: sitting.get_absolute_url() in page[name] for name in page} == {"manager": True, "handler": False}


def test_who_must_keep_out_of_a_sitting_neither_keeps_its_minutes_nor_is_led_to_its_case(bureau: Bureau) -> None:
    sitting = sat_on(bureau, "boss")
    assert refusal("attend", sitting, by=bureau.by("manager")) == ""
    assert "钥匙打不开" in refusal("attend", sitting, by=bureau.by("manager2")), "he works below the boss"
    assert sittings.matter_of(sitting, bureau.by("manager")) == sitting.case
    assert sittings.matter_of(sitting, bureau.by("boss")) is None


def test_nobody_is_shown_a_form_to_convene_on_what_is_not_to_be_decided(bureau: Bureau) -> None:
    manager, ask = bureau.client("manager", unlock=True), "/cases/sitting/convene/?lead="
    assert manager.get(f"{ask}{bureau.confirmed().pk}").status_code == 409
    assert manager.get(f"{ask}{bureau.screened('close', ground='empty').pk}").status_code == 200


@pytest.mark.usefixtures("first_wall_alone")
def test_minutes_are_printed_by_who_opens_them_for_as_long_as_they_are_there(bureau: Bureau) -> None:
    sitting, members = sat_on(bureau), ("chief", "chief2", "boss")
    resolved(bureau.by, spoken(bureau.by, opened(bureau.by, sitting, members), dict.fromkeys(members, "for")))
    ask = lambda name: bureau.client(name, unlock=True).get(f"/cases/paperwork/sitting/{sitting.pk}.docx")  # noqa: E731
    assert {name: ask(name).status_code for name in ("manager", "detective")} == {"manager": 200, "detective": 404}
    Wrap.objects.filter(key=sitting.key).delete()
    gone = ask("manager")
    assert (gone.status_code, "内容已经销毁" in gone.content.decode()) == (409, True)


def test_a_case_that_waits_for_the_body_waits_for_who_opens_it(bureau: Bureau) -> None:
    court = Court(bureau)
    court.tried("boss")
    assert {name: sittings.to_convene(bureau.by(name)) for name in ("manager", "boss")} == {"manager": 1, "boss": 0}


# Leads and their easings


def test_who_keeps_out_of_a_lead_meanwhile_is_not_asked_to_sign_its_report(bureau: Bureau) -> None:
    lead, member = bureau.verifying(), bureau.by("member")
    secret = bureau.secret("handler", lead)
    for name in ("handler", "member"):
        joins = {"member": bureau.by(name), "holder": bureau.holders[name], "secret": secret}
        checks.join(lead, by=bureau.by("handler"), **joins)
    checks.write_report(lead, by=bureau.by("handler"), drafts=bureau.papers(lead, "check_report"))
    assert to_sign(member) == 1
    recusals.declare(by=member, subject=bureau.units["H"], ground="interest", reason="利害关系")
    assert to_sign(bureau.by("member")) == 0


def test_how_light_a_hand_is_counts_the_leads_one_opens(bureau: Bureau) -> None:
    bureau.verifying()
    bureau.closed(bureau.lead("boss"))
    counted = lambda name: [(one.made, one.light) for one in easings.habits(bureau.by(name))]  # noqa: E731
    assert (counted("chief"), counted("boss")) == ([(2, 1)], [(1, 0)])


@pytest.mark.usefixtures("first_wall_alone")
def test_a_lead_one_cannot_open_is_to_a_merger_as_if_there_were_none(bureau: Bureau) -> None:
    mine, unseen, client = bureau.confirmed(), bureau.lead(), bureau.client("handler")
    second = bureau.confirmed()
    said = {"kind": "easing_merge", "ground": "same_matter", "easing_reason": "同一问题"}
    ask = lambda number: client.post(  # noqa: E731
        f"/api/cases/disposal/{mine.pk}/request/", {**said, "into": number}, content_type="application/json"
    )
    hidden, absent = ask(unseen.number), ask("XS0")
    assert (hidden.status_code, absent.status_code, hidden.json()) == (422, 422, absent.json())
    assert not Easing.objects.exists()
    assert ask(second.number).status_code == 200


def test_a_term_of_a_lead_one_keeps_out_of_is_neither_counted_nor_prolonged(bureau: Bureau) -> None:
    bureau.lead("boss", source="inspection")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_term SET due_on = %s", [timezone.localdate() - timedelta(days=1)])
    term = Term.objects.get()
    late = {name: terms.waiting(bureau.by(name))["late"] for name in ("chief", "boss")}
    queued = {name: sum(one.total for one in queues(bureau.by(name))) for name in ("chief", "boss")}
    assert (late, queued) == ({"chief": 1, "boss": 0}, {"chief": 1, "boss": 0})
    assert refusal("prolong", term, by=bureau.by("chief")) == ""
    assert "看不到" in refusal("prolong", term, by=bureau.by("boss"))


# Petitions, partners


def test_what_one_may_not_open_is_not_like_anything(office: Any) -> None:
    hidden, mine = written(office, *MATTERS[0], names=("boss",)), written(office, *MATTERS[1])
    for petition in (hidden, *(written(office, *matter) for matter in MATTERS[2:])):
        petitions.study(petition, register.opened(petition, office.unlocked("boss"))[0])
    page = register.opened(mine, office.unlocked("intake"))[0]
    like = lambda name: [one.petition for one in register.alike(mine, page, office.accounts[name])]  # noqa: E731
    assert (like("boss"), like("intake")) == ([hidden], [])


def test_who_cannot_open_the_mailroom_lets_nobody_in(office: Any) -> None:
    room = found(office)
    stranger = newcomer("stranger", "petition_intake", office.people["intake"].unit)
    assert refusal("let_in", room, by=office.accounts["intake"]) == ""
    assert "打开收件室" in refusal("let_in", room, by=stranger)


@pytest.mark.usefixtures("first_wall_alone")
def test_a_unit_out_of_reach_is_to_a_partner_as_if_it_did_not_exist(bureau: Bureau) -> None:
    keys = newcomer("keys", "key_manager", bureau.units["S"])
    client = pages_of(bureau, keys)
    ask = lambda code: client.post(  # noqa: E731
        "/api/cases/partner/", {"relation": "subordinate", "unit": code}, content_type="application/json"
    )
    hidden, absent = ask("H"), ask("nowhere")
    assert (hidden.status_code, absent.status_code, hidden.json()) == (422, 422, absent.json())
    assert ask("S").status_code == 201


# What follows a case


def test_who_is_on_no_roll_asks_for_no_clearing(bureau: Bureau) -> None:
    desk = newcomer("desk")
    may = lambda account: not refusal("propose", None, by=account, model=Clearing)  # noqa: E731
    assert [may(bureau.by("staff")), may(bureau.by("handler")), may(desk)] == [True, True, False]
    assert pages_of(bureau, desk).get("/cases/clearing/propose/").status_code == 409


@pytest.mark.usefixtures("first_wall_alone")
def test_the_same_again_is_not_told_to_whom_it_is_about(docket: Docket) -> None:
    row, unit = issue(docket), docket.bureau.units["S"]
    person = people.enrol(by=SYSTEM, number="P900", name="副职", unit=unit)
    deputy = newcomer("deputy", "unit_leader", unit, person)
    record_violation(unit, "B4", person)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_redress SET issued_on = issued_on - 10 WHERE id = %s", [row.pk])
    told = lambda client: "".join(  # noqa: E731
        line for one in client.get(row.get_absolute_url()).context["passages"] for line in one.lines
    )
    assert told(docket.client("leader"))
    assert not told(pages_of(docket.bureau, deputy))
