"""What the records say, cell by cell, counted by hand on a small organisation; and for many units at once."""

from __future__ import annotations

from datetime import date

from tests.discipline.monthly_return.house import STATEMENT, STATES
from tests.effort import effort

from yuanqing.discipline.monthly_return import actions, queries
from yuanqing.discipline.monthly_return.models import MonthlyReturn, Submission
from yuanqing.discipline.violation.actions import Someone
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.database.scope import NOBODY, acting_for
from yuanqing.org.unit.actions import import_units

OCTOBER = Month(2026, 10)


def recorded(house, unit: str) -> dict[str, int]:
    form = queries.form_of(house.paper(unit).period)
    return queries.prefilled(form, OCTOBER, house.units[unit].pk)


def test_cells_by_type_and_level(house, october):
    # Received in September, still open at the end of October: carried over and open.
    house.routed(Someone("county", name="甲", is_party_member=True), received_on=date(2026, 9, 10))
    # A meal with a bureau-level and a county-level official, both warned: one matter at the higher level, two people each at his own.
    house.concluded(
        Someone("bureau", name="乙", is_party_member=True), Someone("county", name="丙", is_party_member=True),
        type="B2a", received_on=date(2026, 10, 8), on=date(2026, 10, 20),
    )  # fmt: skip
    # A gift, criticised only: handled but not sanctioned.
    house.concluded(
        Someone("county", name="丁", is_party_member=True),
        type="B1a",
        measure="criticism",
        received_on=date(2026, 9, 28),
        on=date(2026, 10, 9),
    )
    # The third of the ten disciplines.
    house.concluded(
        Someone("county", name="戊", is_party_member=True),
        type="D3",
        received_on=date(2026, 10, 12),
        on=date(2026, 10, 30),
    )
    assert recorded(house, "0101") == {
        "received.B2a.bureau": 1, "problems.B2a.bureau": 1,
        "people_handled.B2a.bureau": 1, "people_handled.B2a.county": 1,
        "people_sanctioned.B2a.bureau": 1, "people_sanctioned.B2a.county": 1,
        "problems.B1a.county": 1, "people_handled.B1a.county": 1,
        "carried": 2, "received_total": 2, "concluded": 3, "open": 1,
        "breaches.D3": 1, "breaches_handled.D3": 1,
    }  # fmt: skip


def test_a_number_is_the_same_for_everybody_who_may_read_it(house, october):
    house.with_a_matter()
    form, unit = queries.form_of(october), house.units["0101"].pk
    with acting_for(NOBODY):  # sees no matter, and so no matter's people
        assert queries.prefilled(form, OCTOBER, unit)["received_total"] == 2


def test_a_unit_counts_its_own_records_only(house, october):
    house.with_a_matter()
    assert recorded(house, "01") == {}


def test_the_records_behind_a_cell_are_as_many_as_it_says(house, october):
    house.routed(Someone("county", name="甲", is_party_member=True), received_on=date(2026, 9, 10))
    house.concluded(
        Someone("bureau", name="乙", is_party_member=True),
        Someone("county", name="丙", is_party_member=True),
        on=date(2026, 10, 20),
    )
    house.concluded(
        Someone("county", name="戊", is_party_member=True),
        type="D3",
        received_on=date(2026, 10, 12),
        on=date(2026, 10, 30),
    )
    record, cells = house.paper("0101"), recorded(house, "0101")
    form = queries.form_of(record.period)
    for cell in form.cells:
        if cell.figure:
            behind = queries.records_behind(record, cell, house.officer)
            assert behind.count() == cells.get(cell.code, 0), cell.code
    assert [v.type for v in queries.records_behind(record, form.cell("carried"), house.officer)] == ["B2a"]


def test_five_hundred_units_in_a_second_or_two(house):
    rows = [{"code": f"W{n:03d}", "name": f"分厂{n}", "parent_code": "02"} for n in range(500)]
    import_units(rows, by=SYSTEM, on=date(2020, 1, 1))
    with effort() as spent:
        october = house.open("2026-10")
        done = actions.submit_as_recorded(october, by=SYSTEM, states=STATES, statement=STATEMENT)
        accepted = actions.accept_all(october, by=house.group)
    assert (done, accepted, Submission.objects.count()) == (504, 504, 504)
    assert MonthlyReturn.objects.filter(is_nil=True).count() == 504
    assert queries.altered_submissions() == []
    assert spent.seconds < 15, spent


def test_the_number_of_statements_does_not_grow_with_the_units(house, django_assert_max_num_queries):
    october = house.open("2026-10")
    with django_assert_max_num_queries(60):
        assert actions.submit_as_recorded(october, by=SYSTEM, states=STATES, statement=STATEMENT) == 4
