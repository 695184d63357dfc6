"""What somebody changed behind the application's back is found by `month verify`, in a sentence and exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.bulletin import queries, tasks
from yuanqing.kernel.commands import OperatorError


def found() -> str:
    with pytest.raises(OperatorError) as told:
        tasks.verify("2026-08")
    return str(told.value)


def run(statement: str) -> None:
    """Beside the application, without an act."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_sound(small, published):
    assert tasks.verify("2026-08") == (
        "2026-08: sound, 8 cards as computed from the snapshot, bulletin 示范集团纪通〔2026〕1号 as printed"
    )


def test_where_it_stands(small, published):
    told = tasks.show("2026-08")
    assert "已印发" in told
    assert all(str(queries.path_of(published, kind)) in told for kind in ("docx", "pdf", "xlsx"))


def test_a_month_that_is_not_closed(small, published):
    with pytest.raises(OperatorError, match="2026-09 is not closed"):
        tasks.verify("2026-09")


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_a_file_with_one_more_byte(small, published, kind):
    with queries.path_of(published, kind).open("ab") as file:
        file.write(b" ")
    assert f"文件 bulletin-2026-08.{kind} 与印发时登记的哈希不符" in found()


def test_a_file_that_is_gone(small, published):
    queries.path_of(published, "pdf").unlink()
    assert "文件 bulletin-2026-08.pdf 不见了" in found()


@pytest.mark.parametrize(
    "change",
    [
        "total = total - 100",
        "rank_high = 1",
        "unit_name = '别厂'",
        "lines = '[]'",
        "evidence = evidence || '{\"returned\": 1}'",
    ],
)
def test_a_card_that_was_touched(small, published, change):
    run(f"UPDATE discipline_scorecard SET {change} WHERE unit_id = (SELECT id FROM org_unit WHERE code = '0101')")
    assert "的考评卡与重算结果不符" in found()


def test_a_return_that_was_touched(small, published):
    run("UPDATE discipline_monthlyreturn SET first_submitted_at = due_at + interval '1 day' WHERE unit_name = '东一厂'")
    assert "通报的“reporting”与由冻结数据重新汇总的不符" in found()


def test_a_frozen_file_that_was_touched(small, published):
    place = Path(settings.HOME) / "snapshots" / "2026-08" / "tables" / "discipline_violation.parquet"
    place.write_bytes(place.read_bytes() + b" ")
    assert "快照不完整" in found()


def test_a_result_that_was_replaced(small, published):
    results = Path(settings.HOME) / "snapshots" / "2026-08" / "results"
    (results / "cards.parquet").write_bytes((results / "figures.parquet").read_bytes())
    assert "结果文件与结账时登记的哈希不符" in found()


def test_a_ledger_that_is_no_longer_the_one_printed(small, published, monkeypatch):
    """As if the first entry had been another: the tree no longer has the printed root."""
    real = queries.merkle.root
    monkeypatch.setattr(queries.merkle, "root", lambda leaves: real([b"\0" * 32, *leaves[1:]]))
    assert "与通报所印的检查点不符" in found()


def test_later_months_leave_it_as_it_was(small, published):
    small.september()
    with clock("2026-10-21 10:00"):
        assert tasks.verify("2026-08").startswith("2026-08: sound")
