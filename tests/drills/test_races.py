"""Several reviewers press “accept” on the same return at the same moment: one of them does it, the others are told who did.

RACES=10000 is the figure that is claimed; fewer for a quick look.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from bench.figures_log import record
from django.db import connection
from tests.discipline.monthly_return.house import STATEMENT, STATES
from tests.drills.crash_house import BEGAN, open_month

from yuanqing.discipline.monthly_return import actions
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.kernel.acts import SYSTEM, Conflict
from yuanqing.kernel.ledger.models import Entry
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.period.models import Period
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

RACES = int(os.environ.get("RACES", "10000"))
UNITS, CROWD, CROWDED = 250, 8, 10  # every tenth race is one of eight, the others of two


def reviewers(group: Unit) -> list[Account]:
    made = []
    for number in range(CROWD):
        account = accounts.open_account(by=SYSTEM, username=f"reviewer{number}", display_name=f"审核{number}号")
        given = {"role": "superior_reviewer", "unit": group, "starts_on": BEGAN, "reason": "演练"}
        accounts.grant(by=SYSTEM, account=account, **given)
        made.append(Account.objects.get(pk=account.pk))
    return made


def reported(races: int) -> list[UUID]:
    """Returns that wait for their review, as many as there are races, all below one group."""
    publish_shipped(SYSTEM)
    group = units.found(by=SYSTEM, code="0", name="示范集团", parent=None, began_on=BEGAN)
    for number in range(min(UNITS, races)):
        units.found(by=SYSTEM, code=f"{number + 1:03d}", name=f"第{number + 1}公司", parent=group, began_on=BEGAN)
    leader = accounts.open_account(by=SYSTEM, username="leader", display_name="负责人")
    accounts.grant(by=SYSTEM, account=leader, role="unit_leader", unit=group, starts_on=BEGAN, reason="演练")
    leader = Account.objects.get(pk=leader.pk)
    for number in range(-(-races // UNITS)):
        open_month(f"{2021 + number // 12}-{number % 12 + 1:02d}", may_still_report=True)
    rows = MonthlyReturn.objects.exclude(unit=group)
    for period in Period.objects.all():
        given = {"states": STATES, "statement": STATEMENT, "rows": rows.filter(period=period), "explanation": "演练"}
        actions.submit_as_recorded(period, by=leader, **given)
    return list(rows.filter(state="submitted").order_by("pk").values_list("pk", flat=True)[:races])


class Reviewer(threading.Thread):
    """Accepts one return after the other, each at the same moment as the others of its race."""

    def __init__(self, account: Account, returns: Sequence[UUID], start: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.account, self.returns, self.together = account, returns, start
        self.won: list[UUID] = []
        self.lost: dict[UUID, str] = {}
        self.strange: list[str] = []

    def run(self) -> None:
        try:
            for pk in self.returns:
                paper = MonthlyReturn.objects.select_related("period", "unit").get(pk=pk)
                self.together.wait(60)
                self._accept(paper)
        except Exception as error:
            self.strange.append(repr(error))
            self.together.abort()
        finally:
            connection.close()

    def _accept(self, paper: MonthlyReturn) -> None:
        try:
            actions.accept(paper, by=self.account)
        except Conflict as conflict:
            self.lost[paper.pk] = str(conflict)
        else:
            self.won.append(paper.pk)


def race(people: Sequence[Account], returns: Sequence[UUID]) -> list[Reviewer]:
    start = threading.Barrier(len(people))
    threads = [Reviewer(account, returns, start) for account in people]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return threads


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_one_accepts_and_the_others_are_told_who(own_database: Any) -> None:
    returns = reported(RACES)
    assert len(returns) == RACES
    people = reviewers(Unit.objects.get(code="0"))
    crowded = returns[: RACES // CROWDED]
    ran = [*race(people, crowded), *race(people[:2], returns[len(crowded) :])]
    assert [thread.strange for thread in ran if thread.strange] == []

    winner = {pk: str(thread.account) for thread in ran for pk in thread.won}
    times = Counter(pk for thread in ran for pk in thread.won)
    told = [winner[pk] in sentence for thread in ran for pk, sentence in thread.lost.items()]
    entries = Counter(
        Entry.objects.filter(act="discipline.monthly_return.accept", record_id__in=returns).values_list(
            "record_id", flat=True
        )
    )
    states = set(MonthlyReturn.objects.filter(pk__in=returns).values_list("state", flat=True))
    doubled = sum(n - 1 for n in times.values())
    what = f"{RACES} racing approvals"
    record(
        f"{what}: doubled, lost", f"{doubled}, {RACES - len(times)}", "", "0, 0", not doubled and len(times) == RACES
    )
    record(f"{what}: losers told who decided", sum(told), f"of {len(told)}", "all", all(told))
    assert (len(times), doubled, set(entries.values()), len(entries)) == (RACES, 0, {1}, RACES)
    assert states == {"accepted"}
    assert all(told)
