"""The national table of May 2021, printed from records: thousands of matters taken over in one act."""

from __future__ import annotations

from datetime import date

from tests.discipline.violation.published import RELEASES, Release, matters
from tests.discipline.violation.register import Register, matter
from tests.effort import effort

from yuanqing.discipline.violation import actions
from yuanqing.discipline.violation.actions import Matter
from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation.queries import Codes, official_table
from yuanqing.discipline.violation.rules import discrepancies, percent_text
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month

MAY = Month(2021, 5)
DAY = date(2021, 5, 20)


def release_of(period: str) -> Release:
    return next(release for release in RELEASES if release.period == period)


def as_entered(register: Register, release: Release) -> list[Matter]:
    """The published month as matters of two companies in turn; who was sanctioned was warned, the others were criticised."""
    units = (register.units["0101"], register.units["02"])
    return [
        matter(units[n % 2], m.type, m.people, on=DAY, measures=["party_warning"] * m.sanctioned)
        for n, m in enumerate(matters(release))
    ]


def test_the_published_month_comes_out_of_the_records(register):
    release = release_of("2021-05")
    entered = as_entered(register, release)
    with effort() as spent:
        actions.record_many(entered, by=register.officer)
    assert spent.seconds < 15, spent
    codes = Codes.now()
    rows = official_table(Violation.objects.visible_to(register.officer), MAY, codes)
    problems, handled, sanctioned = rows[:3]
    assert (problems.total, handled.total, sanctioned.total) == (7894, 11316, 7300)
    assert (problems.cells["A"], handled.cells["A"]) == (3800, 5799)
    assert (problems.cells["B"], handled.cells["B"]) == (4094, 5517)
    assert (problems.cells["A2"], handled.cells["A2"]) == (3024, 4629)
    assert [problems.cells[code] for code in ("B1", "B2", "B4")] == [1386, 799, 762]
    assert [handled.cells[level] for level in ("bureau", "county")] == [33, 655]
    assert percent_text(problems.share("A2", "A")) == "79.6%"
    assert discrepancies(rows, codes.layout) == []
    assert [row.cells for row in rows[:3]] == [row.cells for row in rows[3:]]  # nothing earlier in that year
    for row in rows[:3]:
        assert figures.total(f"violation.{row.measure}", MAY) == row.total
