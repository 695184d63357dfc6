"""What is packed, seen and acknowledged is what one's key opens; the right to see a transfer is not yet one to see what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.cases.bureau import Bureau
from tests.cases.petition.test_petition import letter
from tests.cases.transfer.other import Other
from tests.cases.transfer.test_leads import partner
from tests.cases.transfer.test_transfer import arrived, sent

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.parcel import queries as parcels
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.transfer import actions, queries
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.acts import refusal
from yuanqing.norms.packs import shipped
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles


@pytest.fixture(autouse=True)
def _shipped_roles() -> Iterator[None]:
    """A test here narrows a role; the next one finds the shipped table again."""
    yield
    install_roles(shipped("roles"))


def barred(office: Any) -> Petition:
    """A letter that the boss could open until it turned out to be about him."""
    petition = letter(office)
    secret = office.secret("intake", petition)
    petitions.bar(petition, by=office.accounts["intake"], person=office.people["boss"], secret=secret)
    petition.refresh_from_db()
    return petition


def passed_on(bureau: Bureau, *about: str) -> Lead:
    lead = bureau.verified("check_pass_on", bureau.lead(*about), ground="not_ours", passed_to="某检察院")
    decisions.pass_on(lead, by=bureau.by("chief"), reason="由检察机关办理")
    return bureau.fresh(lead)


def test_petitions_are_packed_by_whom_their_key_opens(office: Any) -> None:
    petition = barred(office)
    offered = {name: list(queries.packable_petitions(office.accounts[name])) for name in ("intake", "boss", "handler")}
    assert offered == {"intake": [petition], "boss": [], "handler": []}


def test_leads_are_packed_by_whom_their_key_opens(bureau: Bureau) -> None:
    lead = passed_on(bureau, "boss")
    offered = {name: list(queries.packable_leads(bureau.by(name))) for name in ("manager", "manager2")}
    assert offered == {"manager": [lead], "manager2": []}, "he works below the boss"


def test_who_keeps_out_of_a_petition_takes_no_receipt_for_it(office: Any, other: Other) -> None:
    transfer = sent(office, barred(office))
    assert refusal("acknowledge", transfer, by=office.accounts["intake"]) == ""
    assert "钥匙打不开" in refusal("acknowledge", transfer, by=office.accounts["boss"])


def test_what_waits_is_counted_for_who_opens_it(office: Any, other: Other) -> None:
    arrived(office, other)
    waiting = {name: queries.waiting(office.accounts[name])["arrived"] for name in ("intake", "handler")}
    assert waiting == {"intake": 1, "handler": 0}


def seen_with(account: Any, role: str, *rights: str) -> bool:
    """Whether the account sees a transfer when its role allows these."""
    rules.install({role: rights})
    return bool(Transfer.objects.visible_to(Account.objects.get(pk=account.pk)).exists())


def test_a_transfer_of_petitions_is_seen_by_who_sees_petitions(office: Any, other: Other) -> None:
    sent(office)
    seen = lambda *rights: seen_with(office.accounts["intake"], "petition_intake", *rights)  # noqa: E731
    assert seen("cases.transfer.view", "cases.petition.view")
    assert not seen("cases.transfer.view")
    assert not seen("cases.petition.view")


def test_a_transfer_of_leads_is_seen_by_who_sees_leads(bureau: Bureau) -> None:
    lead, key = passed_on(bureau), bureau.unlocked("manager")
    to = partner(bureau, Other(name="某检察院"))
    package = parcels.packed(partner=to, way="hand_over", matters=[lead], unlocking=key)
    actions.pack(by=bureau.by("manager"), package=package)
    seen = lambda *rights: seen_with(bureau.accounts["manager"], "lead_manager", *rights)  # noqa: E731
    assert seen("cases.transfer.view", "cases.lead.view")
    assert not seen("cases.transfer.view")
    assert not seen("cases.lead.view")
