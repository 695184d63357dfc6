"""Obligations open for their audience, are met by records alone, and lapse at the close."""

from __future__ import annotations

from datetime import date

import pytest

from yuanqing.kernel import figures
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.almanac import Month, end_of
from yuanqing.kernel.ledger.models import Entry
from yuanqing.norms.obligation import queries
from yuanqing.norms.obligation.actions import fulfils, lapse, open_due, open_for_period, owes
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.period.actions import extend, open_period
from yuanqing.norms.period.models import Extension
from yuanqing.org.person.models import Person
from yuanqing.org.unit.actions import rename, set_reporting
from yuanqing.org.unit.models import Unit

MONTHLY = "speech.monthly_report"


def october():
    return open_period(by=SYSTEM, form="return_form", month=Month(2026, 10))


def whose(kind):
    return sorted(Obligation.objects.filter(kind=kind).values_list("unit__code", flat=True))


def test_a_month_makes_every_reporting_unit_owe_its_report(world, clock):
    clock("2026-11-01 09:00")
    set_reporting(world.units["0102"], by=SYSTEM, is_reporting=False)
    period = october()
    assert whose(MONTHLY) == ["0", "01", "0101", "02"]
    row = Obligation.objects.filter(kind=MONTHLY).first()
    assert (row.due_at, row.opens_on, row.version) == (period.due_at, date(2026, 11, 1), 1)
    assert (row.clause.cite, row.title) == ("speech.2.8@1.1", "报送月报")
    assert Entry.objects.filter(act="norms.obligation.open_for_period", record_id=row.pk).count() == 1


def test_opening_again_adds_nobody(world, clock):
    clock("2026-11-01 09:00")
    period = october()
    assert open_for_period(MONTHLY, period, by=SYSTEM) == 0


def test_units_that_did_not_exist_owe_nothing(world, clock):
    clock("2026-11-01 09:00")
    early = open_period(by=SYSTEM, form="return_form", month=Month(2023, 12))  # the units began in January 2024
    assert not Obligation.objects.filter(period=early).exists()


def test_kinds_that_nothing_here_fulfils_are_not_opened(world, clock):
    clock("2026-11-01 09:00")
    assert open_due(date(2026, 6, 1), by=SYSTEM) == 5  # plans and allotments are not
    assert {one.kind for one in Obligation.objects.all()} == {"speech.column_contribution"}


def test_yearly_obligations_open_for_people_by_rank(world, clock, registries):
    clock("2026-06-01 09:00")
    fulfils("speech.party_group_summary", Person, "leave", unit="unit_id", person="id", period=None)
    fulfils("speech.mid_level_reflection", Person, "leave", unit="unit_id", person="id", period=None)
    wang = world.person("0", "王甲", rank="party_group_member")
    world.person("01", "李乙", rank="mid_level_leader")
    world.person("01", "赵丙", rank="mid_level_leader", since=date(2026, 7, 1))  # not yet on 1 June
    world.person("0101", "孙丁")
    assert open_due(date(2026, 6, 1), by=SYSTEM) == 2
    row = Obligation.objects.get(kind="speech.party_group_summary")
    # 15 December 2026 is a Tuesday: nothing to move
    assert (row.person, row.unit.code, row.due_at) == (wang, "0", end_of(date(2026, 12, 15)))
    assert row.opens_on == date(2026, 1, 1)
    assert open_due(date(2026, 6, 2), by=SYSTEM) == 0
    assert open_due(date(2026, 7, 1), by=SYSTEM) == 1  # the later appointment


