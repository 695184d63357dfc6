"""The calendar of months, a month, and granting more time."""

from __future__ import annotations

import pytest
from django.urls import reverse

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.actions import open_period
from yuanqing.norms.period.models import Extension, Period


@pytest.fixture
def period(world, clock):
    clock("2026-11-02 09:00")
    return open_period(by=SYSTEM, form="return_form", month=Month(2026, 10))


def test_the_year_shows_due_days_and_why(world, period, sign_in, django_assert_max_num_queries):
    client = sign_in(world.account("staff", "01"))
    with django_assert_max_num_queries(13):
        page = client.get(reverse("period:list"), {"year": 2026}).content.decode()
    assert "2026-10-05 不是工作日（国庆节放假）；规则是固定日期，不顺延。" in page
    assert period.get_absolute_url() in page
    assert "按现有日历推算" in client.get(reverse("period:list"), {"year": 2031}).content.decode()
    assert client.get(reverse("period:list"), {"year": "abc"}).status_code == 200


def test_the_office_opens_the_next_month(world, period, clock, sign_in):
    clock("2026-11-30 09:00")
    client = sign_in(world.account("party_group_office", "0"))
    assert "开启2026年11月" in client.get(reverse("period:list")).content.decode()
    answer = client.post(reverse("period:open_period"), {"month": "2026-11"})
    assert answer["Location"] == Period.objects.get(month_on="2026-11-01").get_absolute_url()
    assert client.post(reverse("period:open_period"), {"month": "soon"}).status_code == 422
    assert Period.objects.count() == 2


def test_others_do_not_open_months(world, period, clock, sign_in):
    clock("2026-11-30 09:00")
    answer = sign_in(world.account("secretary", "0")).post(reverse("period:open_period"), {"month": "2026-11"})
    assert answer.status_code == 409
    assert Period.objects.count() == 1


def test_an_extension_is_granted_on_the_page(world, period, sign_in, django_assert_max_num_queries):
    client = sign_in(world.account("party_group_office", "0"))
    url = reverse("period:extend", args=[period.pk])
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"unit": "东部", "until": "2026-11-09", "reason": "停电"})
    assert (wrong.status_code, Extension.objects.count()) == (422, 0)
    late = client.post(url, {"unit": "01", "until": "2026-12-09", "reason": "停电"})
    assert late.status_code == 422
    assert "不能晚于锁定时间" in late.content.decode()
    assert client.post(url, {"unit": "01", "until": "2026-11-09", "reason": "停电"}).status_code == 302
    with django_assert_max_num_queries(16):
        page = client.get(period.get_absolute_url()).content.decode()
    assert "停电" in page


def test_extensions_are_seen_within_ones_scope(world, period, sign_in):
    office = sign_in(world.account("party_group_office", "0"))
    office.post(reverse("period:extend", args=[period.pk]), {"unit": "01", "until": "2026-11-09", "reason": "停电了"})
    for code, seen in (("01", True), ("0101", False), ("02", False)):
        page = sign_in(world.account("unit_leader", code)).get(period.get_absolute_url()).content.decode()
        assert ("停电了" in page) is seen


def test_granting_needs_the_right_and_the_token(world, period, sign_in):
    url, given = reverse("period:extend", args=[period.pk]), {"unit": "01", "until": "2026-11-09", "reason": "停电"}
    assert sign_in(world.account("superior_reviewer", "0")).post(url, given).status_code == 409
    assert sign_in(world.account("party_group_office", "0"), csrf=True).post(url, given).status_code == 403
    assert not Extension.objects.exists()


def test_the_api(world, period, sign_in):
    office = sign_in(world.account("party_group_office", "0"))
    base = f"/api/norms/period/{period.pk}/"
    assert office.get("/api/norms/period/").json()["items"][0]["id"] == str(period.pk)
    assert office.get(base).json()["policy"] == "fixed"
    given = {"unit_id": str(world.units["01"].pk), "until": "2026-11-09T23:59:00+08:00", "reason": "停电"}
    send = {"data": given, "content_type": "application/json"}
    assert sign_in(world.account("unit_leader", "01")).post(f"{base}extensions/", **send).status_code == 409
    for moment in ("0001-01-01", "9999-12-31", "2026-11-30"):  # the last lies behind the lock, and says no zone
        assert office.post(f"{base}extensions/", **{**send, "data": {**given, "until": moment}}).status_code == 422
    assert office.post(f"{base}extensions/", **send).status_code == 201
    assert office.get(f"{base}extensions/").json()["count"] == 1
    month = {"data": {"month": "2026-13"}, "content_type": "application/json"}
    assert office.post("/api/norms/period/", **month).status_code == 422
