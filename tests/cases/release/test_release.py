"""The published line: shares as published, small cells hidden, numbers from records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from yuanqing.cases.release import queries, rules
from yuanqing.cases.sanction import actions
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.org.person.models import Person

# Published lines: counts of the four forms, and the shares printed beside them.
PUBLISHED = [
    ("nation 2021", (1487, 494, 70, 74), (700, 232, 33, 35)),
    ("province A, first half of 2022", (33650, 13315, 1430, 2649), (659, 261, 28, 52)),
    ("Guangdong 2019", (37170, 17958, 4020, 3754), (591, 285, 64, 60)),
    ("province B 2021", (92598, 46032, 5096, 6531), (616, 306, 34, 44)),
]


@pytest.mark.parametrize(("name", "counts", "published"), PUBLISHED)
def test_shares_as_published(name: str, counts: tuple[int, ...], published: tuple[int, ...]) -> None:
    assert tuple(rules.shares(counts)) == published
    assert sum(published) == 1000


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((0, 0), [0, 0]), ((1, 0), [1000, 0]), ((1, 1, 1), [334, 333, 333]), ((2, 1), [667, 333]), ((), [])],
)
def test_shares_at_the_edges(counts: tuple[int, ...], expected: list[int]) -> None:
    assert rules.shares(counts) == expected


@pytest.mark.parametrize(
    ("cells", "out"),
    [
        ((0, 0, 0), set()),
        ((10, 20, 30), set()),
        ((3, 20, 30), {0, 1}),  # alone it would follow from the total
        ((3, 2, 30), {0, 1}),
        ((3, 0, 0), {0}),
        ((0, 4, 9, 9), {1, 2}),
        ((5, 6), set()),
    ],
)
def test_small_cells_point_at_nobody(cells: tuple[int, ...], out: set[int]) -> None:
    assert rules.hidden(cells, 5) == out


@pytest.mark.parametrize(("part", "first", "last"), [("q3", 7, 9), ("h2", 7, 12), ("year", 1, 12)])
def test_months_of_a_part(part: str, first: int, last: int) -> None:
    found = rules.months_of(2026, part)
    assert (found[0], found[-1]) == (Month(2026, first), Month(2026, last))


def test_the_line_counts_records(bureau: Any) -> None:
    today = timezone.localdate()
    bureau.closed()
    bureau.verified("check_file")
    person = Person.objects.select_related("unit").get(pk=bureau.people["staff"].pk)
    for number in range(6):
        actions.impose(
            by=SYSTEM, person=person, kind="demerit", decided_on=date(today.year, 1, 1 + number), document=f"{number}"
        )
    found = queries.line(rules.months_of(today.year, "year"))
    assert [value for _label, value, _unit in found.numbers] == [0, 2, 0, 0, 6]
    assert [(cell.value, cell.share) for cell in found.forms] == [(0, 0), (6, 10_000), (0, 0), (0, 0)]
    actions.impose(by=SYSTEM, person=person, kind="admonition", decided_on=today, document="诫")
    found = queries.line(rules.months_of(today.year, "year"))
    assert [cell.value for cell in found.forms] == [None, None, 0, 0]
    assert found.forms_total == 7
    assert found.numbers[-1][1] == 6  # an admonition is no sanction


def test_who_sees_it_and_how(bureau: Any) -> None:
    client = bureau.client("chief")
    for query in ("", "?year=2026&part=q1", "?year=nonsense&part=nonsense", "?year=٢٠٢٦"):
        assert client.get(f"/cases/release/{query}").status_code == 200
    assert bureau.client("staff").get("/cases/release/").status_code == 404
    year = timezone.localdate().year
    assert client.get(f"/api/cases/release/?year={year}").json()["forms_total"] == 0
    assert client.get(f"/api/cases/release/?year={year}&part=q9").status_code == 422
    assert bureau.client("staff").get(f"/api/cases/release/?year={year}").status_code == 404
