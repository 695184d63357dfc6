"""The same expression gives the same integers on PostgreSQL and on DuckDB."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kernel.figures.conftest import FIGURES, PLACES, World

from yuanqing.kernel import figures
from yuanqing.kernel.almanac import SHANGHAI, Month
from yuanqing.kernel.figures import FigureError, Value
from yuanqing.org.unit.models import Unit

MONTHS = [Month(2025, 12), Month(2026, 1), Month(2026, 2)]
TYPES, LEVELS = ("A2", "B1", "B2"), ("county", "bureau")


def of_duckdb(name: str, folder: Path, span: Any = "month", months: list[Month] = MONTHS) -> list[tuple[Any, ...]]:
    rows = figures.evaluate([name], folder, months, span=span)[name].to_pylist()
    return [tuple(str(v) if k != "value" else v for k, v in row.items()) for row in rows]


def of_postgresql(name: str, span: Any = "month", months: list[Month] = MONTHS) -> list[tuple[Any, ...]]:
    found = figures.values(name, months, by=figures.get(name).dims, span=span)
    return sorted((str(v.month.first_day), str(v.unit_id), *v.dims.values(), v.value) for v in found)


def freeze(folder: Path) -> Path:
    return figures.export_tables({t for name in FIGURES for t in figures.tables_of(name)}, folder).folder


def test_hand_counted(world: World, tmp_path: Path) -> None:
    world.violation("0101", "B1", date(2025, 12, 30), date(2026, 1, 1), people=2)
    world.violation("0101", "B1", date(2026, 1, 3), date(2026, 1, 31), level="bureau")
    world.violation("0201", "A2", date(2026, 1, 5), date(2026, 2, 1))
    world.violation("0201", "A2", date(2026, 1, 31))
    january, unit1, unit2 = MONTHS[1], world.units["0101"].pk, world.units["0201"].pk
    assert figures.values("test.problems", MONTHS, by=("type",)) == [
        Value(january, unit1, {"type": "B1"}, 2),
        Value(MONTHS[2], unit2, {"type": "A2"}, 1),
    ]
    assert figures.totals("test.problems", [MONTHS[2]], by=("level",), span="year") == [
        Value(MONTHS[2], None, {"level": "bureau"}, 1),
        Value(MONTHS[2], None, {"level": "county"}, 2),
    ]
    assert figures.total("test.people", january) == 3
    assert figures.by_unit("test.gifts", january) == {unit1: 2}
    assert figures.total("test.carried", january) == 1
    assert [figures.total("test.open", m) for m in MONTHS] == [1, 2, 1]
    folder = freeze(tmp_path)
    assert all(of_duckdb(name, folder) == of_postgresql(name) for name in FIGURES)


def test_an_instant_belongs_to_the_month_of_the_organisation_s_clock(world: World, tmp_path: Path) -> None:
    """At 00:30 on 1 January in Shanghai it is still December in UTC."""
    due = datetime(2026, 1, 5, tzinfo=SHANGHAI)
    world.obligation("01", date(2026, 1, 1), due, datetime(2026, 1, 1, 0, 30, tzinfo=SHANGHAI))
    world.obligation("01", date(2026, 1, 1), due, datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=SHANGHAI))
    assert [figures.total("test.fulfilled", m) for m in MONTHS] == [1, 1, 0]
    assert of_duckdb("test.fulfilled", freeze(tmp_path)) == of_postgresql("test.fulfilled")


def test_months_without_rows_have_no_values(world: World, tmp_path: Path) -> None:
    assert figures.values("test.problems", MONTHS) == []
    assert figures.values("test.problems", []) == []
    assert figures.total("test.problems", MONTHS[0]) == 0
    assert of_duckdb("test.problems", freeze(tmp_path)) == []


def test_only_the_units_asked_for_are_counted(world: World) -> None:
    for code in PLACES:
        world.violation(code, "B1", date(2026, 1, 3), date(2026, 1, 9))
    within = Unit.objects.filter(path__startswith="0/01/")
    assert figures.total("test.gifts", MONTHS[1], units=within) == 2
    assert figures.total("test.gifts", MONTHS[1], units=[world.units["02"].pk]) == 1
    assert figures.total("test.gifts", MONTHS[1], units=Unit.objects.none()) == 0


def test_a_stock_has_no_year_to_date(world: World, tmp_path: Path) -> None:
    with pytest.raises(FigureError, match="do not add up to a year"):
        figures.total("test.open", MONTHS[0], span="year")
    with pytest.raises(FigureError, match="do not add up to a year"):
        figures.evaluate(["test.open"], freeze(tmp_path), MONTHS, span="year")


def test_an_unknown_dimension_is_named(world: World) -> None:
    with pytest.raises(FigureError, match="no dimension sex"):
        figures.values("test.problems", MONTHS, by=("sex",))


def test_two_figures_fit_one_statement(world: World) -> None:
    from django.db import connection

    world.violation("01", "B1", date(2026, 1, 3), date(2026, 1, 9), people=3)
    problems = figures.sql_for("test.problems", [MONTHS[1]], key="p")
    people = figures.sql_for("test.people", [MONTHS[1]], units=Unit.objects.filter(path__startswith="0/"), key="q")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT u.code, a.value, b.value FROM org_unit u LEFT JOIN ({problems.text}) a ON a.unit_id = u.id "
            f"LEFT JOIN ({people.text}) b ON b.unit_id = u.id ORDER BY u.path",
            {**problems.params, **people.params},
        )
        assert cursor.fetchall() == [
            ("0", None, None),
            ("01", 1, 3),
            *((c, None, None) for c in ("0101", "02", "0201")),
        ]


days = st.dates(date(2025, 11, 20), date(2026, 3, 5))
matters = st.lists(
    st.tuples(
        st.sampled_from(list(PLACES)), st.sampled_from(TYPES), st.sampled_from(LEVELS), days,
        st.none() | st.integers(0, 60), st.integers(0, 3), st.none() | st.integers(0, 24 * 60 * 100),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=matters)
def test_both_engines_agree_on_random_rows(world: World, tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        for unit, kind, level, received, lasted, people, minutes in rows:
            ended = None if lasted is None else received + timedelta(days=lasted)
            world.violation(unit, kind, received, ended, level, people)
            start = datetime(2025, 11, 20, tzinfo=SHANGHAI)
            done = None if minutes is None else start + timedelta(minutes=minutes)
            world.obligation(unit, received, start, done)
        folder = freeze(tmp_path)
        for name in FIGURES:
            assert of_duckdb(name, folder) == of_postgresql(name)
            if figures.get(name).accumulates:
                assert of_duckdb(name, folder, "year") == of_postgresql(name, "year")
        transaction.set_rollback(True)
