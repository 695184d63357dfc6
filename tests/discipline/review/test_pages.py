"""Closed months over HTTP: who sees which cards, what each point opens to, the button that closes."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.discipline.monthly_return.house import clock
from tests.discipline.violation.test_pages import Reader, text

from yuanqing.discipline.review.models import ScoreCard
from yuanqing.shell.job.models import Job

MONTH = reverse("review:detail", args=["2026-10"])


@pytest.fixture
def october(closed_october: Any) -> Any:
    return closed_october


def card(code: str) -> ScoreCard:
    return ScoreCard.objects.get(unit__code=code, review__period__month_on="2026-10-01")


def test_a_month_and_its_cards(small, october):
    page = text(Reader(small.secretary).get(MONTH))
    for code, score in (("0101", "100.00"), ("0201", "85.00"), ("0202", "15.00"), ("03", "95.00")):
        assert f'href="{card(code).get_absolute_url()}"' in page
        assert score in page


def test_a_works_sees_its_own_card_only(small, october):
    leader = Reader(small.leader)
    assert "东一厂" in text(leader.get(MONTH))
    assert "西二厂" not in text(leader.get(MONTH))
    assert leader.get(card("0101").get_absolute_url()).status_code == 200
    assert leader.get(card("0202").get_absolute_url()).status_code == 404
    assert Reader(small.staff).get(MONTH).status_code == 404


def test_every_point_opens_to_its_evidence(small, october):
    page = text(Reader(small.secretary).get(card("0201").get_absolute_url()))
    assert "晚于截止4天报送，宽限期后3天。" in page
    assert small.paper("0201").get_absolute_url() in page
    page = text(Reader(small.secretary).get(card("0101").get_absolute_url()))
    assert "批评教育帮助和处理人数 · 违规公款吃喝 · 县处级" in page
    assert "另有一人由上级处理。" in page
    assert "上级已认可" in page


def test_the_button_starts_a_job_and_only_for_the_office(small, august):
    with clock("2026-10-02 10:00"):
        small.open("2026-09")
    with clock("2026-10-20 10:00"):
        office, listed = Reader(small.office), reverse("review:list")
        page = text(office.get(listed))
        assert ">2026年8月</a>" in page
        assert "2026-10-12 23:59" in page  # September is locked
        assert "结账" in page
        response = office.post(reverse("review:close", args=["2026-09"]), {})
        job = Job.objects.get()
        assert (response.status_code, response.url) == (302, reverse("job:detail", args=[job.pk]))
        secretary = Reader(small.secretary)
        secretary.get(listed)
        assert secretary.post(reverse("review:close", args=["2026-09"]), {}).status_code == 409
    assert Job.objects.count() == 1


def test_frozen_figures_with_what_they_mean(small, october):
    reader = Reader(small.secretary)
    place = reverse("monthly_figures:detail", args=["2026-10"])
    assert "查处日期在当月、已查处的违规问题" in text(reader.get(place))
    page = text(reader.get(f"{place}?figure=violation.problems"))
    assert "东一厂" in page
    assert "西一厂" in page
    own = text(Reader(small.leader).get(f"{place}?figure=violation.problems"))
    assert "东一厂" in own
    assert "西一厂" not in own
    assert reader.get(f"{place}?figure=nothing").status_code == 404


@pytest.mark.parametrize(("place", "budget"), [("list", 13), ("month", 16), ("card", 13)])
def test_pages_stay_within_their_budget(small, october, django_assert_max_num_queries, place, budget):
    reader = Reader(small.secretary)
    url = {"list": reverse("review:list"), "month": MONTH, "card": card("0101").get_absolute_url()}[place]
    reader.get(url)
    with django_assert_max_num_queries(budget):
        assert reader.get(url).status_code == 200


def test_by_program(small, october):
    reader, place = Reader(small.leader), "/api/discipline/review/2026-10/"
    assert reader.get(place).json()["unit_count"] == 8
    assert [one["unit"] for one in reader.get(f"{place}cards/").json()["items"]] == ["0101"]
    assert reader.get(f"{place}cards/0101/").json()["total"] == 10000
    assert reader.get(f"{place}cards/0202/").status_code == 404
    frozen = reader.get(f"{place}figures/violation.problems/").json()
    assert (frozen["count"], frozen["items"][0]["value"]) == (1, 1)
    assert Reader(small.staff).get(place).status_code == 404
