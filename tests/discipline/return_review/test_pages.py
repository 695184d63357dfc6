"""The reviewer's queue and the two decisions over HTTP, with CSRF enforced."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.discipline.monthly_return.browser import Reader, text

from yuanqing.discipline.monthly_return import actions
from yuanqing.discipline.return_review.pages import waiting_for_review

QUEUE = "/discipline/return-review/"
CHANGED = {"cells": {"people_handled.B2a.county": 2}, "reasons": {"people_handled.B2a.county": "另有一人"}}


@pytest.fixture
def submitted(house, october):
    house.with_a_matter()
    return house.submit("0101", house.leader, **CHANGED)


def post(reader, name, record, **data):
    return reader.post(
        reverse(f"return_review:{name}", args=[record.pk]), {"version": record.version, **data}, page=QUEUE
    )


def test_the_queue_shows_the_differences(house, submitted):
    page = text(Reader(house.east).get(QUEUE))
    assert "1 份月报等您审核" in page
    assert "另有一人" in page
    assert "结转 <b>0</b> + 受理 <b>2</b> − 办结 <b>1</b> = 在办 <b>1</b>" in page


@pytest.mark.parametrize(
    ("account", "count"), [("east", 1), ("group", 1), ("contact", 0), ("leader", 0), ("office", 0)]
)
def test_only_what_one_may_decide_waits(house, submitted, account, count):
    lines = waiting_for_review(getattr(house, account))
    assert sum(line.count for line in lines) == count


def test_a_reviewer_does_not_see_the_queue_of_another_branch(house, submitted):
    west = house.account("西审核", "superior_reviewer", "02")
    assert "东一厂" not in text(Reader(west).get(QUEUE))


def test_accepting_returns_to_the_queue(house, submitted):
    response = post(Reader(house.east), "accept", submitted, **{"from": "queue"})
    assert response.url == QUEUE
    assert house.paper("0101").state == "accepted"


def test_sending_back_asks_for_a_note(house, submitted):
    reader = Reader(house.east)
    assert post(reader, "send_back", submitted, note="").status_code == 422
    assert house.paper("0101").state == "submitted"
    response = post(reader, "send_back", submitted, note="请核对处理人数")
    assert response.url == submitted.get_absolute_url()
    assert house.paper("0101").review_note == "请核对处理人数"


def test_the_second_of_two_reviewers_is_told_who_decided(house, submitted):
    post(Reader(house.east), "accept", submitted)
    response = post(Reader(house.east_other), "accept", submitted)
    assert response.status_code == 409
    assert "东审核已于" in text(response)


def test_accepting_all_that_agree(house, submitted, october):
    house.submit("02", house.west_leader)
    reader = Reader(house.group)
    page = text(reader.get(QUEUE))
    assert "2026年10月有 1 份与记录一致，没有需要说明的。" in page
    reader.post(re.search(r'action="([^"]*accept-all/)"', page)[1], {}, page=QUEUE)
    assert [house.paper(code).state for code in ("0101", "02")] == ["submitted", "accepted"]


def test_a_unit_cannot_accept_its_own(house, october):
    house.submit("01", house.east_leader, declared_gaps=[{"unit": "0101", "name": "东一厂", "reason": "停产"}])
    record = house.paper("01")
    assert post(Reader(house.east), "accept", record).status_code == 409
    assert "东部公司" not in text(Reader(house.east).get(QUEUE)).partition("<main")[2]


def test_what_is_not_visible_is_not_there(house, submitted):
    west = house.account("西审核", "superior_reviewer", "02")
    assert post(Reader(west), "accept", submitted).status_code == 404
    assert house.paper("0101").state == "submitted"


def test_query_budget(house, submitted, django_assert_max_num_queries):
    actions.accept_all(submitted.period, by=house.group)
    reader = Reader(house.east)
    reader.get(QUEUE)
    with django_assert_max_num_queries(20):
        assert reader.get(QUEUE).status_code == 200


def test_who_reviews_nothing_accepts_nothing(house, submitted, october):
    """Not even with nothing to accept: whether anything waits is not his to learn."""
    response = Reader(house.east_leader).post(reverse("return_review:accept_all", args=[october.pk]), {}, page="/")
    assert response.status_code == 409
    assert house.paper("0101").state == "submitted"
