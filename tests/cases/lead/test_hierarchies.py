"""Random hierarchies: whom a lead is about, and everybody below him, never opens, receives, counts or is offered it.

The model is plain Python and shares no code with the product: parents of units, homes of people, who leads what, who is recused.
Units, people, posts and grants are put anew for each case; the lead goes through the real acts.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from tests.cases.bureau import BEGAN, WORDS
from tests.stages import stage

from yuanqing.cases.lead import actions, queries
from yuanqing.cases.lead.models import Lead, Paper
from yuanqing.cases.release import queries as release
from yuanqing.cases.release.policies import sees_running
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.database.scope import acting_for
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import envelope, passphrase
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles, scope_of
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.post import actions as posts
from yuanqing.org.post.models import Post
from yuanqing.org.recusal import actions as recusals
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit
from yuanqing.shell.inbox.models import Message

HIERARCHIES = int(os.environ.get("HIERARCHIES", "12"))
FIRST = int(os.environ.get("HIERARCHIES_FROM", "0"))  # a long run is cut in pieces
UNITS = 6
ROLES = ("lead_manager", "lead_manager", "discipline_chief", "discipline_chief", "lead_handler", "lead_handler", "discipline_chief", "lead_manager")  # fmt: skip
PEOPLE = len(ROLES) + 4  # some have no account


@dataclass
class House:
    """Everything that is put anew: keys of rows by number."""

    units: list[Any] = field(default_factory=list)
    people: list[Any] = field(default_factory=list)
    posts: list[Any] = field(default_factory=list)
    terms: list[Any] = field(default_factory=list)
    accounts: list[Any] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)


def furnish() -> House:
    publish_shipped(by=SYSTEM)
    house = House()
    root = units.found(by=SYSTEM, code="U0", name="单位0", began_on=BEGAN)
    for number in range(UNITS):
        unit = (
            root
            if number == 0
            else units.found(by=SYSTEM, code=f"U{number}", name=f"单位{number}", parent=root, began_on=BEGAN)
        )
        house.units.append(unit.pk)
        post = posts.create(
            by=SYSTEM, code=f"L{number}", name=f"主要负责人{number}", unit=unit, rank="mid_level_leader"
        )
        house.posts.append(post.pk)
    for number in range(PEOPLE):
        person = people.enrol(by=SYSTEM, number=f"P{number:02d}", name=f"人员{number}", unit=root)
        house.people.append(person.pk)
    for number, post in enumerate(house.posts):
        person = Person.objects.get(pk=house.people[number])
        term = posts.appoint(by=SYSTEM, person=person, post=Post.objects.get(pk=post), starts_on=BEGAN, document="任")
        house.terms.append(term.pk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "MEMORY_KIB", 64)
        patch.setattr(passphrase, "PASSES", 1)
        for number, role in enumerate(ROLES):
            person = Person.objects.get(pk=house.people[number])
            account = accounts.open_account(
                by=SYSTEM, username=f"a{number}", display_name=f"a{number}", password=WORDS, person=person
            )
            accounts.grant(by=SYSTEM, account=account, role=role, unit=root, starts_on=BEGAN, reason="测试")
            fresh = sealing.new_enrolment(WORDS)
            house.accounts.append(account.pk)
            house.holders.append(sealing.enrol(by=SYSTEM, account_id=account.pk, name=f"a{number}", fresh=fresh))
            house.identities.append(fresh.secret)
    sealing.found_escrow(by=SYSTEM, public=envelope.new_identity()[1], needed=3, custodians=5)
    return house


house: Any = stage(furnish, enter=lambda: install_roles(shipped("roles")))


@dataclass
class Case:
    """一件: a random hierarchy, what the lead is about, and who must keep out by the model."""

    house: House
    chance: random.Random

    def __post_init__(self) -> None:
        pick = self.chance
        self.parent = [None, *(pick.randrange(number) for number in range(1, UNITS))]
        self.home = [pick.randrange(UNITS) for _ in range(PEOPLE)]
        self.leads = [pick.randrange(PEOPLE) for _ in range(UNITS)]  # unit → who leads it
        self.place = [0 if pick.random() < 0.7 else pick.randrange(UNITS) for _ in ROLES]  # where each grant holds
        self.about = pick.sample(range(PEOPLE), pick.choice((1, 1, 1, 2)))
        self.unit = pick.randrange(UNITS)
        recused = (pick.randrange(len(ROLES)), pick.choice(self.about))
        self.recused = [recused] if pick.random() < 0.3 and recused[0] != recused[1] else []  # not from oneself
        self.out = self._out()

    def line(self, unit: int) -> list[int]:
        found, above = [unit], self.parent[unit]
        while above is not None:
            found.append(above)
            above = self.parent[above]
        return found

    def _out(self) -> set[int]:
        """The reported, whoever works in or below a unit that one of them leads, and who is recused from them."""
        found = {number for number in self.about if number < len(ROLES)}
        led = {unit for unit, leader in enumerate(self.leads) if leader in self.about}
        found |= {number for number in range(len(ROLES)) if led & set(self.line(self.home[number]))}
        return found | {account for account, _person in self.recused}

    def path(self, unit: int) -> str:
        return "".join(f"U{one}/" for one in reversed(self.line(unit)))

    def put(self) -> None:
        house = self.house
        with connection.cursor() as cursor:
            cursor.execute("UPDATE org_unit SET path = 'X' || path")  # paths are unique
            for number, pk in enumerate(house.units):
                above = self.parent[number]
                cursor.execute(
                    "UPDATE org_unit SET path = %s, parent_id = %s WHERE id = %s",
                    [self.path(number), None if above is None else house.units[above], pk],
                )
            for number, pk in enumerate(house.people):
                cursor.execute("UPDATE org_person SET unit_id = %s WHERE id = %s", [house.units[self.home[number]], pk])
            for unit, pk in enumerate(house.terms):
                cursor.execute(
                    "UPDATE org_appointment SET person_id = %s WHERE id = %s", [house.people[self.leads[unit]], pk]
                )
            for number, pk in enumerate(house.accounts):
                cursor.execute(
                    "UPDATE org_grant SET unit_id = %s WHERE account_id = %s", [house.units[self.place[number]], pk]
                )
        for account, person in self.recused:
            recusals.order(
                by=SYSTEM, account=self.by(account), ground="interest", reason="有利害关系",
                subject=Person.objects.get(pk=house.people[person]),
            )  # fmt: skip

    def by(self, number: int) -> Account:
        found: Account = Account.objects.get(pk=self.house.accounts[number])
        return found

    def registered(self) -> Lead | None:
        """By some manager in whose scope the unit lies; None when all refuse, because nobody fit remains."""
        unit = Unit.objects.get(pk=self.house.units[self.unit])
        persons = list(Person.objects.select_related("unit").filter(pk__in=[self.house.people[n] for n in self.about]))
        managers = [n for n, role in enumerate(ROLES) if role == "lead_manager"]
        self.chance.shuffle(managers)
        for number in managers:
            try:
                with transaction.atomic():
                    file = actions.opened_file(self.by(number), unit, {"text": "内容", "who": "某人"}, persons)
                    made = actions.register(
                        by=self.by(number), file=file, unit=unit, source="audit", category="integrity", level="level_staff"
                    )  # fmt: skip
            except (Refused, ValidationError):
                continue
            assert number not in self.out, "who must keep out has registered it"
            self.manager = number
            return Lead.objects.select_related("key", "unit").get(pk=made.pk)
        return None

    def assign(self, lead: Lead) -> None:
        """To every handler in turn; those who must keep out are refused."""
        key = Unlocking(self.house.holders[self.manager], self.house.identities[self.manager])
        for number in (n for n, role in enumerate(ROLES) if role == "lead_handler"):
            lead = Lead.objects.select_related("key", "unit").get(pk=lead.pk)
            try:
                with transaction.atomic():
                    actions.assign(
                        lead, by=self.by(self.manager), handler=self.by(number), holder=self.house.holders[number],
                        secret=key.secret_of(lead.key),
                    )  # fmt: skip
            except (Refused, ValidationError):
                continue
            assert number not in self.out, "who must keep out was given it"

    def check(self, lead: Lead) -> None:
        lead.refresh_from_db()
        recipients = set(Lead.objects.get(pk=lead.pk).key.recipients)
        for number in self.out:
            account = self.by(number)
            assert self.house.holders[number].pk not in recipients
            assert not Lead.objects.visible_to(account).exists()
            assert set(queries.waiting(account).values()) == {0}
            assert account.pk not in {lead.handler_id, lead.owner_id, lead.assigned_by_id}
            assert account.pk not in {holder.account_id for holder in queries.above(lead)}
            assert not Message.objects.filter(account=account).exists()
            with acting_for(scope_of(account)):  # the database itself
                assert not Lead._base_manager.exists()
                assert not Paper._base_manager.exists()
                today = timezone.localdate()
                kept = release.kept_from(account, today, today).leads
            assert kept == ([lead.pk] if sees_running(account) else [])  # who sees running numbers counts without it


def one(house: House, seed: int) -> tuple[bool, int]:
    case = Case(house, random.Random(seed))
    with transaction.atomic():
        case.put()
        lead = case.registered()
        if lead is not None:
            case.assign(lead)
            case.check(lead)
        transaction.set_rollback(True)
    return lead is not None, len(case.out)


def test_nobody_reported_or_below_learns_of_it(house: House) -> None:
    found = [one(house, seed) for seed in range(FIRST, FIRST + HIERARCHIES)]
    assert sum(made for made, _out in found) > HIERARCHIES // 4  # the hierarchies do not all refuse
    assert sum(out for _made, out in found) > HIERARCHIES // 2  # and somebody has to keep out


def test_the_model_finds_a_product_that_forgets_those_below(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A harness that cannot fail proves nothing: only the reported himself is kept out here."""

    def forgets(persons: Any, petition: Any = None) -> set[Any]:
        return set(Account.objects.filter(person__in=persons).values_list("pk", flat=True))

    monkeypatch.setattr(actions, "to_keep_out", forgets)
    with pytest.raises(AssertionError):
        _ = [one(house, seed) for seed in range(60)]


@pytest.mark.drill
@pytest.mark.parametrize("batch", range(10))
def test_five_thousand_hierarchies(house: House, batch: int) -> None:
    found = [one(house, 10_000 + 500 * batch + number) for number in range(500)]
    print(f"batch {batch}: {sum(made for made, _ in found)} leads of 500, {sum(out for _, out in found)} kept out")
