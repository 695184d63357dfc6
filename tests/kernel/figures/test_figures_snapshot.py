"""A snapshot depends on the rows and on nothing else, and says so by its hash."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection
from pyarrow import parquet
from tests.kernel.figures.conftest import World

from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.kernel.figures import FigureError

TABLES = [
    "org_unit",
    "discipline_violation",
    "norms_obligation",
    "org_placement",
    "kernel_packversion",
    "discipline_bulletin",
]


@pytest.fixture
def filled(world: World) -> World:
    world.violation("01", "B1", date(2026, 1, 2), date(2026, 1, 20))
    world.violation("02", "A2", date(2026, 2, 2))
    world.place("0", "0/", date(2000, 1, 1))
    moment = datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    world.obligation("01", date(2026, 1, 1), moment, moment)
    world.obligation("01", date(2026, 1, 1), moment)
    return world


def test_the_same_rows_give_the_same_bytes(filled: World, tmp_path: Path) -> None:
    first = figures.export_tables(TABLES, tmp_path / "1")
    second = figures.export_tables(reversed(TABLES), tmp_path / "2")
    assert first.files == second.files
    assert first.content_hash == second.content_hash == figures.verify_snapshot(tmp_path / "1")
    assert first.rows["discipline_violation"] == 2
    assert first.rows["discipline_bulletin"] == 0


def test_types_and_codes_arrive_unharmed(filled: World, tmp_path: Path) -> None:
    folder = figures.export_tables(TABLES, tmp_path).folder
    units = parquet.read_table(folder / "org_unit.parquet").to_pylist()
    assert {u["code"] for u in units} == {"0", "01", "02", "0101", "0201"}  # leading zeros
    assert {u["short_name"] for u in units} == {""}  # empty is not missing
    assert [u["code"] for u in units if u["parent_id"] is None] == ["0"]
    due = parquet.read_table(folder / "norms_obligation.parquet")
    assert str(due.schema.field("due_at").type) == "timestamp[us, tz=UTC]"
    assert due["due_at"][0].as_py() == datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    place = parquet.read_table(folder / "org_placement.parquet").to_pylist()[0]
    assert (place["during_from"], place["during_until"]) == ("2000-01-01", None)
    assert "facts" not in parquet.read_schema(folder / "discipline_violation.parquet").names


def test_rows_may_be_chosen(filled: World, tmp_path: Path) -> None:
    chosen = {"discipline_violation": Violation.objects.filter(type__startswith="B")}
    assert figures.export_tables(["discipline_violation"], tmp_path, where=chosen).rows == {"discipline_violation": 1}


@pytest.mark.django_db(transaction=True)
def test_both_readers_write_the_same_bytes(tmp_path: Path, own_register: None) -> None:
    """By ADBC from outside, by COPY from inside a transaction."""
    from django.db import transaction
    from tests.kernel.figures.conftest import World

    world = World()
    world.violation("01", "B1", date(2026, 1, 2), date(2026, 1, 20))
    world.place("0", "0/", date(2000, 1, 1))
    moment = datetime(2026, 1, 5, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    world.obligation("01", date(2026, 1, 1), moment, moment)
    outside = figures.export_tables(TABLES, tmp_path / "adbc")
    with transaction.atomic():
        inside = figures.export_tables(TABLES, tmp_path / "copy")
    assert outside.files == inside.files
    assert outside.rows["org_unit"] == 5


def test_what_an_act_has_just_written_is_in_the_snapshot(filled: World, tmp_path: Path) -> None:
    assert connection.in_atomic_block
    assert figures.export_tables(["discipline_violation"], tmp_path).rows["discipline_violation"] == 2


def test_the_list_of_hashes_is_checked_by_common_tools(filled: World, tmp_path: Path) -> None:
    figures.export_tables(TABLES, tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_a_changed_file_is_found(filled: World, tmp_path: Path) -> None:
    figures.export_tables(TABLES, tmp_path)
    data = bytearray((tmp_path / "org_unit.parquet").read_bytes())
    data[100] ^= 1
    (tmp_path / "org_unit.parquet").write_bytes(data)
    with pytest.raises(FigureError, match=r"org_unit\.parquet is missing or not the file"):
        figures.verify_snapshot(tmp_path)


def test_a_table_missing_from_the_snapshot_is_named(defined: None, tmp_path: Path) -> None:
    with pytest.raises(FigureError, match="does not contain discipline_violation"):
        figures.evaluate(["test.problems"], tmp_path, [])
