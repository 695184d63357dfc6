"""Two characters are enough, every word must occur, and nobody finds what is not theirs to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.clause.models import Clause
from yuanqing.org.unit.actions import found, move, rename
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search import index
from yuanqing.shell.search.index import subjects
from yuanqing.shell.search.models import SearchEntry
from yuanqing.shell.search.queries import entries, find, marked
from yuanqing.shell.search.tasks import index_later, rebuild_search


def titles(words, account, kind="org.unit"):
    return sorted(entries(words, account).filter(model=kind).values_list("title", flat=True))


@pytest.fixture
def secretary(world):
    return world.account("secretary", "0")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("东部", ["东部一部", "东部二部", "东部公司"]),
        ("一部", ["东部一部"]),
        ("东部 公司", ["东部公司"]),
        ("0102", ["东部二部"]),
        ("010", ["东部一部", "东部二部"]),  # the beginning of a code
        ("０１０２", ["东部二部"]),
        ("集", ["集团"]),
        ("部西", []),
        ("' | zz:*", []),
        ("", []),
        ("！？", []),
    ],
)
def test_words_and_codes_are_found(secretary, words, expected):
    assert titles(words, secretary) == expected


def test_clauses_are_found_by_citation_and_by_word(secretary):
    assert "2.8 一月一通报" in titles("speech.2.8", secretary, "norms.clause")
    assert "2.4 逐步退出机制" in titles("退出", secretary, "norms.clause")


def test_only_what_one_may_see(world, secretary):
    eastern, staff = world.account("unit_leader", "01"), world.account("staff", "01")
    assert titles("公司", eastern) == ["东部公司"]
    assert titles("公司", secretary) == ["东部公司", "西部公司"]
    assert titles("公司", staff) == []
    assert titles("通报", staff, "norms.clause")  # rules are open to everybody


def test_what_is_hidden_from_one_in_person_is_found_by_others(world, secretary, monkeypatch):
    leader = world.account("unit_leader", "0")
    own = Unit.objects.filter(code="02").values("pk")
    units = replace(subjects["org.unit"], hidden=lambda account: own if account == leader else None)
    monkeypatch.setitem(subjects, "org.unit", units)
    assert titles("公司", leader) == ["东部公司"]
    assert titles("公司", secretary) == ["东部公司", "西部公司"]


def test_words_follow_every_act(world, secretary):
    rename(world.units["02"], by=SYSTEM, name="南方公司", on=date(2026, 1, 5), reason="改名")
    assert (titles("西部", secretary), titles("南方", secretary)) == ([], ["南方公司"])


def test_what_is_undone_is_not_found(world, secretary):
    with transaction.atomic():
        found(by=SYSTEM, code="03", name="北方公司", began_on=date(2026, 1, 1), parent=world.units["0"])
        transaction.set_rollback(True)
    assert titles("北方", secretary) == []


def test_what_belongs_to_a_unit_that_moved_moves_along(world):
    SearchEntry.objects.create(
        model="norms.obligation", record_id=world.units["0101"].pk, path="0/01/0101/", title="旧", link="/",
        capability="org.unit.view", bigrams="'旧'",
    )  # fmt: skip
    move(world.units["0101"], by=SYSTEM, parent=world.units["02"], on=date(2026, 1, 5), reason="划转")
    assert SearchEntry.objects.get(model="norms.obligation").path == "0/02/0101/"
    western, eastern = world.account("unit_leader", "02"), world.account("unit_leader", "01")
    assert titles("一部", western) == ["东部一部"]
    assert titles("一部", eastern) == []


def test_a_rebuild_restores_what_was_lost(world, secretary):
    before = sorted(SearchEntry.objects.values_list("model", "record_id", "path", "bigrams"))
    SearchEntry.objects.all().delete()
    SearchEntry.objects.create(model="gone.kind", record_id=world.units["0"].pk, title="旧", link="/", bigrams="'旧'")
    assert f"norms.clause\t{Clause.objects.count()}" in rebuild_search()
    assert sorted(SearchEntry.objects.values_list("model", "record_id", "path", "bigrams")) == before
    rebuild_search()
    assert SearchEntry.objects.count() == len(before)


def test_a_large_batch_is_left_to_the_worker(world, secretary, monkeypatch):
    later = []
    monkeypatch.setattr(index, "AT_ONCE", 0)
    monkeypatch.setattr(type(index_later), "defer", lambda task, **given: later.append(given))
    rename(world.units["02"], by=SYSTEM, name="南方公司", on=date(2026, 1, 5), reason="改名")
    assert titles("南方", secretary) == []
    (given,) = later
    index_later(**given)
    assert titles("南方", secretary) == ["南方公司"]


def test_found_is_grouped_and_marked_in_one_query(secretary, django_assert_num_queries):
    secretary.scopes("org.unit.view")
    with django_assert_num_queries(1):
        groups = find("东部", secretary, each=2)
    (units,) = [group for group in groups if group.kind == "org.unit"]
    assert (units.total, len(units.hits)) == (3, 2)
    assert units.hits[0].title[0] == ("东部", True)
    assert [group.kind for group in groups] == [name for name in subjects if name in {g.kind for g in groups}]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("东部公司", "东部", [("东部", True), ("公司", False)]),
        ("Speech 2.8", "speech", [("Speech", True), (" 2.8", False)]),
        ("<b>东部</b>", "东部", [("<b>", False), ("东部", True), ("</b>", False)]),
        ("东部", "", [("东部", False)]),
    ],
)
def test_the_words_asked_for_are_marked(text, words, expected):
    assert marked(text, words) == expected


def test_the_page_the_palette_and_the_api(world, secretary, sign_in, django_assert_max_num_queries):
    client, url = sign_in(secretary), reverse("search:results")
    with django_assert_max_num_queries(11):
        page = client.get(url, {"q": "东部"}).content.decode()
    assert "<mark>东部</mark>" in page
    assert "没有找到" in client.get(url, {"q": "无此词语"}).content.decode()
    assert client.get(url).status_code == 200
    assert client.get(url, {"q": "东部", "kind": "org.unit", "page": "99"}).status_code == 200
    fragment = client.get(url, {"q": "东部"}, headers={"HX-Target": "palette-results"}).content.decode()
    assert "<html" not in fragment
    assert 'class="palette-item"' in fragment
    assert client.get("/api/shell/search/?q=东部&kind=org.unit").json()["count"] == 3


def test_text_from_records_cannot_write_markup(world, secretary, sign_in):
    rename(world.units["02"], by=SYSTEM, name="<script>西部", on=date(2026, 1, 5), reason="改名")
    page = sign_in(secretary).get(reverse("search:results"), {"q": "西部"}).content.decode()
    assert "&lt;script&gt;<mark>西部</mark>" in page
