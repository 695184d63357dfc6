"""Every unit with all below it: as the tree is now, and as it was in each month."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.kernel.figures.conftest import PLACES, World

from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month
from yuanqing.org.unit.models import Unit

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)


@pytest.fixture
def moved(world: World) -> World:
    """0101 stood below 02 until the end of January."""
    for code, path in PLACES.items():
        if code != "0101":
            world.place(code, path, date(2000, 1, 1))
    world.place("0101", "0/02/0101/", date(2000, 1, 1), date(2026, 2, 1))
    world.place("0101", "0/01/0101/", date(2026, 2, 1))
    for month in (1, 2):
        world.violation("0101", "B1", date(2026, month, 2), date(2026, month, 20))
    world.violation("02", "A2", date(2026, 1, 2), date(2026, 1, 20))
    return world


def sums(world: World, **asked: Any) -> dict[str, int]:
    codes = {unit.pk: code for code, unit in world.units.items()}
    return {codes[v.unit_id]: v.value for v in figures.rolled_up("test.problems", **asked) if v.unit_id}


def test_as_now_past_months_follow_the_tree_of_today(moved: World) -> None:
    assert sums(moved, months=[JANUARY], as_of="now") == {"0": 2, "01": 1, "0101": 1, "02": 1}
    assert sums(moved, months=[FEBRUARY], as_of="now") == {"0": 1, "01": 1, "0101": 1}


def test_as_then_each_month_keeps_its_own_tree(moved: World) -> None:
    assert sums(moved, months=[JANUARY], as_of="then") == {"0": 2, "02": 2, "0101": 1}
    assert sums(moved, months=[FEBRUARY], as_of="then") == {"0": 1, "01": 1, "0101": 1}


def test_the_year_to_date_is_reported_in_the_tree_of_the_month(moved: World) -> None:
    assert sums(moved, months=[FEBRUARY], as_of="then", span="year") == {"0": 3, "01": 2, "0101": 2, "02": 1}


def test_a_unit_abolished_since_still_counts_where_it_stood(world: World) -> None:
    """0201 ended in mid-January; its January belongs to 02 in every later year to date."""
    for code, path in PLACES.items():
        world.place(code, path, date(2000, 1, 1), date(2026, 1, 15) if code == "0201" else None)
    world.violation("0201", "B1", date(2026, 1, 2), date(2026, 1, 10))
    assert sums(world, months=[JANUARY], as_of="then") == {"0": 1, "02": 1, "0201": 1}
    assert sums(world, months=[FEBRUARY], as_of="then", span="year") == {"0": 1, "02": 1, "0201": 1}


def test_nothing_is_lost_on_the_way_up(world: World) -> None:
    """A matter dated before the unit existed, and a unit without any history."""
    for code in ("0", "02", "0201"):
        world.place(code, PLACES[code], date(2026, 3, 1))
    world.violation("0201", "B1", date(2026, 1, 2), date(2026, 1, 10))
    world.violation("01", "B1", date(2026, 1, 2), date(2026, 1, 10))
    assert sums(world, months=[JANUARY], as_of="then")["0"] == figures.total("test.problems", JANUARY) == 2


def test_units_restrict_who_is_listed_and_not_who_counts(moved: World) -> None:
    assert sums(moved, months=[JANUARY], as_of="then", units=Unit.objects.filter(code="02")) == {"02": 2}


def test_dimensions_are_kept(moved: World) -> None:
    top = [moved.units["0"].pk]
    found = figures.rolled_up("test.problems", [JANUARY], as_of="now", units=top, by=("type",))
    assert [(v.dims["type"], v.value) for v in found] == [("A2", 1), ("B1", 1)]


def test_the_close_rolls_up_alike(moved: World, tmp_path: Path) -> None:
    figures.export_tables(figures.tables_of("test.problems"), tmp_path)
    figure = figures.evaluate(["test.problems"], tmp_path, [JANUARY])["test.problems"]
    tree = pa.table({"unit_id": [str(u.pk) for u in moved.units.values()], "path": list(PLACES.values())})
    codes = {str(unit.pk): code for code, unit in moved.units.items()}
    found: dict[str, int] = {}
    for row in figures.roll_up(figure, tree).to_pylist():
        found[codes[row["unit_id"]]] = found.get(codes[row["unit_id"]], 0) + row["value"]
    assert found == {"0": 2, "01": 1, "0101": 1, "02": 1}
