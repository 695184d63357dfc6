"""A discipline body with everybody it takes to handle a lead, and a reported leader whose people must see nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.stages import stage

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.inquiry import actions as inquiries
from yuanqing.cases.lead import actions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Draft, drafted
from yuanqing.cases.verification import actions as checks
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import envelope, escrow, passphrase, unlocking
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.post import actions as posts
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

WORDS = "a passphrase of the tests"
BEGAN = date(2024, 1, 1)
CAST = {
    "manager": ("lead_manager", "H"),
    "manager2": ("lead_manager", "S"),  # works below the boss
    "handler": ("lead_handler", "H"),
    "member": ("lead_handler", "H"),
    "clerk": ("lead_handler", "S"),  # works below the boss
    "chief": ("discipline_chief", "H"),
    "chief2": ("discipline_chief", "H"),
    "boss": ("discipline_chief", "S"),  # leads S
    "reader": ("lead_rereader", "H"),
    "detective": ("case_investigator", "H"),
    "detective2": ("case_investigator", "H"),
    "judge": ("case_trial", "H"),
    "judge2": ("case_trial", "H"),
    "intake": ("petition_intake", "H"),
    "admin": ("system_administrator", "H"),
    "staff": ("staff", "H"),
}
WITHOUT_KEYS = ("admin", "staff")


@dataclass
class Bureau:
    """Accounts, persons, units and holders by name."""

    accounts: dict[str, Account] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)

    def by(self, name: str) -> Account:
        """As at the beginning of a request: rights are looked up anew."""
        found: Account = Account.objects.get(pk=self.accounts[name].pk)
        return found

    def unlocked(self, name: str) -> Unlocking:
        return Unlocking(self.holders[name], self.identities[name])

    def secret(self, name: str, record: Any) -> str:
        record.key.refresh_from_db()
        return self.unlocked(name).secret_of(record.key)

    def client(self, name: str, *, unlock: bool = False) -> Client:
        client = Client(enforce_csrf_checks=False)
        client.force_login(self.accounts[name])
        if unlock:
            client.cookies[unlocking.COOKIE] = unlocking.begin(self.accounts[name], WORDS)
        return client

    # A lead's life

    def lead(self, *about: str, by: str = "manager", **envelope: Any) -> Lead:
        """Registered; about the named members of the cast."""
        persons = [self.people[name] for name in about]
        petition = envelope.pop("petition", None)
        given = {
            "source": "audit",
            "category": "integrity",
            "level": "level_staff",
            "elements": ["when", "who", "what"],
        }
        given |= {"unit": self.units["H"], **envelope}
        said = {"text": "账外设立小金库", "who": "某科长"}
        file = actions.opened_file(self.by(by), given["unit"], said, persons, petition)
        lead: Lead = actions.register(by=self.by(by), file=file, petition=petition, **given)
        return self.fresh(lead)

    def fresh(self, lead: Lead) -> Lead:
        rows = Lead.objects.select_related("key", "unit", "handler", "owner", "petition")
        found: Lead = rows.get(pk=lead.pk)
        return found

    def papers(self, lead: Lead, *kinds: str) -> list[Draft]:
        return drafted(lead, {kind: f"{kind}的内容" for kind in kinds})

    def assigned(self, lead: Lead, to: str = "handler") -> Lead:
        secret = self.secret("manager", lead)
        actions.assign(lead, by=self.by("manager"), handler=self.by(to), holder=self.holders[to], secret=secret)
        return lead

    def confirmed(self, lead: Lead | None = None) -> Lead:
        lead = self.assigned(lead or self.lead())
        actions.confirm(lead, by=self.by("handler"))
        return lead

    def screened(self, method: str = "verify", lead: Lead | None = None, **more: Any) -> Lead:
        lead = self.confirmed(lead)
        words = {
            "studied_on": timezone.localdate(),
            "studied_by": 3,
            "drafts": self.papers(lead, "study", "plan"),
            **more,
        }
        actions.screen(lead, by=self.by("handler"), method=method, **words)
        return lead

    def verifying(self, lead: Lead | None = None) -> Lead:
        lead = self.screened("verify", lead)
        decisions.verify(lead, by=self.by("chief"), reason="同意")
        return lead

    def signed(self, lead: Lead | None = None) -> Lead:
        """A check with a team of two whose report both have signed."""
        lead = self.verifying(lead)
        for name in ("handler", "member"):
            secret = self.secret("handler", lead)
            checks.join(lead, by=self.by("handler"), member=self.by(name), holder=self.holders[name], secret=secret)
        checks.write_report(lead, by=self.by("handler"), drafts=self.papers(lead, "check_report"))
        for name in ("handler", "member"):
            checks.sign(lead, by=self.by(name))
        return lead

    def verified(self, proposal: str = "check_file", lead: Lead | None = None, **more: Any) -> Lead:
        lead = self.signed(lead)
        checks.report_check(lead, by=self.by("handler"), proposal=proposal, **more)
        return lead

    def inquiring(self, lead: Lead | None = None) -> Lead:
        lead = self.screened("inquire", lead)
        decisions.inquire(lead, by=self.by("chief"), reason="同意")
        return lead

    def asked(self, lead: Lead | None = None) -> Lead:
        lead, today = self.inquiring(lead), timezone.localdate()
        inquiries.ask(lead, by=self.by("handler"), mode="letter", on=today, drafts=self.papers(lead, "letter"))
        return lead

    def answered(self, lead: Lead | None = None) -> Lead:
        lead, today = self.asked(lead), timezone.localdate()
        inquiries.answer(lead, by=self.by("handler"), on=today, is_endorsed=True, drafts=self.papers(lead, "reply"))
        return lead

    def closed(self, lead: Lead | None = None) -> Lead:
        lead = self.screened("close", lead, ground="empty")
        decisions.close(lead, by=self.by("chief"), reason="内容空泛，无法查证")
        return lead


def furnish() -> Bureau:
    """Two units, the cast with its keys, an escrow."""
    publish_shipped(by=SYSTEM)
    bureau = Bureau()
    root = units.found(by=SYSTEM, code="H", name="本部", began_on=BEGAN)
    below = units.found(by=SYSTEM, code="S", name="某分公司", parent=root, began_on=BEGAN)
    bureau.units = {"H": root, "S": below}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "MEMORY_KIB", 64)
        patch.setattr(passphrase, "PASSES", 1)
        for number, (name, (role, unit)) in enumerate(CAST.items(), 1):
            person = people.enrol(by=SYSTEM, number=f"P{number:03d}", name=f"人{number}", unit=bureau.units[unit])
            bureau.people[name] = person
            account = accounts.open_account(by=SYSTEM, username=name, display_name=name, password=WORDS, person=person)
            accounts.grant(by=SYSTEM, account=account, role=role, unit=root, starts_on=BEGAN, reason="测试")
            bureau.accounts[name] = Account.objects.get(pk=account.pk)
            if name not in WITHOUT_KEYS:
                fresh = sealing.new_enrolment(WORDS)
                holder = sealing.enrol(
                    by=SYSTEM, account_id=account.pk, name=name, fresh=fresh, receives=name == "intake"
                )
                bureau.holders[name], bureau.identities[name] = holder, fresh.secret
    post = posts.create(by=SYSTEM, code="S-1", name="经理", unit=below, rank="mid_level_leader")
    posts.appoint(by=SYSTEM, person=bureau.people["boss"], post=post, starts_on=BEGAN, document="任〔2024〕1号")
    secret, public = envelope.new_identity()
    escrow.split(secret, 3, 5)
    sealing.found_escrow(by=SYSTEM, public=public, needed=3, custodians=5)
    return bureau


bureau: Any = stage(furnish, enter=lambda: install_roles(shipped("roles")))
