"""A small organisation that reports: the register's four units, their people, a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from tests.discipline.violation.register import Register

from yuanqing.discipline.monthly_return import actions, queries
from yuanqing.discipline.monthly_return.actions import Filled
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.violation.actions import Someone
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import SHANGHAI, Month
from yuanqing.norms.period.actions import open_period
from yuanqing.norms.period.models import Period

STATES = {f"state.D{n}": "enforced" for n in range(1, 11)}
STATEMENT = "本单位本月无受理、无查处，特此签报。"


@contextmanager
def clock(text: str) -> Iterator[datetime]:
    """Beijing time, "2026-11-03 10:00"; everything the product knows of time is this."""
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    with patch("django.utils.timezone.now", lambda: at):
        yield at


class House(Register):
    """东一厂 has a contact and a leader, the companies and the group have leaders, superiors review."""

    def __init__(self) -> None:
        super().__init__()
        self.contact = self.account("甲联络", "unit_contact", "0101")
        self.second_contact = self.account("乙联络", "unit_contact", "0101")
        self.leader = self.account("厂长", "unit_leader", "0101")
        self.east_leader = self.account("东总", "unit_leader", "01")
        self.west_leader = self.account("西总", "unit_leader", "02")
        self.east = self.account("东审核", "superior_reviewer", "01")
        self.east_other = self.account("东复核", "superior_reviewer", "01")
        self.group = self.account("集团审核", "superior_reviewer", "0")
        self.office = self.account("党办", "party_group_office", "0")

    def open(self, month: str) -> Period:
        period: Period = open_period(by=SYSTEM, form="return_form", month=Month.parse(month))
        return period

    def paper(self, unit: str, month: str = "2026-10") -> MonthlyReturn:
        found: MonthlyReturn = MonthlyReturn.objects.select_related("period", "unit").get(
            unit__code=unit, period__month_on=Month.parse(month).first_day
        )
        return found

    def as_recorded(self, record: MonthlyReturn, **changes: Any) -> Filled:
        """What the records say, with the ten disciplines answered; a change of None takes the cell out."""
        form = queries.form_of(record.period)
        recorded = queries.prefilled(form, record.period.month, record.unit_id)
        cells = {**recorded, **STATES, **changes.pop("cells", {})}
        changes.setdefault("nil_statement", "" if any(isinstance(v, int) and v for v in cells.values()) else STATEMENT)
        return Filled(cells={code: value for code, value in cells.items() if value is not None}, **changes)

    def submit(self, unit: str, by: Any, month: str = "2026-10", **changes: Any) -> MonthlyReturn:
        record = self.paper(unit, month)
        actions.submit(record, by=by, filled=self.as_recorded(record, **changes))
        return record

    def with_a_matter(self) -> None:
        """October at 东一厂: one meal (B2a, county, sanctioned) received and concluded, one gift still open."""
        self.concluded(Someone("county", name="某甲", is_party_member=True), on=date(2026, 10, 20))
        self.routed(Someone("county", name="某乙", is_party_member=True), type="B1a", received_on=date(2026, 10, 28))
