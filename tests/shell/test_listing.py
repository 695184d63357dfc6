"""Lists: filters narrow, order is total, numbers are counted in SQL, queries do not grow with the rows."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django.test import RequestFactory
from openpyxl import load_workbook

from yuanqing.org.account.models import Account, Grant
from yuanqing.shell.filters import Choice, Dates, InMonth, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View, may_repeat

pytestmark = pytest.mark.urls("tests.shell.shell_addresses")


class Sessions(Listing):
    """A list over the only table that every installation has and tests may fill."""

    name = "sessions"
    title = "会话"
    columns = (
        Column("session_key", "编号", sort="session_key", link=lambda row: f"/s/{row.pk}/", phone=True),
        Column("session_data", "内容", "badge", tone=lambda row: "red"),
        Column("expire_date", "到期", "moment", sort="expire_date"),
        Column("length", "长度", "number", lambda row: len(row.session_data), optional=True),
    )
    filters = (
        Search("q", "查找", ("session_key", "session_data")),
        Choice("kind", "种类", [("red", "红"), ("blue", "蓝")], "session_data", facets=True),
        Dates("on", "到期", "expire_date", is_instant=True),
        InMonth("month", "月份", "expire_date", is_instant=True),
        InUnit("unit", "单位", "session_key", lambda text: (text, text) if text != "nowhere" else None),
    )
    views = (View("红的", "kind=red", Q(session_data="red")), View("蓝的", "kind=blue", Q(session_data="blue")))
    order = "-expire_date"
    empty = "没有会话"


@pytest.fixture
def rows(db):
    Session.objects.all().delete()
    Session.objects.bulk_create(
        Session(
            session_key=f"0/{i % 3}/{i:02}",
            session_data=("red", "blue", "=1+1")[i % 3],
            expire_date=datetime(2026, 10 + i % 2, 1 + i % 28, 12, tzinfo=UTC),
        )
        for i in range(60)
    )
    return Session.objects.all()


def listing(rows, query=""):
    return Sessions(RequestFactory().get("/sessions/" + query), rows)


def test_the_first_page_and_the_whole(rows):
    shown = listing(rows)
    assert (len(shown.lines), shown.page.paginator.count, shown.page.paginator.num_pages) == (25, 60, 3)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?kind=red", 20),
        ("?kind=green", 60),
        ("?q=0/1/ blue", 20),
        ("?q=0/1/+red", 0),
        ("?month=2026-10", 30),
        ("?month=nonsense", 60),
        ("?on_from=2026-11-02&on_until=2026-11-04", 6),
        ("?on_from=x", 60),
        ("?unit=0/2/", 20),
        ("?unit=nowhere", 0),
        ("?unit=0/2/&kind=red", 0),
    ],
)
def test_filters_narrow_and_nonsense_is_ignored(rows, query, count):
    assert listing(rows, query).page.paginator.count == count


def test_order_is_chosen_by_a_heading_and_turned_by_a_second_click(rows):
    up = listing(rows, "?order=session_key")
    assert up.page.object_list[0].session_key == "0/0/00"
    assert (up.heads[0].order, up.heads[0].href) == ("ascending", "/sessions/?order=-session_key")
    down = listing(rows, "?order=-session_key")
    assert down.page.object_list[0].session_key == "0/2/59"
    assert listing(rows, "?order=session_data").ordering == ("-expire_date", "pk")


def test_pages_never_overlap_though_many_rows_are_equal(rows):
    seen = [row.pk for page in (1, 2, 3) for row in listing(rows, f"?page={page}").page.object_list]
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(("query", "size"), [("?size=50", 50), ("?size=7", 25), ("?size=x", 25), ("", 25)])
def test_page_sizes_are_three(rows, query, size):
    assert listing(rows, query).page_size == size


def test_views_and_facets_are_counted_by_the_database(rows):
    shown = listing(rows, "?kind=red")
    assert [(t.label, t.count, t.current) for t in shown.tabs] == [
        ("全部", 60, False),
        ("红的", 20, True),
        ("蓝的", 20, False),
    ]
    (choice,) = [c for c in shown.controls if c.kind == "choice"]
    assert [(o.label, o.count, o.chosen) for o in choice.options] == [("红", 20, True), ("蓝", 20, False)]


def test_a_choice_is_counted_on_what_the_other_filters_leave(rows):
    (choice,) = [c for c in listing(rows, "?unit=0/2/").controls if c.kind == "choice"]
    assert [o.count for o in choice.options] == [0, 0]


def test_columns_are_chosen_and_optional_ones_wait(rows):
    assert [h.column.key for h in listing(rows).heads] == ["session_key", "session_data", "expire_date"]
    assert [h.column.key for h in listing(rows, "?col=length&col=session_key").heads] == ["session_key", "length"]
    assert len(listing(rows, "?col=nothing").heads) == 4


def test_links_keep_what_was_chosen(rows):
    shown = listing(rows, "?kind=red&order=session_key&size=100&page=1")
    assert shown.export_link == "/sessions/?kind=red&order=session_key&size=100&format=xlsx"
    assert shown.kept == [("order", "session_key"), ("size", "100")]


@pytest.mark.parametrize(
    ("query", "statements", "number"),
    [
        ("", 3, 60),  # views and with them all rows, facets, the page
        ("kind=red&", 4, 20),  # and how many the filter leaves
    ],
)
@pytest.mark.parametrize("size", [25, 50])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    rows, django_assert_num_queries, query, statements, number, size
):
    shown = listing(rows, f"?{query}size={size}")
    with django_assert_num_queries(statements):
        assert shown.page.paginator.count == number
        assert len(shown.tabs) == 3
        assert len(shown.controls) == 5
        assert len(shown.lines) == min(size, number)


def test_htmx_gets_the_table_and_everybody_else_the_page(rows):
    request = RequestFactory().get("/sessions/", headers={"HX-Request": "true", "HX-Target": "listing-sessions"})
    page = Sessions(request, rows).respond("shell/listing.html").content.decode()
    assert 'href="/s/0/' in page
    assert 'data-label="编号"' in page
    assert page.count("<tr>") == 26


def test_an_empty_list_says_so_and_a_filtered_one_offers_to_clear(db):
    Session.objects.all().delete()
    nothing = Session.objects.all()
    page = Sessions(RequestFactory().get("/sessions/"), nothing).respond("shell/listing.html").content.decode()
    assert "没有会话" in page
    page = Sessions(RequestFactory().get("/sessions/?kind=red"), nothing).respond("shell/listing.html").content.decode()
    assert "清除筛选" in page


def test_the_export_holds_every_filtered_row_and_no_formula(rows):
    response = listing(rows, "?unit=0/2/&format=xlsx&order=session_key").respond("shell/listing.html")
    assert 'filename="sessions-' in response.headers["Content-Disposition"]
    cells = [list(row) for row in load_workbook(BytesIO(response.content)).active.iter_rows()]
    texts = [[c.value for c in row] for row in cells]
    head = next(i for i, row in enumerate(texts) if "编号" in row)
    assert len(texts) - head - 1 == 20
    assert texts[head + 1][:2] == ["0/2/02", "=1+1"]
    assert {row[1].data_type for row in cells[head + 1 :]} == {"s"}


@pytest.mark.parametrize(
    ("condition", "many"),
    [
        (Q(is_active=True), False),
        (Q(person__unit__path__startswith="G/"), False),
        (Q(grants__role="staff"), True),
        (Q(is_active=True) & ~(Q(username="") | Q(person__account__grants__isnull=True)), True),
        (Q(Exists(Grant.objects.filter(account=OuterRef("pk")))), False),
        (Q(), False),
    ],
)
def test_rows_repeat_where_a_condition_meets_many_of_something(condition, many):
    assert may_repeat(Account.objects.all(), condition) is many
    assert may_repeat(Account.objects.filter(condition)) is many
    assert may_repeat(Account.objects.distinct(), condition) is True
