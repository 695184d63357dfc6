"""The seven queues that handlers know, the preliminary check and the transfers: how much is late, and how much runs out within a
week and a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yuanqing.cases.case.models import Case
from yuanqing.cases.expiry import rules
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.term.models import Term
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.almanac import after
from yuanqing.kernel.packs.calendar import calendar_in_force

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
PROBATION = 12  # months, where the decision names none
LEADS = (  # state, queue
    ("screening", gettext_lazy("处置建议到期")),
    ("inquiring", gettext_lazy("谈话函询到期")),
    ("verifying", gettext_lazy("初步核实到期")),
    ("held", gettext_lazy("暂存待查到期")),
)
TRANSFERS = (
    ("sent", gettext_lazy("材料回执或签收到期")),
    ("arrived", gettext_lazy("材料拆封登记到期")),
    ("delivered", gettext_lazy("对方答复到期")),
    ("taken", gettext_lazy("答复来件到期")),
)
TERMS = (("running", gettext_lazy("其他限期事项到期")),)
CASES = (
    ("investigating", gettext_lazy("立案审查到期")),
    ("in_trial", gettext_lazy("案件审理到期")),
    ("decided", gettext_lazy("处分决定执行到期")),
)


@dataclass(frozen=True)
class Queue:
    """一个到期队列: when each of its rows ends, the first to end first, and the list in which they stand."""

    label: str | Promise
    address: str
    query: dict[str, str]
    ends: tuple[rules.End, ...]
    now: datetime
    by_day: bool = True  # whether the list can be narrowed by the last day
    by_hour: bool = False  # whether the list can be narrowed by what is over, as it has to be where hours count

    def _within(self, days: timedelta) -> int:
        return sum(rules.is_near(end, self.now, days) for end in self.ends)

    def _link(self, **narrowed: str) -> str:
        return f"{self.address}?{urlencode({**self.query, **(narrowed | {'order': 'due_on'} if self.by_day else {})})}"

    def _near(self, days: timedelta) -> str:
        today = timezone.localdate(self.now)
        first = {"late": "no"} if self.by_hour else {"due_from": today.isoformat()}
        return self._link(**first, due_until=(today + days).isoformat())

    @property
    def total(self) -> int:
        return len(self.ends)

    @property
    def late(self) -> int:
        return sum(rules.is_over(end, self.now) for end in self.ends)

    @property
    def week(self) -> int:
        return self._within(WEEK)

    @property
    def month(self) -> int:
        return self._within(MONTH)

    @property
    def next(self) -> rules.End | None:
        return self.ends[0] if self.ends else None

    @property
    def link(self) -> str:
        return self._link()

    @property
    def late_link(self) -> str:
        yesterday = timezone.localdate(self.now) - timedelta(days=1)
        return self._link(**({"late": "yes"} if self.by_hour else {"due_until": yesterday.isoformat()}))

    @property
    def week_link(self) -> str:
        return self._near(WEEK)

    @property
    def month_link(self) -> str:
        return self._near(MONTH)


def queues(account: Any) -> list[Queue]:
    """Those of the nouns that the account may see; each counts what its list shows the account."""
    found, now = list[Queue](), timezone.now()
    kinds: tuple[tuple[str, Any, Any, str], ...] = (
        ("cases.lead.view", Lead, LEADS, "lead:list"),
        ("cases.case.view", Case, CASES, "case:list"),
        ("cases.transfer.view", Transfer, TRANSFERS, "transfer:list"),
    )
    for right, model, states, name in kinds:
        if account.can(right):
            rows = model.objects.visible_to(account).filter(state__in=dict(states), due_on__isnull=False)
            found += _queues(rows.order_by().values_list("state", "due_on"), states, reverse(name), now)
    if account.can("cases.term.view"):
        terms = Term.objects.visible_to(account).filter(state__in=dict(TERMS)).order_by()
        ends = [(state, at or on) for state, on, at in terms.values_list("state", "due_on", "due_at") if on]
        found += _queues(ends, TERMS, reverse("term:list"), now, by_hour=True)
    if account.can("cases.sanction.view"):
        found.append(_probation(account, now))
    return found


def _probation(account: Any, now: datetime) -> Queue:
    """The last day is reckoned from the decision; the list of sanctions knows the day until which a period bars."""
    query, calendar = {"kind": "party_probation", "state": "in_force"}, calendar_in_force()
    rows = Sanction.objects.visible_to(account).filter(**query, restored_on__isnull=True)
    decided = rows.order_by().values_list("decided_on", "months")
    days = sorted(after(on, months or PROBATION, "months", calendar) for on, months in decided)
    return Queue(gettext_lazy("留党察看到期"), reverse("sanction:list"), query, tuple(days), now, by_day=False)


def _queues(
    rows: Iterable[tuple[str, rules.End]],
    states: Iterable[tuple[str, Promise]],
    address: str,
    now: datetime,
    by_hour: bool = False,
) -> list[Queue]:
    by_state: dict[str, list[rules.End]] = {}
    for state, end in sorted(rows, key=lambda row: rules.last_instant(row[1])):
        by_state.setdefault(state, []).append(end)
    return [
        Queue(label, address, {"state": state}, tuple(by_state.get(state, ())), now, by_hour=by_hour)
        for state, label in states
    ]


def may_see(account: Any) -> bool:
    rights = ("cases.lead.view", "cases.case.view", "cases.sanction.view", "cases.transfer.view", "cases.term.view")
    return any(account.can(right) for right in rights)
