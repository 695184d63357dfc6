"""Sums, charts, shortcuts and lists to choose from hold only what their reader may see, also without the second wall.

What is asked here names nobody, so that the pages of the authorization matrix do not give it away: numbers and means.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.discipline.monthly_return.house import clock
from tests.discipline.violation.test_pages import Reader

from yuanqing.discipline.bulletin import pages as bulletin_pages
from yuanqing.discipline.bulletin.models import Bulletin, Erratum, TypicalCase
from yuanqing.discipline.correction.actions import correct
from yuanqing.discipline.correction.queries import corrections
from yuanqing.discipline.monthly_return.queries import form_of, records_behind
from yuanqing.discipline.review import pages as review_pages
from yuanqing.discipline.statistics import pages, queries
from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation.queries import Codes
from yuanqing.kernel.almanac import Month
from yuanqing.org.account import rules
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.shell import middleware
from yuanqing.shell.file import actions as files
from yuanqing.shell.file.models import File

OCTOBER = Month(2026, 10)
PAGE = reverse("statistics:table")


@pytest.fixture
def first_wall_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the hunt for planted defects asks: what the database would hide anyway does not hide that nobody asked."""
    from yuanqing.kernel.database.scope import SYSTEM

    monkeypatch.setattr(middleware, "scope_of", lambda account: SYSTEM)


def asked_by(account: Any) -> Any:
    return SimpleNamespace(user=account, GET={})


@pytest.mark.usefixtures("first_wall_alone")
def test_the_official_table_counts_what_its_reader_sees(small, closed_october):
    """October: one problem at 东一厂, one at 西一厂."""
    for who, problems in ((small.secretary, 2), (small.leader, 1), (small.west_leader, 1)):
        page = Reader(who).get(PAGE, data={"month": "2026-10"}).context
        (total,) = {row["cells"][0].value for block in page["blocks"][:1] for row in block["lines"][:1]}
        assert total == problems


def test_the_heat_map_lists_units_in_reach(small, closed_october):
    rows = Violation.objects.all()
    below = lambda who, code: {  # noqa: E731
        row[0] for row in pages.heat_map(asked_by(who), rows, Codes.now(), small.units[code], OCTOBER).rows
    }
    assert {"东部公司", "西部公司"} <= below(small.secretary, "0")
    assert below(small.east_leader, "01") == {"东一厂", "东二厂"}
    assert pages.heat_map(asked_by(small.east_leader), rows, Codes.now(), small.units["02"], OCTOBER) is None


def test_problems_per_head_are_those_one_sees(small, closed_october):
    for code in ("0101", "0201"):
        small.person(f"{code}甲", unit=code)
    assert Person.objects.count() >= 2
    problems = lambda who: {  # noqa: E731
        unit.code: rate.problems for unit, rate in queries.per_head(who, Unit.objects.all(), OCTOBER)
    }
    whole, own = problems(small.secretary), problems(small.leader)
    assert (whole["0201"], own["0201"], own["0101"]) == (1, 0, whole["0101"])


def test_the_mean_of_a_month_is_that_of_the_cards_one_sees(small, closed_october):
    mean = lambda who: review_pages.trend(asked_by(who), closed_october).rows[-1][1]  # noqa: E731
    assert mean(small.leader) == 100  # 东一厂 alone
    assert mean(small.secretary) < 100


def test_reviews_are_for_those_who_may_see_reviews(small, closed_october):
    count = lambda who: Reader(who).get("/api/discipline/review/").json()["count"]  # noqa: E731
    assert (count(small.secretary), count(small.staff)) == (3, 0)


def test_corrections_are_those_of_the_own_units(small, august):
    for code in ("0101", "0201"):
        with clock("2026-10-30 10:00"):
            correct(small.concluded(unit=small.units[code]), by=small.second, reason="x", facts="y")
    counted = lambda who: sorted(one.unit.code for one in corrections(who))  # noqa: E731
    assert (counted(small.officer), counted(small.west_leader)) == (["0101", "0201"], ["0201"])


def test_the_matters_behind_a_number_are_shown_to_who_sees_matters(small, closed_october):
    rules.install({"reviewer": ["discipline.monthly_return.view"], "keeper": ["discipline.*.view"]})
    paper = small.paper("0101")
    cell = form_of(paper.period).cell("carried")
    shown = lambda role: records_behind(paper, cell, small.account(role, role)).count()  # noqa: E731
    assert (shown("keeper"), shown("reviewer")) == (1, 0)


