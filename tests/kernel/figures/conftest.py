"""A small world of units, violations and obligations, and the figures that count them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.kernel.figures import figure, registry
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.records import current_deed
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.unit.models import Placement, Unit

PLACES = {"0": "0/", "01": "0/01/", "02": "0/02/", "0101": "0/01/0101/", "0201": "0/02/0201/"}


class World:
    """Writes records directly, because what is tested here is reading."""

    def __init__(self) -> None:
        self.number = 0
        pack = PackVersion(
            name="eight_points", title="八项规定", kind="clauses", edition="2026", effective_from=date(2020, 1, 1),
            published_at=datetime.fromisoformat("2020-01-01T00:00:00+08:00"), fingerprint="f", content={},
        )  # fmt: skip
        self.clause = Clause(pack=pack, code="B1", title="违规收送礼品礼金", position=1)
        self.units = {
            code: Unit(code=code, name=f"单位{code}", path=path, began_on=date(2000, 1, 1))
            for code, path in PLACES.items()
        }
        for code, path in PLACES.items():
            self.units[code].parent = self.above(path)
        self.write(pack, self.clause, *self.units.values())

    def write(self, *records: Any) -> None:
        token = current_deed.set(object())  # type: ignore[arg-type]
        for record in records:
            type(record)._base_manager.bulk_create([record])
        current_deed.reset(token)

    def place(self, code: str, path: str, first: date, until: date | None = None) -> None:
        parent = self.above(path)
        self.write(Placement(unit=self.units[code], parent=parent, name=code, path=path, during=(first, until)))

    def above(self, path: str) -> Unit | None:
        """The unit whose code stands before the last in a path."""
        codes = path.split("/")[:-2]
        return self.units[codes[-1]] if codes else None

    def violation(
        self,
        unit: str,
        kind: str,
        received: date,
        concluded: date | None = None,
        level: str = "county",
        people: int = 1,
    ) -> Violation:
        self.number += 1
        matter = Violation(
            number=f"{self.number:04d}", unit=self.units[unit], clause=self.clause, rules="eight_points", type=kind, level=level,
            source="report", facts='有"引号"，\n有换行', received_on=received, concluded_on=concluded, route="discipline_body",
            state="concluded" if concluded else "routed",
        )  # fmt: skip
        self.write(matter)
        for n in range(people):
            self.write(Involved(violation=matter, name=f"甲{n}", level=level, position=n))
        return matter

    def obligation(self, unit: str, opens: date, due: datetime, fulfilled: datetime | None = None) -> None:
        by = self.clause.pk if fulfilled else None
        self.number += 1
        self.write(
            Obligation(
                kind=f"k{self.number}", clause=self.clause, unit=self.units[unit], opens_on=opens, due_at=due, fulfilled_at=fulfilled,
                fulfilled_by=by,
            )
        )  # fmt: skip


def _define() -> None:
    words = {"unit": "起", "definition": "…"}

    @figure("test.problems", label="查处问题数", dims=("type", "level"), **words)
    def problems(t: Any) -> Any:
        v = t.discipline_violation
        return t.per_month(v.filter(v.state == "concluded"), on="concluded_on", by=("type", "level"))

    @figure("test.gifts", label="类型以B开头的", **words)
    def gifts(t: Any) -> Any:
        v = t.discipline_violation
        return t.per_month(v.filter(v.type.like("B%")), on="concluded_on")

    @figure("test.people", label="处理人数", dims=("level",), **words)
    def people(t: Any) -> Any:
        v, i = t.discipline_violation, t.discipline_involved
        rows = i.join(v, i.violation_id == v.id).select(v.unit_id, v.concluded_on, i.level)
        return t.per_month(rows, on="concluded_on", by=("level",))

    @figure("test.fulfilled", label="按月履行的", **words)
    def fulfilled(t: Any) -> Any:
        return t.per_month(t.norms_obligation, on="fulfilled_at")

    @figure("test.positions", label="合计", **words)
    def positions(t: Any) -> Any:
        v, i = t.discipline_violation, t.discipline_involved
        rows = i.join(v, i.violation_id == v.id).select(v.unit_id, v.received_on, place=i.position)
        return t.per_month(rows, on="received_on", value="place")

    @figure("test.open", label="月末在办", dims=("type",), accumulates=False, **words)
    def still_open(t: Any) -> Any:
        return t.open_in_month(t.discipline_violation, began="received_on", ended="concluded_on", by=("type",))

    @figure("test.carried", label="上月结转", accumulates=False, **words)
    def carried(t: Any) -> Any:
        return t.open_in_month(t.discipline_violation, began="received_on", ended="concluded_on", at="start")


FIGURES = (
    "test.carried",
    "test.fulfilled",
    "test.gifts",
    "test.open",
    "test.people",
    "test.positions",
    "test.problems",
)


@pytest.fixture
def own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures registered in a test are forgotten after it."""
    monkeypatch.setattr(registry, "_figures", {})


@pytest.fixture
def defined(own_register: None) -> None:
    _define()


@pytest.fixture
def world(defined: None, db: None) -> World:
    return World()
