"""Closing a month: when, by whom, once; and the same bytes whoever computes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.monthly_return import actions as returns
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.review import queries, rules
from yuanqing.discipline.review.actions import close
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.packs.published import pack_of


def nothing_closed() -> bool:
    return not (
        MonthlyReview.objects.exists()
        or ScoreCard.objects.exists()
        or MonthlyReturn.objects.filter(state="missing").exists()
    )


def test_not_while_somebody_may_still_report(small):
    with clock("2026-09-02 10:00"):
        period = small.open("2026-08")
        with pytest.raises(Refused, match="还有8份月报没有报送，2026-09-10 23:59 锁定以后才能结账"):
            close(period, by=small.office)
    assert nothing_closed()
    assert small.paper("0", "2026-08").period.state == "open"


def test_after_the_due_time_when_all_have_reported(small):
    """Due on Saturday 5 September, locked on the 10th."""
    with pytest.raises(ValidationError, match="还没有到截止时间"):
        small.quiet("2026-08", "2026-09-02", "2026-09-03")
    assert small.closed("2026-08", "2026-09-06").unit_count == 8


def test_months_in_their_order(small):
    with clock("2026-09-02 10:00"):
        small.open("2026-08")
    with clock("2026-10-20 10:00"), pytest.raises(Refused, match="请先给2026年8月结账"):
        close(small.open("2026-09"), by=small.office)
    assert nothing_closed()


@pytest.mark.parametrize("who", ["officer", "secretary", "head", "staff", "group"])
def test_only_the_office_closes(small, who):
    with clock("2026-09-02 10:00"):
        period = small.open("2026-08")
    with clock("2026-09-12 10:00"), pytest.raises(Refused, match="没有这项权限"):
        close(period, by=getattr(small, who))
    assert nothing_closed()


def test_a_month_is_closed_once(small, august):
    with clock("2026-09-13 10:00"), pytest.raises(Conflict, match="2026年8月已经结账"):
        close(august.period, by=small.office)
    assert (MonthlyReview.objects.count(), ScoreCard.objects.count()) == (1, 8)


def fail(*args: Any, **words: Any) -> Any:
    raise MemoryError


def test_an_interrupted_close_goes_on(small, monkeypatch):
    """Killed after the lock: the month is locked, and the next run computes it."""
    with clock("2026-09-02 10:00"):
        period = small.open("2026-08")
        returns.submit_as_recorded(
            period, by=small.head, states={f"state.D{n}": "enforced" for n in range(1, 11)}, statement="无。"
        )
    with clock("2026-09-12 10:00"):
        monkeypatch.setattr(queries, "compute", fail)
        with pytest.raises(MemoryError):
            close(period, by=small.office)
        monkeypatch.undo()
        period.refresh_from_db()
        assert (period.state, MonthlyReview.objects.count()) == ("closed", 0)
        assert close(period, by=small.office).unit_count == 8


def test_closed_twice_in_two_places_it_is_the_same_to_the_byte(small, settings, tmp_path):
    """Two copies of one organisation: the second close begins where the first was undone."""
    with clock("2026-09-02 10:00"):
        period = small.open("2026-08")
    found = []
    for name in ("one", "two"):
        settings.HOME = tmp_path / name
        with clock("2026-09-12 10:00"), transaction.atomic():
            period.refresh_from_db()
            review = close(period, by=small.office)
            files = {
                p.relative_to(settings.HOME): p.read_bytes()
                for p in sorted((settings.HOME / "snapshots").rglob("*"))
                if p.is_file()
            }
            found.append((review.snapshot_hash, review.result_hash, files))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len(found[0][2]) > 5


def test_recomputing_gives_what_was_kept(august, tmp_path):
    results = queries.compute(
        august.period, rules.Weights.of(pack_of(august.weights_id).entries), into=tmp_path / "again"
    )
    assert results.result_hash == august.result_hash
    assert queries.differences(august) == []


def test_frozen_is_frozen(august, closed_october):
    """A matter registered later changes what records say of August, and nothing of what August says."""
    assert sum(row["value"] for row in queries.frozen(august, "violation.problems")) == 1
    by_type = queries.frozen(august, "violation.problems", by=("type",))
    assert [(row["type"], row["value"]) for row in by_type] == [("B2a", 1)]
    assert queries.differences(august) == []


def test_reporting_more_problems_costs_nothing(august):
    """The works that found a problem has the same score as those that report nil."""
    assert set(august.cards.values_list("total", flat=True)) == {10000}