class TestFulfilment:
    """Extending a month stands for any act: it is a record with a unit and a period."""

    @pytest.fixture
    def period(self, world, clock, registries):
        fulfils("speech.ten_disciplines_state", Extension, "extend")
        self.office = world.account("party_group_office", "0")
        clock("2026-11-02 09:00")
        return october()

    def extend(self, period, unit):
        return extend(by=self.office, period=period, unit=unit, until=end_of(date(2026, 11, 9)), reason="停电")

    def test_the_record_meets_what_its_unit_owes_for_the_month(self, world, period, clock):
        now = clock("2026-11-03 10:00")
        record = self.extend(period, world.units["01"])
        met = Obligation.objects.get(kind="speech.ten_disciplines_state", unit=world.units["01"])
        assert (met.fulfilled_at, met.fulfilled_by) == (now, record.pk)
        assert Entry.objects.filter(record_id=met.pk, act="norms.obligation.fulfil").count() == 1
        others = Obligation.objects.filter(fulfilled_at__isnull=False).exclude(pk=met.pk)
        assert not others.exists()

    def test_the_first_record_counts(self, world, period, clock):
        first = self.extend(period, world.units["01"])
        clock("2026-11-04 10:00")
        extend(by=self.office, period=period, unit=world.units["01"], until=end_of(date(2026, 11, 10)), reason="停电")
        assert Obligation.objects.get(fulfilled_at__isnull=False).fulfilled_by == first.pk

    def test_what_lapsed_is_not_met_afterwards(self, world, period, clock):
        clock("2026-11-06 10:00")
        assert lapse(period, by=SYSTEM) == 10  # two kinds, five units
        assert lapse(period, by=SYSTEM) == 0
        self.extend(period, world.units["01"])
        assert not Obligation.objects.filter(fulfilled_at__isnull=False).exists()

    def test_what_is_not_yet_due_does_not_lapse(self, world, period, clock):
        self.extend(period, world.units["01"])
        clock("2026-11-06 10:00")
        lapse(period, by=SYSTEM)
        assert Obligation.objects.owed().get().unit == world.units["01"]

    def test_figures_count_owed_met_and_in_time(self, world, period, clock):
        kind = "speech.ten_disciplines_state"
        fulfils(kind, Unit, "rename", unit="id", period=None)
        self.extend(period, world.units["01"])
        clock("2026-11-07 10:00")  # two days after the due time
        rename(world.units["02"], by=SYSTEM, name="西部新公司", on=date(2026, 11, 7), reason="改制")
        month = Month(2026, 10)
        rows = Obligation.objects.filter(kind=kind)
        assert queries.standing(rows) == queries.Standing(owed=5, met=2, on_time=1, overdue=3)

        def count(name):
            return {v.dims["kind"]: v.value for v in figures.totals(name, [month], by=("kind",))}.get(kind, 0)

        assert [count(f"obligation.{n}") for n in ("owed", "met", "met_on_time")] == [5, 2, 1]

    def test_statements_do_not_grow_with_the_rows(self, world, period, django_assert_max_num_queries):
        with django_assert_max_num_queries(30):
            self.extend(period, world.units["01"])


def test_an_event_makes_its_unit_owe_within_the_term(world, clock, registries):
    clock("2026-11-05 10:00")  # a Thursday
    fulfils("speech.routing", Extension, "extend", period=None)
    owes("speech.routing", Unit, "rename", unit="id")
    rename(world.units["01"], by=SYSTEM, name="东部新公司", on=date(2026, 11, 5), reason="改制")
    row = Obligation.objects.get()
    # three workdays after Thursday the 5th: Friday, Monday, Tuesday the 10th
    assert (row.kind, row.unit.code, row.due_at) == ("speech.routing", "01", end_of(date(2026, 11, 10)))


@pytest.mark.parametrize("role", ["unit_leader", "superior_reviewer", "secretary", "staff"])
def test_only_the_office_opens_and_lapses(world, clock, role):
    clock("2026-11-20 09:00")
    period, account = october(), world.account(role, "0")
    entries = Entry.objects.count()
    with pytest.raises(Refused):
        lapse(period, by=account)
    with pytest.raises(Refused):
        open_due(date(2026, 6, 1), by=account)
    assert Entry.objects.count() == entries
