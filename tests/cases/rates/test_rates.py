"""Rates: hand-checked, and nothing from which a person could be told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.rates import queries
from yuanqing.cases.rates.rules import Rate, median, ninth_decile, per_hundred
from yuanqing.kernel.acts import SYSTEM


@pytest.mark.parametrize(
    ("part", "whole", "points"),
    [
        (50, 100, 5000),
        (1, 3, None),  # 3 < 5
        (0, 10, 0),
        (10, 10, 10000),
        (4, 100, None),  # the part is small
        (96, 100, None),  # the rest is small
        (5, 10, 5000),
        (5, 12, 4167),  # 41.666… %
        (7, 13, 5385),
        (95, 100, 9500),
        (0, 0, None),
        (0, 4, None),
        (33, 99, 3333),
        (66, 99, 6667),
    ],
)
def test_small_parts_and_small_rests_are_not_shown(part: int, whole: int, points: int | None) -> None:
    assert Rate(part, whole, 5).shown == points


@pytest.mark.parametrize(
    ("count", "heads", "value"),
    [(14, 1000, 140), (157, 10000, 157), (1, 3, 3333), (0, 100, 0), (5, 0, None), (1, 800, 13), (2, 300, 67)],
)
def test_volume_per_hundred(count: int, heads: int, value: int | None) -> None:
    assert per_hundred(count, heads) == value


@pytest.mark.parametrize(
    ("days", "halves", "ninth"),
    [
        ([], None, None),
        ([7], 14, 7),
        ([1, 2], 3, 2),
        ([3, 1, 2], 4, 3),
        ([1, 2, 3, 10], 5, 10),
        (list(range(1, 11)), 11, 9),
        (list(range(1, 21)), 21, 18),
        ([0, 0, 0, 30], 0, 30),
        ([5] * 9 + [90], 10, 5),
    ],
)
def test_medians_and_ninth_deciles(days: list[int], halves: int | None, ninth: int | None) -> None:
    assert (median(days), ninth_decile(days)) == (halves, ninth)


def register(office: Any, *, named: bool, outcome: str, took: int, on: date) -> None:
    content = petitions.sealed({"text": "内容", "answers": {}, "files": []}, [office.holders["intake"]])
    petition: Petition = petitions.register(
        by=SYSTEM, content=content, channel="letter", kind="accusation", level="level_staff", is_named=named,
        received_on=on,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_petition SET outcome = %s, concluded_on = %s, received_on = %s WHERE id = %s",
            [outcome, on, on - timedelta(days=took), petition.pk],
        )


def test_the_rates_of_a_register(office: Any) -> None:
    on = date(timezone.localdate().year - 1, 6, 20)
    for number in range(12):
        outcome = "proven" if number < 6 else "unfounded"
        register(office, named=number % 2 == 0, outcome=outcome, took=number, on=on)
    found = queries.rates(on.year, "h1")
    by_label = {line.label: line for line in found.lines}
    assert (found.received, by_label["匿名"].points, by_label["查实"].points) == (12, 5000, 5000)
    assert by_label["已办结"].points == 10000
    assert by_label["匿名查实"].points is None  # three of six
    assert by_label["实名查实"].points is None
    conclude = next(step for step in found.steps if step.label == "收到到办结")
    assert (conclude.count, conclude.median, conclude.ninth) == (12, "5.5", 10)
    assert next(step for step in found.steps if step.label == "收到到告知").halves is None


def test_who_sees_them(bureau: Any) -> None:
    for name, status in (("manager", 200), ("chief", 200), ("staff", 404), ("admin", 404)):
        assert bureau.client(name).get("/cases/rates/").status_code == status
        assert bureau.client(name).get("/api/cases/rates/?year=2026&part=h1").status_code == status
    chief = bureau.client("chief")
    assert chief.get("/cases/rates/?year=x&part=y").status_code == 200
    assert chief.get("/api/cases/rates/?year=2026&part=nonsense").status_code == 422
    assert "过少不显示" in chief.get("/cases/rates/?year=2026").content.decode()
