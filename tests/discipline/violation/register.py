"""A small organisation with a register of violations, for the tests of everything that reads or writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from yuanqing.discipline.violation import actions
from yuanqing.discipline.violation.actions import Dealt, Matter, Someone
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

BEGAN = date(2020, 1, 1)


def install_shipped_roles() -> None:
    roles = shipped("roles").of_kind("role")
    rules.install({role.code: role.capabilities for role in roles})


class Register:
    """0 示范集团 — 01 东部公司 (0101 东一厂), 02 西部公司; officers keep the register of the whole group."""

    def __init__(self) -> None:
        publish_shipped(SYSTEM)
        install_shipped_roles()
        self.units: dict[str, Unit] = {}
        for code, name, parent in (
            ("0", "示范集团", ""),
            ("01", "东部公司", "0"),
            ("0101", "东一厂", "01"),
            ("02", "西部公司", "0"),
        ):
            self.units[code] = units.found(
                by=SYSTEM, code=code, name=name, began_on=BEGAN, parent=self.units.get(parent)
            )
        self.number = 0
        self.officer, self.second, self.third = (
            self.account(name, "discipline_officer") for name in ("甲纪检", "乙纪检", "丙纪检")
        )
        self.secretary = self.account("书记", "secretary")

    def person(
        self, name: str, unit: str = "0101", level: str = "township_and_below", is_party_member: bool = True
    ) -> Person:
        self.number += 1
        return people.enrol(
            by=SYSTEM, number=f"P{self.number:03d}", name=name, unit=self.units[unit], level=level, is_party_member=is_party_member
        )  # fmt: skip

    def account(self, name: str, role: str, unit: str = "0", person: Person | None = None) -> Account:
        account: Account = accounts.open_account(by=SYSTEM, username=name, display_name=name, person=person)
        accounts.grant(by=SYSTEM, account=account, role=role, starts_on=BEGAN, reason="设岗", unit=self.units[unit])
        return account

    def record(self, *someones: Someone, by: Any = None, **changes: Any) -> Violation:
        given: dict[str, Any] = {
            "unit": self.units["0101"], "type": "B2a", "received_on": date(2026, 10, 8), "source": "petition",
            "facts": "用公款宴请。", "severity": "light",
        }  # fmt: skip
        who = someones or (Someone("township_and_below", name="某甲", is_party_member=True),)
        record: Violation = actions.record(by=by or self.officer, people=who, **{**given, **changes})
        return record

    def routed(self, *someones: Someone, by: Any = None, **changes: Any) -> Violation:
        record = self.record(*someones, by=by, **changes)
        actions.route(record, by=by or self.officer)
        return record

    def concluded(
        self,
        *someones: Someone,
        measure: str = "party_warning",
        on: date = date(2026, 10, 20),
        by: Any = None,
        **changes: Any,
    ) -> Violation:
        record = self.routed(*someones, by=by, **changes)
        for person in record.involved.all():
            actions.measure(record, by=by or self.officer, involved=person, code=measure, decided_on=on)
        actions.conclude(record, by=by or self.officer, on=on, outcome="已处理。")
        return record


def matter(
    unit: Unit, type: str, levels: Iterable[str], *, on: date, measures: Iterable[str] = (), **changes: Any
) -> Matter:
    """A concluded matter with one person at each level; `measures` are given out to the first of them in order."""
    given = [*measures]
    dealt = tuple(
        Dealt(
            Someone(level, name="某人", is_party_member=True),
            ((given[n], on, ""),) if n < len(given) else (("criticism", on, ""),),
        )
        for n, level in enumerate(levels)
    )
    words: dict[str, Any] = {"source": "supervision", "facts": "据查。", "severity": "light", "outcome": "已处理。"}
    return Matter(unit=unit, type=type, received_on=on, concluded_on=on, people=dealt, **{**words, **changes})
