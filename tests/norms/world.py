"""A small organisation for the tests of norms and the desk: three levels, accounts by role, packs published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.acts.many import act_many
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.org.account import queries as account_queries
from yuanqing.org.account.actions import grant, open_account
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Appointment, Post
from yuanqing.org.unit.actions import found
from yuanqing.org.unit.models import Unit

BEGAN = date(2024, 1, 1)
PASSWORD = "quiet-river-42x"


@act_many(Person, creates=True, step="take_on_for_tests")
def _employ(many: Any, rows: list[Any], *, by: Any) -> int:
    return int(many.create(rows))


@dataclass
class World:
    """Group 0 with 01 (0101, 0102) and 02."""

    units: dict[str, Unit]

    def account(self, role: str, code: str = "", *, name: str = "", email: str = "", person: Any = None) -> Account:
        name = name or f"{role}-{code or 'all'}"
        account = open_account(by=SYSTEM, username=name, display_name=name, email=email, person=person)
        unit = self.units[code] if code else None
        grant(by=SYSTEM, account=account, role=role, unit=unit, starts_on=BEGAN, reason="测试")
        return Account.objects.get(pk=account.pk)

    def person(self, code: str, name: str, *, rank: str = "", number: str = "", since: date = BEGAN) -> Person:
        """Somebody on the rolls of a unit, in a post of this rank since a day."""
        person = Person(number=number or name, name=name, unit=self.units[code])
        rows: list[Any] = [person]
        if rank:
            post = Post(code=f"P-{person.number}", name=f"{name}的岗位", unit=self.units[code], rank=rank)
            rows += [post, Appointment(person=person, post=post, during=DateRange(since, None))]
        _employ(rows, by=SYSTEM)
        return person


def make_units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, parent, name in (
        ("0", "", "集团"),
        ("01", "0", "东部公司"),
        ("0101", "01", "东部一部"),
        ("0102", "01", "东部二部"),
        ("02", "0", "西部公司"),
    ):
        units[code] = found(
            by=SYSTEM, code=code, name=name, began_on=BEGAN, parent=units.get(parent), kind="subsidiary"
        )
    return units


def make_world() -> World:
    publish_shipped()
    account_queries.follow_published_roles()  # and again whenever a test enters
    return World(make_units())


__all__ = ["PASSWORD", "World", "make_units", "make_world"]
