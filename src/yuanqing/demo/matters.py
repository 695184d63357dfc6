"""Violations of the demo: received, routed, dealt with and sometimes corrected, by the officers who should."""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.utils import timezone

from yuanqing.demo.cast import OFFICERS, Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.stories import FACTS, LOWERS_OFTEN, NIL_ELEVEN, TINY, TYPES
from yuanqing.demo.world import World
from yuanqing.discipline.correction.actions import correct
from yuanqing.discipline.violation.actions import Someone, conclude, dismiss, measure, record, route, transfer
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.almanac import Month
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit

A_MONTH = 22  # violations received in the whole group
SOURCES = ("petition", "supervision", "inspection", "transfer", "self_report")


class Matters:
    """Puts the matters of each month on the agenda."""

    def __init__(
        self, world: World, cast: Cast, agenda: Agenda, chance: random.Random, measures: dict[str, list[str]]
    ) -> None:
        self.cast, self.agenda, self.chance, self.measures = cast, agenda, chance, measures
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.staff = {code: numbers[6:] or numbers for code, numbers in world.staff.items()}
        self.people = Person.objects.in_bulk(
            [n for numbers in self.staff.values() for n in numbers], field_name="number"
        )
        self.codes = [code for code in world.reporting if code not in (NIL_ELEVEN, TINY)]
        self.sizes = [len(world.staff[code]) for code in self.codes]

    def plan_month(self, month: Month, turn: int, turns: int) -> None:
        season = 1.4 if month.month in (1, 2, 9, 10) else 1.0
        count = max(4, round(self.chance.gauss(A_MONTH * season, 4)))
        for code in self.chance.choices(self.codes, self.sizes, k=count):
            self._put(self.units[code], self._day_in(month))
        if turn in (turns - 8, turns - 4):  # two matters about the unit that reports nil all the while
            self._put(self.units[NIL_ELEVEN], self._day_in(month))
        if turn == turns - 6:  # one matter among four people is a share that looks terrible and says nothing
            self._put(self.units[TINY], self._day_in(month))

    def _day_in(self, month: Month) -> date:
        return month.first_day + timedelta(days=self.chance.randint(0, month.last_day.day - 1))

    def _put(self, unit: Unit, day: date) -> None:
        self.agenda.put(
            moment(day, self.chance.randint(9, 17), self.chance.randint(0, 59)), lambda: self._receive(unit, day)
        )

    def _receive(self, unit: Unit, day: date) -> None:
        kind = self.chance.choice(TYPES)
        severity = self.chance.choices(("minor", "light", "grave"), (60, 32, 8))[0]
        chosen = self.chance.sample(
            self.staff[unit.code], k=min(len(self.staff[unit.code]), self.chance.choices((1, 2, 3), (70, 22, 8))[0])
        )
        people = [self.people[number] for number in chosen]
        officer = self.cast.by_name[self.chance.choice(("discipline", "discipline2"))]
        violation = record(
            by=officer, unit=unit, type=kind, received_on=day, source=self.chance.choice(SOURCES), facts=FACTS[kind],
            severity=severity, people=[Someone(p.level, p, p.name, p.is_party_member) for p in people],
        )  # fmt: skip
        self._later(1, 4, lambda: self._route(violation, officer))

    def _later(self, least: int, most: int, what: object) -> None:
        when = timezone.now() + timedelta(days=self.chance.randint(least, most), minutes=self.chance.randint(0, 200))
        self.agenda.put(when, what)  # type: ignore[arg-type]

    def _route(self, violation: Violation, officer: Account) -> None:
        route(violation, by=officer)
        if violation.route == "criminal_transfer":
            self._later(2, 6, lambda: self._transfer(violation, officer))
        elif self.chance.random() < 0.12:
            other = self.cast.by_name["discipline3"]
            self._later(10, 30, lambda: dismiss(violation, by=other, reason="经核实，反映的问题不存在。"))
        else:
            self._later(8, 45, lambda: self._conclude(violation, officer))

    def _transfer(self, violation: Violation, officer: Account) -> None:
        transfer(
            violation, by=officer, authority="有管辖权的机关", on=timezone.localdate(), receipt=f"SJ-{violation.number}"
        )
        self._later(5, 20, lambda: self._conclude(violation, officer))

    def _conclude(self, violation: Violation, officer: Account) -> None:
        today = timezone.localdate()
        for someone in violation.involved.all():
            table = "party" if someone.is_party_member else "other"
            code = self.chance.choice(self.measures[f"{violation.severity}.{table}"])
            measure(violation, by=officer, involved=someone, code=code, decided_on=today)
        conclude(violation, by=officer, on=today, outcome="问题属实，已按程序处理。")
        if self.chance.random() < 0.16:
            self._later(20, 60, lambda: self._correct(violation))

    def _correct(self, violation: Violation) -> None:
        """A later entry by somebody who had no part in the matter; one officer lowers far more readily than the others."""
        others = [name for name in OFFICERS if self.cast.by_name[name].pk not in violation.handlers]
        name = self.chance.choice(others)
        officer = self.cast.by_name[name]
        if self.chance.random() >= (0.8 if name == LOWERS_OFTEN else 0.2):
            facts = f"{violation.facts}时间、金额已与原始凭证核对。"
            correct(violation, by=officer, reason="补充核实事实。", facts=facts)
        elif violation.severity == "minor":
            kind = "B2b" if violation.type != "B2b" else "B2a"
            correct(violation, by=officer, reason="归类有误，重新归类。", lowering="reclassified", type=kind)
        else:
            lighter = "minor" if violation.severity == "light" else "light"
            ground = "evidence_insufficient" if name == LOWERS_OFTEN else "decision_changed"
            correct(violation, by=officer, reason="复查认为情节较轻。", lowering=ground, severity=lighter)


def measures_by_case(codes: object) -> dict[str, list[str]]:
    """severity.party|other → codes of measures that fit, from the pack's tables."""
    known = codes.measures  # type: ignore[attr-defined]

    def of(table: str, form: int) -> list[str]:
        return [code for code, entry in known.items() if entry.table == table and entry.form == form]

    found: dict[str, list[str]] = {}
    for severity, form in (("minor", 1), ("light", 2), ("grave", 3)):
        party = of("measure", 1) if form == 1 else of("party_sanction", form)
        other = of("measure", 1) if form == 1 else of("administrative_sanction", form)
        found |= {f"{severity}.party": party, f"{severity}.other": other}
    return found
