"""A pack is published once for each edition, its clauses are listed with it, and nothing published ever changes."""

from __future__ import annotations

from datetime import date

import pytest

from yuanqing.kernel import acts
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.published import NotInForce, current, packs_in_force, read_once, version_in_force
from yuanqing.kernel.packs.schema import build
from yuanqing.kernel.records import OutsideAct
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.clause.queries import clause, tree

HEAD = {"name": "house", "title": "家规", "kind": "rules", "source": "测试", "mark": "own"}


def pack(version="1.0", since="2026-01-01", title="第一条", until="", text="") -> object:
    entries = [
        {"code": "1", "title": title, "text": text},
        {"code": "1.1", "parent": "1", "title": "其一", "source": "另有出处", "mark": "V"},
    ]
    return build({**HEAD, "version": version, "effective_from": since, "effective_to": until, "entries": entries}, "t")


def test_clauses_are_listed_with_their_edition(db):
    edition = publish(pack(), by=SYSTEM)
    rows = list(Clause.objects.filter(pack=edition))
    assert [(c.code, c.parent_code, c.position, c.version) for c in rows] == [("1", "", 0, 1), ("1.1", "1", 1, 1)]
    assert [(c.source, c.mark) for c in rows] == [("测试", "own"), ("另有出处", "V")]
    assert rows[1].cite == "house.1.1@1.0"
    assert Entry.objects.filter(record_id__in=[c.pk for c in rows], act="norms.clause.list_clauses").count() == 2


@pytest.mark.parametrize(("role", "may"), [("party_group_office", True), ("unit_leader", False)])
def test_clauses_are_listed_by_who_may_publish(world, role, may):
    reason = acts.refusal("list_clauses", None, by=world.account(role, "0"), model=Clause)
    assert (reason == "") is may


def test_publishing_the_same_again_changes_nothing(db):
    first = publish(pack(), by=SYSTEM)
    entries = Entry.objects.count()
    assert publish(pack(), by=SYSTEM).pk == first.pk
    assert (PackVersion.objects.count(), Clause.objects.count(), Entry.objects.count()) == (1, 2, entries)


def test_other_content_under_a_published_edition_is_refused(db):
    publish(pack(), by=SYSTEM)
    with pytest.raises(Conflict, match="已发布的版本不能改动"):
        publish(pack(title="改过的第一条"), by=SYSTEM)
    assert (PackVersion.objects.count(), Clause.objects.count()) == (1, 2)


def test_a_published_edition_cannot_be_written(db):
    edition = publish(pack(), by=SYSTEM)
    edition.title = "别的"
    with pytest.raises(OutsideAct):
        edition.save()
    with pytest.raises(OutsideAct):
        Clause.objects.update(title="别的")


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        ("2025-06-01", "1.0"),  # older than the first edition: judged by the first
        ("2026-01-01", "1.0"),
        ("2026-06-30", "1.0"),
        ("2026-07-01", "2.0"),
        ("2026-12-31", "2.0"),
    ],
)
def test_the_edition_in_force_follows_the_day(db, day, edition):
    publish(pack("1.0"), by=SYSTEM)
    publish(pack("2.0", since="2026-07-01", title="新第一条"), by=SYSTEM)
    on = date.fromisoformat(day)
    assert current("house", on).version == edition
    assert packs_in_force(on)["house"].version == edition
    assert clause("house.1", on).pack.edition == edition


def test_an_edition_that_ended_has_no_successor(db):
    publish(pack(until="2026-06-30"), by=SYSTEM)
    assert current("house", date(2026, 6, 30)).version == "1.0"
    with pytest.raises(NotInForce, match="house"):
        version_in_force("house", date(2026, 7, 1))


def test_a_page_looks_the_edition_up_once_and_sees_one_that_it_publishes(db, django_assert_num_queries):
    publish(pack("1.0"), by=SYSTEM)
    current("house", date(2026, 3, 1))
    with read_once():
        with django_assert_num_queries(1):
            assert {current("house", date(2026, 3, 1)).version for _n in range(5)} == {"1.0"}
        publish(pack("1.1", since="2026-02-01"), by=SYSTEM)
        assert current("house", date(2026, 3, 1)).version == "1.1"
    with django_assert_num_queries(2):
        [current("house", date(2026, 3, 1)) for _n in range(2)]


def test_a_pack_is_read_once_in_each_process(db, django_assert_num_queries):
    publish(pack(), by=SYSTEM)
    current("house")
    with django_assert_num_queries(1):
        current("house")


def test_clauses_are_cited_with_and_without_edition(db, django_assert_num_queries):
    publish(pack("1.0", title="旧"), by=SYSTEM)
    publish(pack("2.0", title="新"), by=SYSTEM)
    assert clause("house.1@1.0").title == "旧"
    assert clause("house.1").title == "新"
    with django_assert_num_queries(1):
        clause("house.1")


def test_clauses_stand_as_a_tree(db):
    publish(pack(), by=SYSTEM)
    (top,) = tree(Clause.objects.all())
    assert (top.clause.code, [b.clause.code for b in top.children]) == ("1", ["1.1"])


def test_every_shipped_pack_is_published_once(db):
    first = publish_shipped()
    assert len(first) == PackVersion.objects.count() > 5
    assert publish_shipped() == []


def test_only_the_office_publishes(world):
    for role in ("unit_leader", "auditor", "staff", "system_administrator"):
        with pytest.raises(Refused):
            publish(pack(), by=world.account(role, "0"))
    assert not PackVersion.objects.filter(name="house").exists()
    publish(pack(), by=world.account("party_group_office", "0"))
    assert acts.history(PackVersion.objects.get(name="house"))[0].who == "party_group_office-0"
