"""The figures of the register on a set small enough to count by hand, on both engines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.discipline.violation.register import Register

from yuanqing.discipline.violation import actions
from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation.queries import Codes, official_table
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.form import Form
from yuanqing.norms.packs import shipped, shipped_packs

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
CHIEF = Someone("county", name="某处长", is_party_member=True)
MEMBER = Someone("township_and_below", name="某甲", is_party_member=True)
OUTSIDER = Someone("township_and_below", name="某乙")


@pytest.fixture
def counted(register: Register) -> Register:
    """Six matters over two months, one of each fate."""
    r = register
    east, west = r.units["0101"], r.units["02"]
    # 1: September, concluded in September: a chief warned by the Party, a member only talked to
    first = r.routed(CHIEF, MEMBER, unit=east, type="B2a", received_on=date(2026, 9, 3))
    chief, member = first.involved.all()
    actions.measure(first, by=r.officer, involved=chief, code="party_warning", decided_on=date(2026, 9, 20))
    actions.measure(first, by=r.officer, involved=chief, code="admin_warning", decided_on=date(2026, 9, 20))
    actions.measure(first, by=r.officer, involved=member, code="reminder_talk", decided_on=date(2026, 9, 20))
    actions.conclude(first, by=r.officer, on=date(2026, 9, 25), outcome="查实。")
    # 2: received in September, concluded in October, the outsider let go with a reason
    second = r.routed(MEMBER, OUTSIDER, unit=east, type="A2", received_on=date(2026, 9, 30), severity="grave")
    member, outsider = second.involved.all()
    actions.measure(second, by=r.officer, involved=member, code="removal_from_office", decided_on=date(2026, 10, 9))
    actions.conclude(second, by=r.officer, on=date(2026, 10, 10), outcome="查实。", waivers={outsider.pk: "不知情"})
    # 3: received in September, found to be unfounded in October
    third = r.routed(MEMBER, unit=west, type="B4", received_on=date(2026, 9, 15))
    actions.dismiss(third, by=r.second, reason="查无实据", on=date(2026, 10, 31))
    # 4: received in October, still open; 5: the ten disciplines, received and concluded in October
    r.record(MEMBER, unit=west, type="B1b", received_on=date(2026, 10, 31))
    r.concluded(CHIEF, unit=west, type="D3", received_on=date(2026, 10, 1), measure="admonition", on=date(2026, 10, 2))
    # 6: criminal, transferred in October, still open
    sixth = r.routed(CHIEF, unit=east, type="B1a", received_on=date(2026, 10, 5), severity="criminal")
    actions.transfer(sixth, by=r.officer, authority="某机关", on=date(2026, 10, 20), receipt="移1")
    return r


def of(name: str, month: Month, *by: str, **words: Any) -> dict[Any, int]:
    found = figures.totals(name, [month], by=by, **words)
    return {tuple(v.dims[d] for d in by) if len(by) > 1 else v.dims[by[0]] if by else "": v.value for v in found}


def test_received_and_dealt_with(counted):
    assert of("violation.received", SEPTEMBER, "type") == {"A2": 1, "B2a": 1, "B4": 1}
    assert of("violation.received", OCTOBER, "type") == {"B1a": 1, "B1b": 1, "D3": 1}
    assert of("violation.problems", SEPTEMBER, "type", "level") == {("B2a", "county"): 1}
    assert of("violation.problems", OCTOBER, "type", "level") == {
        ("A2", "township_and_below"): 1,
        ("D3", "county"): 1,
    }


def test_people_are_counted_at_their_own_level(counted):
    assert of("violation.people_handled", SEPTEMBER, "type", "level") == {
        ("B2a", "county"): 1,
        ("B2a", "township_and_below"): 1,
    }
    assert of("violation.people_handled", OCTOBER, "type") == {"A2": 1, "D3": 1}  # the outsider was let go
    assert of("violation.people_sanctioned", SEPTEMBER) == {"": 1}  # two sanctions, one person
    assert of("violation.people_sanctioned", OCTOBER, "type") == {"A2": 1}  # an admonition is no sanction


def test_the_chain_of_a_month_adds_up(counted):
    for month, chain in [(SEPTEMBER, (0, 3, 1, 2)), (OCTOBER, (2, 3, 3, 2)), (NOVEMBER, (2, 0, 0, 2))]:
        carried, received, concluded, still = (
            figures.total(f"violation.{name}", month) for name in ("carried", "received", "concluded", "open")
        )
        assert (carried, received, concluded, still) == chain
        assert carried + received - concluded == still
    assert of("violation.concluded", OCTOBER, "state") == {"concluded": 2, "unfounded": 1}


def test_forms_rules_and_transfers(counted):
    assert of("violation.forms", SEPTEMBER, "form") == {"1": 1, "2": 1}
    assert of("violation.forms", OCTOBER, "form") == {"1": 1, "3": 1}
    assert of("violation.by_rules", OCTOBER, "rules", "type") == {
        ("eight_points", "A2"): 1,
        ("ten_disciplines", "D3"): 1,
    }
    assert of("violation.transfers", OCTOBER) == {"": 1}
    assert of("violation.transfers", SEPTEMBER) == {}


def test_the_year_so_far(counted):
    assert of("violation.problems", OCTOBER, "type", span="year") == {"A2": 1, "B2a": 1, "D3": 1}
    assert of("violation.people_handled", OCTOBER, span="year") == {"": 4}


def test_a_unit_and_everything_below_it(counted):
    from yuanqing.org.unit.models import Unit

    east = Unit.objects.in_subtree(counted.units["01"])
    assert of("violation.received", OCTOBER, units=east) == {"": 1}
    assert of("violation.received", OCTOBER) == {"": 3}


def test_both_engines_count_the_same(counted, tmp_path: Path):
    names = [name for name in figures.registered() if name.startswith("violation.")]
    months = [SEPTEMBER, OCTOBER]
    tables = {table for name in names for table in figures.tables_of(name)}
    figures.export_tables(tables, tmp_path)
    for span in ("month", "year"):
        asked = [n for n in names if span == "month" or figures.get(n).accumulates]
        frozen = figures.evaluate(asked, tmp_path, months, span=span)
        for name in asked:
            dims = figures.get(name).dims
            live = figures.values(name, months, by=dims, span=span)
            rows = [(v.month.first_day, str(v.unit_id), *(v.dims[d] for d in dims), v.value) for v in live]
            assert sorted(rows) == sorted(tuple(r.values()) for r in frozen[name].to_pylist()), name


def test_the_table_from_the_records_is_the_table_from_the_figures(counted):
    codes = Codes.now()
    for row in official_table(Violation.objects.all(), OCTOBER, codes):
        cells = of(f"violation.{row.measure}", OCTOBER, "type", "level", span=row.span)
        eight = {key: value for key, value in cells.items() if key[0] in codes.layout.leaves}
        assert row.total == sum(eight.values())
        for level in codes.levels:
            assert row.cells[level] == sum(v for (_type, lev), v in eight.items() if lev == level)


def test_every_figure_of_the_return_exists():
    form = Form(shipped("return_form"), shipped_packs())
    known = figures.registered()
    for cell in form.cells:
        if cell.figure.startswith("violation."):
            assert set(cell.where) <= set(known[cell.figure].dims), cell.code
