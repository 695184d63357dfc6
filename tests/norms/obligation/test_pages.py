"""The list of obligations and one of them, for those in whose scope it lies, and for the person who owes it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.norms.obligation.actions import fulfils, open_due
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.period.actions import open_period
from yuanqing.org.person.models import Person


@pytest.fixture
def period(world, clock):
    clock("2026-11-02 09:00")
    return open_period(by=SYSTEM, form="return_form", month=Month(2026, 10))


def codes(answer):
    return sorted(row.unit.code for row in answer.context["listing"].page.object_list if row.kind.endswith("report"))


@pytest.mark.parametrize(
    ("role", "code", "query", "expected"),
    [
        ("unit_leader", "01", {}, ["01", "0101", "0102"]),
        ("unit_leader", "01", {"mine": "yes"}, ["01"]),
        ("secretary", "0", {}, ["0", "01", "0101", "0102", "02"]),
        ("secretary", "0", {"unit": "01"}, ["01", "0101", "0102"]),
        ("secretary", "0", {"month": "2026-09"}, []),
        ("secretary", "0", {"standing": "overdue"}, []),
        ("secretary", "0", {"standing": "owed"}, ["0", "01", "0101", "0102", "02"]),
        ("staff", "01", {}, []),
    ],
)
def test_the_list_shows_ones_scope(world, period, sign_in, role, code, query, expected):
    assert codes(sign_in(world.account(role, code)).get(reverse("obligation:list"), query)) == expected


def test_queries_do_not_grow_with_the_rows(world, period, sign_in, django_assert_max_num_queries):
    client = sign_in(world.account("secretary", "0"))
    with django_assert_max_num_queries(15):
        client.get(reverse("obligation:list"))


def test_an_obligation_outside_ones_scope_does_not_exist(world, period, sign_in):
    client = sign_in(world.account("unit_leader", "02"))
    theirs, own = (Obligation.objects.filter(unit=world.units[code]).first() for code in ("01", "02"))
    for name in ("detail", "go"):
        assert client.get(reverse(f"obligation:{name}", args=[theirs.pk])).status_code == 404
    page = client.get(own.get_absolute_url())
    assert page.status_code == 200
    assert "报送月报" in page.content.decode()
    assert client.get(f"/api/norms/obligation/{theirs.pk}/").status_code == 404


def test_people_see_their_own(world, clock, registries, sign_in):
    clock("2026-06-01 09:00")
    fulfils("speech.party_group_summary", Person, "leave", person="id", period=None)
    wang = world.person("0", "王甲", rank="party_group_member")
    open_due(date(2026, 6, 1), by=SYSTEM)
    row = Obligation.objects.get(person=wang)
    own = sign_in(world.account("staff", "0", name="wang", person=wang))
    assert own.get(row.get_absolute_url()).status_code == 200
    assert own.get("/api/norms/obligation/?mine=true").json()["count"] == 1
    assert sign_in(world.account("staff", "0", name="other")).get(row.get_absolute_url()).status_code == 404


def test_the_api_filters(world, period, sign_in):
    client = sign_in(world.account("secretary", "0"))
    base = "/api/norms/obligation/?kind=speech.monthly_report"
    assert client.get(base).json()["count"] == 5
    assert client.get(f"{base}&month=2026-10&unit=01").json()["count"] == 3
    assert client.get(f"{base}&standing=met").json()["count"] == 0
    assert client.get("/api/norms/obligation/?month=soon").status_code == 422


def test_the_record_that_meets_it_is_named_to_those_who_see_it(world, period, sign_in):
    """Whoever takes in reports sees what is owed, and no monthly returns: he is led no further."""
    owed = Obligation.objects.get(unit=world.units["01"], kind="speech.monthly_report")
    report = MonthlyReturn.objects.get(unit=world.units["01"], period=period)
    for role, leads in (("unit_leader", True), ("petition_intake", False)):
        client = sign_in(world.account(role, "01"))
        page = client.get(owed.get_absolute_url()).content.decode()
        assert (report.get_absolute_url() in page) is leads
        onward = client.get(reverse("obligation:go", args=[owed.pk]))
        assert onward.url == (report if leads else owed).get_absolute_url()
