"""Problems per head: hand-checked rates, and a tiny unit on top that is not told apart from everybody."""

from __future__ import annotations

from datetime import date

import pytest
from tests.discipline.violation.test_pages import Reader, text

from yuanqing.discipline.statistics.queries import per_head
from yuanqing.discipline.statistics.rules import rate_of, rates
from yuanqing.kernel.almanac import Month
from yuanqing.org.unit.models import Unit


@pytest.mark.parametrize(
    ("problems", "people", "expected"), [(0, 50, 0), (1, 4, 2500), (3, 40, 750), (1, 3, 3333), (2, 3, 6667)]
)
def test_hundredths_per_hundred_people(problems, people, expected):
    assert rate_of(problems, people) == expected


def test_one_problem_among_four_people_is_no_finding_and_forty_among_two_hundred_is():
    tiny, large, clean = rates([(1, 4), (40, 200), (0, 60)], confidence=9000)
    assert tiny.value > large.value
    assert not tiny.differs_from(1000)
    assert large.differs_from(1000)
    # half a degree of freedom added: the 5% and 95% points of gamma(1.5) are 0.176 and 3.907
    assert (tiny.low, tiny.high) == (440, 9768)
    assert clean.low == 0


def test_units_by_themselves_most_first(register):
    for n in range(4):
        register.person(f"甲{n}", unit="0101")
    for n in range(10):
        register.person(f"乙{n}", unit="02")
    register.record(received_on=date(2026, 10, 8))
    register.record(received_on=date(2025, 10, 31))  # the day before the twelve months begin
    register.record(unit=register.units["02"], received_on=date(2025, 11, 1))
    found = per_head(register.officer, Unit.objects.all(), Month(2026, 10))
    assert [(u.code, r.problems, r.people, r.value) for u, r in found] == [("0101", 1, 4, 2500), ("02", 1, 10, 1000)]


def test_the_picture_has_its_question_its_source_and_its_table(register):
    register.person("甲", unit="0101")
    register.person("乙", unit="02")
    register.record(received_on=date(2026, 10, 8))
    page = text(Reader(register.officer).get("/discipline/statistics/?month=2026-10"))
    assert "按人数算，哪些单位的问题多？差别大于偶然吗？" in page
    assert "最近十二个月受理" in page
    assert "东一厂（1人1起）" in page
