"""The desk says what I owe, what waits and what is new; the year at a glance says how far and who is behind."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month, end_of
from yuanqing.norms.obligation.actions import fulfils
from yuanqing.norms.packs import shipped
from yuanqing.norms.period.actions import extend, open_period
from yuanqing.norms.period.models import Extension
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.queries import install_roles
from yuanqing.shell.inbox.actions import send
from yuanqing.shell.worklist import queries, sources
from yuanqing.shell.worklist.sources import Row, Waiting, overview_source, waiting_source


@pytest.fixture
def months(world, clock, registries):
    """August to October open, on the 6th of November: all of September's and October's report is overdue."""
    fulfils("speech.ten_disciplines_state", Extension, "extend")
    clock("2026-11-04 09:00")
    found = [open_period(by=SYSTEM, form="return_form", month=Month(2026, n)) for n in (8, 9, 10)]
    office = world.account("party_group_office", "0", name="office")
    extend(by=office, period=found[2], unit=world.units["01"], until=end_of(date(2026, 11, 9)), reason="停电")
    clock("2026-11-06 09:00")
    return found


@pytest.fixture
def sources_kept():
    waiting, overview = dict(sources._waiting), dict(sources._overview)
    yield
    for kept, known in ((waiting, sources._waiting), (overview, sources._overview)):
        known.clear()
        known.update(kept)


def lines(answer):
    return [(one.title, one.unit.code, str(one.period.month)) for one in answer.context["owed"]]


def test_the_desk_shows_the_news_of_its_own_reader_only(world, sign_in):
    mine, other = world.account("unit_leader", "0101"), world.account("unit_leader", "02")
    send([mine], key="a", kind="bulletin", title="十月通报已发布")
    send([other], key="b", kind="bulletin", title="贵单位被通报")
    news = sign_in(mine).get(reverse("worklist:desk")).context["news"]
    assert [one.title for one in news] == ["十月通报已发布"]


def test_the_desk_lists_what_the_own_unit_owes_the_first_due_first(world, months, sign_in):
    answer = sign_in(world.account("unit_leader", "0101")).get(reverse("worklist:desk"))
    assert [line for line in lines(answer) if line[0] == "报送月报"] == [
        ("报送月报", "0101", "2026-08"),
        ("报送月报", "0101", "2026-09"),
        ("报送月报", "0101", "2026-10"),
    ]
    page = answer.content.decode()
    assert "2.8 一月一通报" in page
    assert "逾期" in page


def test_what_lower_units_owe_is_not_on_the_desk(world, months, sign_in):
    answer = sign_in(world.account("unit_leader", "01")).get(reverse("worklist:desk"))
    assert {code for _title, code, _month in lines(answer)} == {"01"}


@pytest.mark.parametrize("role", ["staff", "system_administrator"])
def test_a_desk_with_nothing_on_it_says_so(world, months, sign_in, role):
    page = sign_in(world.account(role, "01")).get("/").content.decode()
    assert "现在没有要您履行的事项" in page
    assert "没有未读消息" in page


def test_who_sets_it_up_is_told_what_is_still_lacking(world, sign_in):
    """Units stand; nobody may grant roles yet, and no month was opened."""
    client = sign_in(world.account("system_administrator", "0"))
    page = client.get("/").content.decode()
    assert "yuanqing account grant" in page
    assert "还没有单位" not in page
    world.account("security_administrator", "0")
    assert "yuanqing account grant" not in client.get("/").content.decode()


def test_the_first_month_waits_for_who_may_open_it(world, sign_in):
    assert "还没有开启过月度" in sign_in(world.account("party_group_office", "0")).get("/").content.decode()
    assert "还没有开启过月度" not in sign_in(world.account("unit_contact", "01")).get("/").content.decode()


def test_an_empty_installation_asks_for_units_and_accounts(db, sign_in):
    only = accounts.open_account(by=SYSTEM, username="only", display_name="某人")
    install_roles(shipped("roles"))
    accounts.grant(by=SYSTEM, account=only, role="system_administrator", starts_on=date(2020, 1, 1), reason="设岗")
    page = sign_in(only).get("/").content.decode()
    assert "导入单位、人员和岗位" in page
    assert "还只有您一个账号" in page


def test_the_desk_needs_a_sign_in(client, db):
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_what_waits_comes_from_the_nouns_most_urgent_first(world, months, sign_in, sources_kept):
    account = world.account("superior_reviewer", "0")

    @waiting_source
    def to_review(found):
        assert found == account
        return [
            Waiting("没有期限的事", "/b/", "看"),
            Waiting("3 份月报等待审核", "/a/", "去审核", clause="speech.2.8", due=timezone.now(), count=3),
            Waiting("没有了", "/c/", "看", count=0),
        ]

    answer = sign_in(account).get("/")
    found = [one for one in answer.context["waiting"] if one.url in ("/a/", "/b/", "/c/")]
    assert [one.url for one in found] == ["/a/", "/b/"]
    assert "去审核" in answer.content.decode()
    assert found[0].why.code == "2.8"
    assert Waiting("无据", "/", "看", clause="speech.99").why is None


def test_unread_messages_are_on_the_desk(world, sign_in):
    account = world.account("staff", "01")
    send([account], key="k", kind="bulletin", title="十月通报已发布")
    assert "十月通报已发布" in sign_in(account).get("/").content.decode()


def test_the_desk_is_quick(world, months, sign_in, django_assert_max_num_queries):
    client = sign_in(world.account("unit_leader", "01"))
    client.get("/")
    with django_assert_max_num_queries(20):
        client.get("/")


def demands(account, year=2026):
    return queries.demands(account, year, queries.year_so_far(account, year).kinds)


def test_the_year_counts_each_obligation_under_its_demand(world, months, monkeypatch):
    secretary = world.account("secretary", "0")
    second = demands(secretary)[1]
    rows = {row.label: (row.owed, row.met, row.on_time, row.overdue) for row in second.rows}
    assert rows["报送十条纪律落实情况"] == (15, 1, 1, 14)
    # October's of the eastern company is due on the 9th only
    assert rows["报送月报"] == (15, 0, 0, 14)
    assert (second.owed, second.met) == (30, 1)
    monkeypatch.delitem(queries.fulfilments, "speech.party_group_summary", raising=False)  # as if no noun fulfilled it
    first = demands(secretary)[0]
    assert (first.rows, first.owed) == ([], 0)
    assert "party_group_summary" in [kind.entry.code for kind in first.absent]
    assert all(one.owed == 0 for one in demands(secretary, 2025))


def test_the_year_is_counted_within_ones_scope(world, months):
    second = demands(world.account("unit_leader", "02"))[1]
    assert {row.label: row.owed for row in second.rows}["报送月报"] == 3


def test_other_nouns_add_rows(world, months, sources_kept):
    @overview_source
    def violations(account, months):
        return [Row(2, "违规问题办结", 7, 5, 5, 2, "/x/", "speech.2.5")]

    second = demands(world.account("secretary", "0"))[1]
    assert ("违规问题办结", 7) in [(row.label, row.owed) for row in second.rows]


def test_heat_counts_units_with_all_below_them(world, months):
    secretary = world.account("secretary", "0")
    focus, units = queries.focus_units(secretary, "")
    assert (focus.code, [unit.code for unit in units]) == ("0", ["0", "01", "02"])
    counts = queries.year_so_far(secretary, 2026, units).heat
    found = {
        (u.code, m): counts[u.pk, Month(2026, m)] for u in units for m in (9, 10) if (u.pk, Month(2026, m)) in counts
    }
    assert found == {
        ("0", 9): queries.Behind(2, 2),  # itself alone
        ("01", 9): queries.Behind(6, 6),  # three units, two kinds
        ("02", 9): queries.Behind(2, 2),
        ("0", 10): queries.Behind(2, 2),
        ("01", 10): queries.Behind(4, 4),  # its own two are not due before the 9th
        ("02", 10): queries.Behind(2, 2),
    }


def test_who_is_behind_most_comes_first(world, months):
    rows = queries.year_so_far(world.account("secretary", "0"), 2026).laggards
    assert [counts.overdue for _unit, counts in rows] == [6, 6, 6, 6, 4]
    assert rows[-1][0].code == "01"


def test_one_looks_below_into_a_unit_in_scope_only(world, months):
    eastern = world.account("unit_leader", "01")
    assert [u.code for u in queries.focus_units(eastern, "")[1]] == ["01", "0101", "0102"]
    assert queries.focus_units(eastern, "02")[0].code == "01"
    assert queries.focus_units(world.account("staff", "0"), "") == (None, [])


def test_the_overview_page(world, months, sign_in, django_assert_max_num_queries):
    client = sign_in(world.account("secretary", "0"))
    client.get(reverse("worklist:overview"))
    with django_assert_max_num_queries(13):
        page = client.get(reverse("worklist:overview"), {"year": 2026, "unit": "01"}).content.decode()
    assert "谁落后，在哪个月？" in page
    assert "东部一部" in page
    for query in ({"year": "1"}, {"year": "2025"}, {"unit": "nope"}):
        assert client.get(reverse("worklist:overview"), query).status_code == 200
    assert sign_in(world.account("staff", "0")).get(reverse("worklist:overview")).status_code == 200