@pytest.mark.parametrize(("code", "count"), [("0101", 1), ("01", 0), ("0", 0), ("none", 0)])
def test_returns_are_narrowed_to_units_in_reach(small, august, code, count):
    answer = Reader(small.leader).get("/api/discipline/monthly-return/", data={"unit": code})
    assert answer.json()["count"] == count


# Matters


@pytest.mark.parametrize(("code", "count"), [("0101", 1), ("0", 0), ("none", 0)])
@pytest.mark.usefixtures("first_wall_alone")
def test_matters_are_narrowed_to_units_in_reach(small, august, code, count):
    small.routed()
    answer = Reader(small.leader).get("/api/discipline/violation/", data={"unit": code})
    assert (answer.json()["count"] > 0) is (count > 0)


@pytest.mark.usefixtures("first_wall_alone")
def test_whom_another_matter_is_about_is_to_a_measure_as_if_there_were_nobody(small, august):
    with clock("2026-10-20 10:00"):
        mine, away = small.routed(), small.routed(unit=small.units["0201"])
    east = Reader(small.account("东部纪检", "discipline_officer", "01"))
    send = lambda involved: east.client.post(  # noqa: E731
        f"/api/discipline/violation/{mine.pk}/measure/",
        {"involved": str(involved), "code": "party_warning", "decided_on": "2026-10-20"},
        content_type="application/json", headers={"X-CSRFToken": east.client.cookies["csrftoken"].value},
    )  # fmt: skip
    east.get(reverse("violation:list"))
    with clock("2026-10-20 12:00"):
        hidden, absent = send(away.involved.get().pk), send(uuid4())
        assert (hidden.status_code, absent.status_code, hidden.content) == (404, 404, absent.content)
        assert send(mine.involved.get().pk).status_code == 200


def test_files_of_a_matter_about_oneself_are_not_seen(small, august, settings, tmp_path):
    settings.HOME = tmp_path
    person = small.person("当事人")
    record = small.routed(Someone("township_and_below", person), received_on=date(2026, 8, 20))
    upload = SimpleUploadedFile("说明.txt", "情况".encode())
    found = files.receive(upload, by=small.officer, purpose="violation.material", about=record.pk, unit=record.unit)
    himself = small.account("当事人", "discipline_officer", person=person)
    seen = lambda who: File.objects.visible_to(who).filter(pk=found.pk).exists()  # noqa: E731
    assert (seen(small.second), seen(himself)) == (True, False)


# The bulletin


def test_a_draft_s_cases_are_for_those_who_may_see_the_draft(small, drafted):
    small.told(drafted, "2026-09-14")
    seen = lambda who: TypicalCase.objects.visible_to(who).count()  # noqa: E731
    assert (seen(small.office), seen(small.leader)) == (1, 0)
    small.published(drafted, "2026-09-15")
    assert seen(small.leader) == 1


def test_corrected_figures_are_told_with_their_bulletin(small, three_months):
    told = Erratum.objects.count()
    seen = lambda who: Erratum.objects.visible_to(who).count()  # noqa: E731
    rules.install({"nothing": [], "reader": ["discipline.bulletin.view"]})
    assert told > 0
    assert (seen(small.account("a", "reader")), seen(small.account("b", "nothing"))) == (told, 0)


def test_what_may_be_told_as_a_case_is_what_one_sees(small, august, drafted):
    rules.install({"writer": ["discipline.bulletin.*"], "east": ["discipline.violation.view"]})
    writer = small.account("写稿人", "writer")
    offered = lambda: [v.unit.code for v in bulletin_pages.concluded(asked_by(writer), drafted)]  # noqa: E731
    assert offered() == []


def test_months_to_draft_from_are_those_one_sees(small, august):
    rules.install({"writer": ["discipline.bulletin.*"], "both": ["discipline.bulletin.*", "discipline.review.view"]})
    waiting = lambda role: len(  # noqa: E731
        Reader(small.account(role, role)).get(reverse("bulletin:list")).context["waiting"]
    )
    assert (waiting("both"), waiting("writer")) == (1, 0)
    assert Bulletin.objects.count() == 0
