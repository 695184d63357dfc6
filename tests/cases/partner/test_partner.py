"""Partner bodies: a card that nobody can alter, a fingerprint that two people compare, and the mailroom."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cases.transfer.other import Other

from yuanqing.cases.partner import actions, queries, rules, tasks
from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.unit.models import Unit

pytestmark = pytest.mark.django_db


def proposed(office: Any, other: Other, relation: str = "subordinate") -> Partner:
    made: Partner = actions.propose(by=office.accounts["keys"], relation=relation, card=other.card)
    return made


def confirmed(office: Any, other: Other, relation: str = "subordinate") -> Partner:
    made = proposed(office, other, relation)
    actions.confirm(made, by=office.accounts["intake"], fingerprint=made.fingerprint, compared="与对方主任通电话")
    return made


def found(office: Any) -> Mailroom:
    made: Mailroom = actions.found(by=office.accounts["keys"], name="某集团纪委")
    return made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("某县纪委", "某市纪委"),  # the signature no longer fits
        ("age1", "age2"),
        (rules.CARD, "yuanqing partner card v2"),
        ("\n\n— ", "\n— "),
        ("origin: ", "origin: x\norigin: "),
    ],
)
def test_a_card_that_was_altered_is_refused(office: Any, before: str, after: str) -> None:
    card = Other().card
    with pytest.raises(ValidationError, match="被改动过"):
        actions.propose(by=office.accounts["keys"], relation="subordinate", card=card.replace(before, after, 1))
    assert not Partner.objects.exists()


def test_a_card_signed_by_another_than_it_names_is_refused(office: Any) -> None:
    one, other = Other(), Other()
    text = rules.card_text(rules.Card(one.name, one.origin, one.public, one.verifier))
    with pytest.raises(ValidationError, match="被改动过"):
        actions.propose(by=office.accounts["keys"], relation="superior", card=other.signed(text))


@pytest.mark.parametrize("verifier", ["", "a+b", "a+00000000+AAAA", "a+zz+AAAA", "county.example+00000000+" + "A" * 44])
def test_what_is_no_verifier_key_is_told(verifier: str) -> None:
    with pytest.raises(ValueError, match="verifier"):
        rules.public_key(verifier)


def test_a_second_person_compares_the_fingerprint(office: Any) -> None:
    made = proposed(office, Other())
    with pytest.raises(Refused, match="权限"):
        actions.confirm(made, by=office.accounts["keys"], fingerprint=made.fingerprint, compared="电话")
    with pytest.raises(ValidationError, match="不要启用"):
        actions.confirm(made, by=office.accounts["intake"], fingerprint="0000 " * 6, compared="电话")
    with pytest.raises(ValidationError, match="怎样核对"):
        actions.confirm(made, by=office.accounts["intake"], fingerprint=made.fingerprint, compared=" ")
    made.refresh_from_db()
    assert made.state == "proposed"
    typed = made.fingerprint.replace(" ", "").upper()
    actions.confirm(made, by=office.accounts["intake"], fingerprint=typed, compared="与对方主任通电话")
    assert (made.state, made.confirmed_by_id) == ("confirmed", office.accounts["intake"].pk)
    with pytest.raises(Conflict):
        actions.propose(by=office.accounts["keys"], relation="parallel", card=_same_key(made))


def _same_key(partner: Partner) -> str:
    other = Other()
    other.public = partner.public
    return other.card


def test_a_unit_of_the_house_has_no_keys_to_compare(office: Any) -> None:
    unit = Unit.objects.get(code="S")
    made = actions.propose(by=office.accounts["keys"], relation="subordinate", unit=unit)
    assert made.is_inside
    actions.confirm(made, by=office.accounts["intake"], compared="组织关系明确")
    assert made.state == "confirmed"


def test_a_superior_body_receives_what_is_about_the_own_head(office: Any) -> None:
    confirmed(office, Other(name="上级纪委"), "superior")
    assert Holder.objects.filter(kind="superior", name="上级纪委").exists()


def test_the_mailroom_is_opened_by_who_receives(office: Any) -> None:
    room = found(office)
    names = set(Holder.objects.filter(pk__in=room.key.recipients).values_list("name", flat=True))
    assert names == {"intake", "intake2", "boss", "托管"}
    secret = office.unlocked("intake").secret_of(room.key)
    with pytest.raises(ValidationError, match="都已经能打开"):
        actions.let_in(room, by=office.accounts["intake"], secret=secret)
    sealing.set_receiving(office.holders["handler"], by=office.accounts["keys"], receives=True)
    room.refresh_from_db()
    actions.let_in(room, by=office.accounts["intake"], secret=secret)
    assert office.unlocked("handler").secret_of(room.key) == secret
    again = found(office)
    assert list(Mailroom.objects.in_use()) == [again]


def test_the_own_card_is_signed_and_not_taken_for_a_partner(office: Any) -> None:
    with pytest.raises(OperatorError, match="收件室"):
        tasks.card()
    room = found(office)
    told = rules.card_of(tasks.card())
    assert (told.name, told.public) == ("某集团纪委", room.key.public)
    assert queries.own_fingerprint() == rules.fingerprint(told.public, told.verifier)
    with pytest.raises(ValidationError, match="自己的名片"):
        actions.propose(by=office.accounts["keys"], relation="parallel", card=tasks.card())


def test_pages_and_programs(office: Any) -> None:
    keys, intake = office.client("keys"), office.client("intake", unlock=True)
    assert keys.post("/cases/partner/mailroom/", {"name": "某集团纪委"}).status_code == 302
    other = Other()
    card = SimpleUploadedFile("card.txt", other.card.encode())
    assert keys.post("/cases/partner/propose/", {"relation": "subordinate"}).status_code == 422
    assert (
        keys.post(
            "/cases/partner/propose/", {"relation": "subordinate", "card": SimpleUploadedFile("x", b"\xff")}
        ).status_code
        == 422
    )
    assert keys.post("/cases/partner/propose/", {"relation": "subordinate", "card": card}).status_code == 302
    made = Partner.objects.get()
    address = f"/cases/partner/{made.pk}/"
    page = intake.get(address).content.decode()
    assert made.fingerprint not in page, "whoever compares must not read it here"
    wrong = intake.post(f"{address}confirm/", {"fingerprint": "1", "compared": "电话"})
    assert (wrong.status_code, "不一致" in wrong.content.decode()) == (422, True)
    given = {"fingerprint": made.fingerprint, "compared": "电话"}
    assert keys.post(f"{address}confirm/", given).status_code == 409
    assert intake.post(f"{address}confirm/", given).status_code == 302
    assert made.fingerprint in intake.get(address).content.decode()
    for query in ("", "?state=confirmed", "?q=某", "?relation=superior", "?format=xlsx"):
        assert intake.get(f"/cases/partner/{query}").status_code == 200
    card_file = intake.get("/cases/partner/card/")
    assert rules.card_of(card_file.content.decode()).name == "某集团纪委"
    assert intake.get("/cases/partner/mailroom/let-in/").status_code == 200
    assert office.client("staff").get("/cases/partner/").status_code == 404
    assert office.client("staff").get(address).status_code == 404
    assert keys.get("/api/cases/partner/?state=confirmed").json()["count"] == 1
    body = {"relation": "parallel", "card": Other().card}
    assert keys.post("/api/cases/partner/", body, content_type="application/json").status_code == 201
    assert keys.post(f"{address}retire/", {"reason": "撤并"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reason) == ("retired", "撤并")


def test_a_key_manager_needs_no_other_role_to_register_a_unit_of_the_house(office: Any) -> None:
    keys, intake = office.client("keys"), office.client("intake", unlock=True)
    assert [grant.role for grant in office.accounts["keys"].grants.all()] == ["key_manager"]
    offered = keys.get("/org/unit/options/?unit=某").content.decode()
    assert "某分公司" in offered
    typed = {"relation": "subordinate", "unit": "某分公司"}
    assert keys.post("/cases/partner/propose/", {**typed, "unit": "某某公司"}).status_code == 422
    assert keys.post("/cases/partner/propose/", typed).status_code == 302
    made = Partner.objects.get()
    assert (made.name, made.is_inside, made.unit.code, made.state) == ("某分公司", True, "S", "proposed")
    address = f"/cases/partner/{made.pk}/"
    assert "某分公司" in keys.get(address).content.decode()
    assert intake.post(f"{address}confirm/", {"compared": "组织关系明确"}).status_code == 302
    assert keys.post(f"{address}retire/", {"reason": "撤并"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "retired"


def test_a_key_manager_registers_a_unit_of_the_house_by_program(office: Any) -> None:
    keys = office.client("keys")
    ask = lambda code: keys.post(  # noqa: E731
        "/api/cases/partner/", {"relation": "subordinate", "unit": code}, content_type="application/json"
    )
    assert ask("nowhere").status_code == 422
    told = ask("S")
    assert (told.status_code, told.json()["name"], told.json()["is_inside"]) == (201, "某分公司", True)
    assert keys.get("/api/cases/partner/").json()["count"] == 1
