"""A small organisation that learns: three levels, people in posts, accounts of those who teach and those who are taught."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from tests.norms.world import World, make_units

from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.org.account import queries as account_queries
from yuanqing.org.account.actions import grant, open_account
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.org.person.actions import enrol
from yuanqing.org.person.models import Person
from yuanqing.org.post.actions import appoint, create
from yuanqing.org.post.models import Post

BEGAN = date(2024, 1, 1)


class School(World):
    """Group 0 with 01 (0101, 0102) and 02: 某书记 of the Party group, two mid-level leaders, a cashier, two workers."""

    def __init__(self) -> None:
        publish_shipped(SYSTEM)
        account_queries.follow_published_roles()
        super().__init__(make_units())
        self.people: dict[str, Person] = {}
        self.posts: dict[str, Post] = {}
        self.office = self.account("party_group_office", "0", name="office")
        self.secretary = self.learner("某书记", "0", rank="party_group_member", role="secretary")
        self.east = self.learner("东主任", "01", rank="mid_level_leader", role="unit_leader")
        self.west = self.learner("西主任", "02", rank="mid_level_leader", role="unit_leader")
        self.cashier = self.learner("出纳", "0101", is_key=True)
        self.worker = self.learner("工人甲", "0101", is_party_member=False)
        self.person_of("工人乙", "0102", is_party_member=False)
        self.contact = self.account("unit_contact", "01", name="contact")

    def person_of(
        self, name: str, code: str, rank: str = "", is_key: bool = False, is_party_member: bool = True, on: date = BEGAN
    ) -> Person:
        number = f"N{len(self.people) + 1:03d}"
        person = enrol(by=SYSTEM, number=number, name=name, unit=self.units[code], is_party_member=is_party_member)
        self.people[name] = person
        if rank or is_key:
            post = create(
                by=SYSTEM, code=f"G{number}", name=f"{name}岗", unit=self.units[code], rank=rank, is_key=is_key
            )
            self.posts[name] = post
            appoint(by=SYSTEM, post=post, person=person, starts_on=on)
        return person

    def learner(self, name: str, code: str, role: str = "staff", **words: Any) -> Account:
        person = self.person_of(name, code, **words)
        account = open_account(by=SYSTEM, username=person.number, display_name=name, person=person)
        grant(by=SYSTEM, account=account, role=role, unit=self.units[code], starts_on=BEGAN, reason="测试")
        return Account.objects.get(pk=account.pk)

    def contact_of(self, code: str) -> Account:
        """The contact of another unit, opened when asked for."""
        return self.account("unit_contact", code, name=f"contact-{code}")


EVERYBODY = (Rule(),)


class Reader:
    """A browser without scripts that sends the token it was given."""

    def __init__(self, account: Any) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(account)

    def get(self, url: str, **words: Any) -> Any:
        return self.client.get(url, **words)

    def post(self, url: str, data: dict[str, Any] | None = None, *, page: str = "/", **words: Any) -> Any:
        self.client.get(page)
        token = self.client.cookies["csrftoken"].value
        return self.client.post(url, {**(data or {}), "csrfmiddlewaretoken": token}, **words)


def text(response: Any) -> str:
    return str(response.content.decode())
