"""Leads whose passing on was approved go out as packages too."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from tests.cases.bureau import Bureau
from tests.cases.transfer.other import Other

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.parcel import queries as parcels
from yuanqing.cases.partner import actions as partners
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.transfer import actions, queries
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.acts import SYSTEM


def partner(bureau: Bureau, body: Other) -> Partner:
    made: Partner = partners.propose(by=SYSTEM, relation="judicial_body", card=body.card)
    partners.confirm(made, by=bureau.by("manager"), fingerprint=made.fingerprint, compared="机要件核对")
    return made


def test_a_lead_goes_when_passing_it_on_was_approved(bureau: Bureau) -> None:
    body = Other(name="某检察院")
    to = partner(bureau, body)
    lead = bureau.verified("check_pass_on", ground="not_ours", passed_to="某检察院")
    manager, key = bureau.by("manager"), bureau.unlocked("manager")
    early = parcels.packed(partner=to, way="hand_over", matters=[lead], unlocking=key)
    with pytest.raises(ValidationError, match="现在不能发出"):
        actions.pack(by=manager, package=early)
    decisions.pass_on(lead, by=bureau.by("chief"), reason="由检察机关办理")
    lead = bureau.fresh(lead)
    package = parcels.packed(partner=to, way="hand_over", matters=[lead], unlocking=key, cover="请依法办理")
    transfer = actions.pack(by=manager, package=package)
    said = body.opened(queries.body_of(transfer, "package"), settings.ORIGIN)["items"][0]
    assert (said["matter"], said["text"]) == ("lead", "账外设立小金库")
    assert any("check_report的内容" in letter["text"] for letter in said["letters"])
    assert not list(queries.packable_leads(manager))
    assert Transfer.objects.visible_to(manager).exists()
    for name in ("chief2", "boss", "reader", "staff", "manager2"):
        seen = lead.key.recipients
        opens = name in bureau.holders and bureau.holders[name].pk in seen
        account = bureau.by(name)
        assert Transfer.objects.visible_to(account).exists() is (opens and account.can("cases.transfer.view")), name
