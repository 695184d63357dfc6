"""A decided case about one member of the staff, and the leader of the unit that has to draw the lesson."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from tests.cases.bureau import BEGAN, WORDS, Bureau, bureau
from tests.cases.case.test_case import Court
from tests.stages import stage

from yuanqing.cases.case.models import Case
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person


@dataclass
class Docket:
    """The bureau with a decided case; `leader` answers for the unit S."""

    bureau: Bureau
    case: Case
    leader: Account

    def by(self, name: str) -> Account:
        return Account.objects.get(pk=self.leader.pk) if name == "leader" else self.bureau.by(name)

    def client(self, name: str, **more: Any) -> Any:
        if name != "leader":
            return self.bureau.client(name, **more)
        self.bureau.accounts["leader"] = self.leader
        return self.bureau.client("leader")

    def person(self, name: str) -> Person:
        found: Person = Person.objects.select_related("unit").get(pk=self.bureau.people[name].pk)
        return found

    def fresh(self) -> Case:
        found: Case = Case.objects.select_related("key", "unit", "lead").get(pk=self.case.pk)
        return found


def furnish(bureau: Bureau) -> Docket:
    with connection.cursor() as cursor:  # the one whom the case is about
        cursor.execute("UPDATE org_person SET is_party_member = true WHERE id = %s", [bureau.people["staff"].pk])
    case = Court(bureau).decided("staff")
    leader = accounts.open_account(by=SYSTEM, username="leader", display_name="leader", password=WORDS)
    accounts.grant(
        by=SYSTEM, account=leader, role="unit_leader", unit=bureau.units["S"], starts_on=BEGAN, reason="测试"
    )
    return Docket(bureau, case, Account.objects.get(pk=leader.pk))


docket: Any = stage(furnish, after=bureau)
