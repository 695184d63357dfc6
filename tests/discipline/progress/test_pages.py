"""Progress of the whole tree: counts that open, the tree, the map, and questions about runs of months."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from tests.discipline.monthly_return.browser import Reader, text
from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.monthly_return import actions
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.progress import queries
from yuanqing.discipline.violation.actions import Someone
from yuanqing.kernel.almanac import Month
from yuanqing.org.account import rules

ADDRESS = "/discipline/progress/"


def figures(page: str) -> dict[str, tuple[str, str]]:
    """label → (value, address)"""
    found = re.findall(
        r'<a href="([^"]*)" class="figure[^"]*">\s*<span class="figure-label">([^<]*)</span>.*?figure-value">([^<]*)<',
        page,
        re.S,
    )
    return {label: (value, href.replace("&amp;", "&")) for href, label, value in found}


@pytest.fixture
def reported(house, october):
    """西部公司 nil and on time, 东一厂 late, the others not at all."""
    house.submit("02", house.west_leader)
    with clock("2026-11-06 09:00"):
        house.with_a_matter()
        house.submit("0101", house.leader, explanations={"late": "停电"})
    return october


def test_the_counts_open_to_the_returns_they_count(house, reported):
    reader = Reader(house.office)
    shown = figures(text(reader.get(ADDRESS)))
    assert {label: value for label, (value, _href) in shown.items()} == {
        "应报": "4", "已报": "2", "按时": "1", "迟报": "1", "还没有报": "2", "零报告": "1", "已退回": "0", "已审核": "0",
    }  # fmt: skip
    for label, (value, href) in shown.items():
        listed = text(reader.get(href))
        rows = len(
            re.findall(
                r"/discipline/monthly-return/[0-9a-f-]{36}/", listed.partition("<tbody>")[2].partition("</tbody>")[0]
            )
        )
        assert rows == int(value), label


def test_the_tree_tells_how_far_each_branch_is(house, reported):
    page = text(Reader(house.office).get(ADDRESS))
    assert "连同下级已报 1 / 2 家，1 家还没有报" in page


@pytest.mark.parametrize("roots", [["0/"], [""], ["0/01/", "0/02/"]])
def test_few_returns_are_counted_as_many_are(house, reported, roots):
    rows = MonthlyReturn.objects.filter(period=reported)
    few, many = (queries.tree(rows, roots, most) for most in (4, 3))
    assert few.counts == many.counts == queries.Progress(4, 2, 1, 1, 2, 1, 0, 0)
    assert few.branches == many.branches


def test_the_map_marks_late_and_nil(house, reported):
    page = text(Reader(house.office).get(ADDRESS))
    assert re.search(r'class="heat-late" title="东一厂 2026年10月：迟报"', page)
    assert re.search(r'class="heat-nil" title="西部公司 2026年10月：按时，零报告"', page)
    assert re.search(r'class="heat-soon" title="示范集团 2026年10月：还没有报"', page)


def test_a_reader_sees_her_branch_only(house, reported):
    page = text(Reader(house.east).get(ADDRESS))
    assert "东一厂" in page
    assert "西部公司" not in page
    assert figures(page)["应报"][0] == "2"
    assert Reader(house.east).get(ADDRESS, data={"unit": "02"}).status_code == 404


def test_a_branch_opens_by_itself(house, reported):
    record = house.paper("01")
    page = text(Reader(house.office).get(reverse("progress:branch", args=[record.pk]), headers={"HX-Request": "true"}))
    assert "东一厂" in page
    assert "<html" not in page
    assert Reader(house.contact).get(reverse("progress:branch", args=[record.pk])).status_code == 404


def months_of_nil(house, first: int, last: int) -> None:
    for month in range(first, last + 1):
        with clock(f"2026-{month + 1:02d}-03 10:00"):
            house.open(f"2026-{month:02d}")
            for unit, leader in (("02", house.west_leader), ("0101", house.leader)):
                house.submit(unit, leader, f"2026-{month:02d}")


def test_a_long_run_of_nil_returns_is_a_question(house):
    months_of_nil(house, 4, 9)
    rows, until = MonthlyReturn.objects.all(), Month(2026, 9)
    assert [
        (run.unit.code, run.months, str(run.since)) for run in queries.questions(rows, until, house.officer).nil
    ] == [
        ("0101", 6, "2026-04"),
        ("02", 6, "2026-04"),
    ]
    assert queries.questions(rows, Month(2026, 8), house.officer).nil == []  # five months are not yet a run
    house.record(Someone("county", name="某甲"), received_on=date(2026, 6, 10))
    house.record(Someone("county", name="某乙"), received_on=date(2026, 9, 2))
    page = text(Reader(house.officer).get(ADDRESS, data={"month": "2026-09"}))
    assert "东一厂连续 6 个月零报告，而同期有 2 件问题登记，请核实。" in page
    assert "西部公司连续 6 个月零报告，请了解是否确无问题。" in page
    rules.install({"reviewer": ["discipline.monthly_return.view"]})
    blind = house.account("只看月报", "reviewer")  # sees no matters, so that none are counted for it
    assert [run.registered for run in queries.questions(rows, until, blind).nil] == [0, 0]


def test_a_month_with_something_ends_the_run(house):
    months_of_nil(house, 4, 8)
    with clock("2026-10-03 10:00"):
        house.open("2026-09")
        house.concluded(
            Someone("county", name="某甲", is_party_member=True), received_on=date(2026, 9, 8), on=date(2026, 9, 20)
        )
        house.submit("0101", house.leader, "2026-09")
    assert (
        queries.streaks(MonthlyReturn.objects.all(), Month(2026, 9), {"nil": (queries.Q(is_nil=True), 1)})["nil"][
            0
        ].unit.code
        == "02"
    )


def test_a_run_of_mismatches_is_a_question(house):
    for month in (7, 8, 9):
        with clock(f"2026-{month + 1:02d}-03 10:00"):
            house.open(f"2026-{month:02d}")
            cells = {"received.B2a.county": 1, "received_total": 1, "concluded": 1}
            house.submit(
                "0101", house.leader, f"2026-{month:02d}", cells=cells, reasons=dict.fromkeys(cells, "口头举报")
            )
    assert [
        (run.unit.code, run.months)
        for run in queries.questions(MonthlyReturn.objects.all(), Month(2026, 9), house.officer).mismatch
    ] == [("0101", 3)]
    page = text(Reader(house.officer).get(ADDRESS, data={"month": "2026-09"}))
    assert "东一厂连续 3 个月的月报与登记不一致" in page


def test_accepted_and_returned_are_counted(house, reported):
    with clock("2026-11-06 10:00"):
        actions.accept(house.paper("02"), by=house.group)
        actions.send_back(house.paper("0101"), by=house.east, note="请改")
        shown = figures(text(Reader(house.office).get(ADDRESS)))
    assert (shown["已审核"][0], shown["已退回"][0]) == ("1", "1")


def test_without_a_month_the_page_says_so(house):
    assert "还没有开启月度" in text(Reader(house.office).get(ADDRESS))
    assert Reader(house.office).get(ADDRESS, data={"month": "2024-01"}).status_code == 404


def test_query_budget(house, reported, django_assert_max_num_queries):
    reader = Reader(house.office)
    reader.get(ADDRESS)
    with django_assert_max_num_queries(14):
        assert reader.get(ADDRESS).status_code == 200
