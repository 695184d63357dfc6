"""The pages over HTTP: who gets in, what a form does, and that lists cost the same however long they are."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.post import actions as posts
from yuanqing.org.post.models import Appointment, Jurisdiction, Post
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

MARCH = date(2025, 3, 1)
LISTS = ["unit:list", "unit:table", "unit:picture", "person:list", "post:list", "post:jurisdictions"]
ADMIN_LISTS = [*LISTS, "account:list", "account:roles", "post:org-import", "unit:found", "person:enrol", "post:create"]


@pytest.fixture
def world(group):
    """In A1 and B1 a person in a post; a rule about cadres; an account for each."""
    for code in ("A1", "B1"):
        unit = Unit.objects.get(code=code)
        person = people.enrol(by=SYSTEM, number=f"P-{code}", name="张三", unit=unit)
        post = posts.create(by=SYSTEM, code=f"G-{code}", name="出纳", unit=unit, rank="staff_member", is_key=True)
        posts.appoint(by=SYSTEM, post=post, person=person, starts_on=MARCH)
        posts.set_jurisdiction(by=SYSTEM, unit=unit, rank="staff_member", manager=unit, starts_on=MARCH)
        accounts.open_account(by=SYSTEM, username=f"u-{code}", display_name="张三", person=person)
    return group


def pages_of(code: str) -> dict[str, list[str]]:
    """Every page about one record of a unit."""
    unit, person, post = (
        Unit.objects.get(code=code),
        Person.objects.get(unit__code=code),
        Post.objects.get(unit__code=code),
    )
    held, rule = Appointment.objects.get(post=post), Jurisdiction.objects.get(unit=unit)
    address = lambda name, record: reverse(name, args=[record.pk])  # noqa: E731
    acts = ("rename", "move", "classify", "set_reporting", "end")
    return {
        "reads": [
            address(n, r)
            for n, r in (("unit:detail", unit), ("unit:branch", unit), ("person:detail", person), ("post:detail", post))
        ],
        "forms": [
            *(address(f"unit:{step}", unit) for step in acts),
            *(address(f"person:{step}", person) for step in ("amend", "transfer", "leave")),
            *(address(f"post:{step}", post) for step in ("amend", "mark_key", "end", "appoint")),
            address("post:end_appointment", held),
            address("post:end_jurisdiction", rule),
        ],
        "accounts": [
            address(f"account:{step}", person.account)
            for step in ("detail", "grant", "suspend", "resume", "reset_password")
        ],
    }


def all_of(pages: dict[str, list[str]]) -> list[str]:
    return [address for addresses in pages.values() for address in addresses]


@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_an_administrator_reads_every_list(world, client_of, name):
    assert client_of("system_administrator").get(reverse(name)).status_code == 200


def test_an_administrator_reads_every_record_and_form(world, client_of):
    client = client_of("system_administrator")
    for address in all_of(pages_of("A1")):
        expected = 409 if address.endswith("/grant/") else 200  # rights are given by the security administrator
        assert client.get(address).status_code == expected, address


def test_nobody_reads_without_signing_in(world):
    for address in [*map(reverse, ADMIN_LISTS), *all_of(pages_of("A1"))]:
        answer = Client().get(address)
        assert (answer.status_code, answer.url.startswith("/sign-in/")) == (302, True), address


@pytest.mark.parametrize(("over", "reads"), [("A1", 200), ("A", 200), ("G", 200), ("A2", 404), ("B", 404)])
def test_records_are_read_from_their_unit_and_above(world, client_of, over, reads):
    client = client_of("unit_leader", over)
    for address in pages_of("A1")["reads"]:
        assert client.get(address).status_code == reads, address


def test_a_reader_is_refused_every_form_and_sees_no_account(world, client_of):
    client = client_of("unit_leader", "A")
    pages = pages_of("A1")
    for address in [*pages["forms"], reverse("unit:found"), reverse("person:enrol"), reverse("post:create")]:
        answer = client.get(address)
        assert answer.status_code == 409, address
        assert "没有这项权限" in answer.content.decode()
    for address in pages["accounts"]:
        assert client.get(address).status_code == 404, address


def test_what_is_out_of_sight_looks_like_what_is_not_there(world, client_of):
    client = client_of("system_administrator", "B")
    for name, record in (
        ("unit:detail", Unit.objects.get(code="A1")),
        ("unit:rename", Unit.objects.get(code="A1")),
        ("person:detail", Person.objects.get(number="P-A1")),
        ("post:detail", Post.objects.get(code="G-A1")),
        ("account:detail", Account.objects.get(username="u-A1")),
    ):
        hidden, absent = client.get(reverse(name, args=[record.pk])), client.get(reverse(name, args=[uuid4()]))
        assert (hidden.status_code, absent.status_code) == (404, 404)
        strip = lambda answer: answer.content.decode().replace(str(answer.wsgi_request.path), "")  # noqa: E731
        assert len(strip(hidden)) == len(strip(absent))


def test_a_list_shows_the_branch_only(world, client_of):
    body = client_of("unit_leader", "A").get(reverse("person:list")).content.decode()
    assert "P-A1" in body
    assert "P-B1" not in body


def test_a_form_takes_the_act_and_shows_the_record(world, client_of, post):
    client, unit = client_of("system_administrator"), Unit.objects.get(code="A1")
    address = reverse("unit:rename", args=[unit.pk])
    answer = post(
        client, address, {"name": "甲一项目部", "on": "2025-03-01", "reason": "更名", "version": unit.version}
    )
    assert (answer.status_code, answer.url) == (302, unit.get_absolute_url())
    assert "甲一项目部" in client.get(answer.url).content.decode()
    then = client.get(answer.url, {"on": "2025-01-01"}).content.decode()
    assert "叫“甲项目部”" in then


def test_a_form_with_a_fault_comes_back_with_what_was_typed(world, client_of, post):
    client, unit = client_of("system_administrator"), Unit.objects.get(code="A1")
    answer = post(
        client, reverse("unit:rename", args=[unit.pk]), {"name": "甲一项目部", "on": "2020-01-01", "reason": "更名"}
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "不能早于上一次变动的日期" in body
    assert 'value="甲一项目部"' in body


def test_a_form_opened_before_somebody_elses_act_conflicts(world, client_of, post):
    client, unit = client_of("system_administrator"), Unit.objects.get(code="A1")
    units.set_reporting(unit, by=SYSTEM, is_reporting=False)
    given = {"name": "新", "on": "2025-03-01", "reason": "更名", "version": 1}
    answer = post(client, reverse("unit:rename", args=[unit.pk]), given)
    assert answer.status_code == 409
    assert Unit.objects.get(code="A1").name == "甲项目部"


def test_without_the_token_nothing_happens(world, client_of):
    client, unit = client_of("system_administrator"), Unit.objects.get(code="A1")
    before = Entry.objects.count()
    for address in all_of(pages_of("A1")):
        if not address.endswith(("branch/",)):
            assert client.post(address, {"reason": "x", "on": "2025-03-01", "name": "x"}).status_code in (403, 405), (
                address
            )
    assert (Entry.objects.count(), Unit.objects.get(pk=unit.pk).name) == (before, "甲项目部")


def test_every_act_of_a_post_by_its_form(world, client_of, post):
    client = client_of("system_administrator")
    made = post(
        client, reverse("post:create"), {"unit": "A2", "code": "G9", "name": "采购员", "rank": "", "is_key": "on"}
    )
    record = Post.objects.get(code="G9")
    assert made.url == record.get_absolute_url()
    post(client, reverse("post:appoint", args=[record.pk]), {"person": "P-A1　张三", "starts_on": "2025-04-01"})
    held = Appointment.objects.get(post=record)
    answer = post(client, reverse("post:appoint", args=[record.pk]), {"person": "P-A1", "starts_on": "2025-05-01"})
    assert "张三已从 2025-04-01 起担任这个岗位" in answer.content.decode()
    post(client, reverse("post:end_appointment", args=[held.pk]), {"on": "2025-06-01", "reason": "轮岗"})
    post(client, reverse("post:end", args=[record.pk]), {"on": "2025-06-01", "reason": "撤岗"})
    record.refresh_from_db()
    assert record.ended_on == date(2025, 6, 1)


def link_in(answer):
    return answer.content.decode().partition('id="one-time-link">')[2].partition("</code>")[0]


def test_an_account_is_opened_and_its_link_shown_once(world, client_of, post):
    client = client_of("system_administrator")
    answer = post(
        client, reverse("account:open_account"), {"username": "new", "display_name": "新人", "person": "", "email": ""}
    )
    made, link = Account.objects.get(username="new"), link_in(answer)
    assert not made.has_usable_password()
    assert "no-store" in answer.headers["Cache-Control"]
    assert link not in client.get(made.get_absolute_url()).content.decode()
    assert Client().get(link).status_code == 200
    newer = link_in(post(client, reverse("account:reset_password", args=[made.pk]), {}))
    assert Client().get(newer).status_code == 200
    assert Client().get(link).status_code == 404


def test_a_grant_by_form_and_its_end(world, client_of, post):
    client, account = client_of("security_administrator"), Account.objects.get(username="u-A1")
    given = {"role": "unit_leader", "unit": "A1　甲项目部", "starts_on": "2025-03-01", "reason": "任负责人"}
    assert post(client, reverse("account:grant", args=[account.pk]), given).status_code == 302
    grant = Grant.objects.get(account=account)
    assert "待复核" in client.get(account.get_absolute_url()).content.decode()
    assert post(client, reverse("grant:confirm_grant", args=[grant.pk]), {}).status_code == 409
    second = client_of("security_administrator", name="second")
    assert post(second, reverse("grant:confirm_grant", args=[grant.pk]), {"version": 1}).status_code == 302
    body = client.get(account.get_absolute_url()).content.decode()
    assert "甲项目部及全部下级" in body
    post(client, reverse("account:end_grant", args=[grant.pk]), {"on": "2025-06-01", "reason": "换岗"})
    grant.refresh_from_db()
    assert grant.ends_on == date(2025, 6, 1)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"unit": ""}, "请选单位；要在所有单位都有效，请勾选“不限单位”。"),
        ({"unit": "A1　甲项目部", "everywhere": "on"}, "单位和“不限单位”只能选一个。"),
        ({"unit": "", "everywhere": "on"}, ""),
    ],
)
def test_a_right_in_all_units_is_said_and_never_a_field_left_empty(world, client_of, post, where, said):
    client, account = client_of("security_administrator"), Account.objects.get(username="u-A1")
    given = {"role": "unit_leader", "starts_on": "2025-03-01", "reason": "任负责人", **where}
    answer = post(client, reverse("account:grant", args=[account.pk]), given)
    assert answer.status_code == (422 if said else 302)
    assert said in answer.content.decode()
    assert [grant.unit for grant in Grant.objects.filter(account=account)] == ([] if said else [None])


def test_nobody_is_offered_a_grant_to_himself(world, client_of):
    client = client_of("security_administrator", name="root")
    mine = Account.objects.get(username="root")
    assert client.get(reverse("account:grant", args=[mine.pk])).status_code == 409
    assert "不能给自己授权" in client.get(mine.get_absolute_url()).content.decode()


def test_a_new_password_keeps_the_reader_signed_in_here_only(world, client_of, post):
    here = client_of("staff", name="me")
    there = Client()
    there.force_login(Account.objects.get(username="me"))
    given = {"current": "a-long-passphrase", "password": "another-long-phrase", "again": "another-long-phrase"}
    assert post(here, reverse("account:change_own_password"), given).status_code == 302
    assert here.get(reverse("account:change_own_password")).status_code == 200
    assert there.get(reverse("account:change_own_password")).status_code == 302


def test_the_tree_opens_level_by_level(world, client_of):
    client = client_of("unit_leader", "G")
    branch = reverse("unit:branch", args=[Unit.objects.get(code="A").pk])
    whole = client.get(branch).content.decode()
    inner = client.get(branch, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in inner
    assert "甲项目部" in whole
    assert "甲项目部" in inner


def test_suggestions_hold_only_what_the_reader_sees(world, client_of):
    client = client_of("unit_leader", "A")
    assert "A1　甲项目部" in client.get(reverse("unit:options"), {"parent": "xiangmu"}).content.decode()
    assert "丙项目部" not in client.get(reverse("unit:options"), {"parent": "xiangmu"}).content.decode()
    assert "P-A1" in client.get(reverse("person:options"), {"person": "zs"}).content.decode()
    assert "P-B1" not in client.get(reverse("person:options"), {"person": "zs"}).content.decode()


@pytest.mark.parametrize(
    "name", ["unit:list", "unit:table", "person:list", "post:list", "account:list", "post:jurisdictions"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(world, client_of, name):
    client = client_of("system_administrator")
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    for i in range(12):
        unit = units.found(by=SYSTEM, code=f"N{i}", name=f"新单位{i}", parent=world.A, began_on=MARCH)
        person = people.enrol(by=SYSTEM, number=f"N{i}", name=f"王{i}", unit=unit)
        post = posts.create(by=SYSTEM, code=f"N{i}", name="岗", unit=unit)
        posts.appoint(by=SYSTEM, post=post, person=person, starts_on=MARCH)
        posts.set_jurisdiction(by=SYSTEM, unit=unit, rank="staff_member", manager=world.A, starts_on=MARCH)
        made = accounts.open_account(by=SYSTEM, username=f"n{i}", display_name="某", person=person)
        accounts.grant(by=SYSTEM, account=made, role="staff", unit=unit, starts_on=MARCH, reason="测试")
    client.get(reverse(name))  # what is looked up anew every few seconds is known again, however long that took
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert len(many) == len(few) <= 20, [q["sql"][:200] for q in many][len(few) - 8 :]


def test_a_null_byte_finds_nothing_and_breaks_nothing(world, client_of):
    client = client_of("system_administrator")
    assert client.get(reverse("unit:list"), {"q": "a\x00b"}).status_code == 200
    assert client.get(reverse("unit:options"), {"q": "a\x00b"}).status_code == 200
    assert client.get(reverse("unit:list"), {"on": "0000-99-99"}).status_code == 200


def test_the_wizard_takes_over_what_it_wrote_out(world, client_of):
    client = client_of("system_administrator")
    address = reverse("post:org-import")
    written = b"".join(client.get(reverse("post:org-import-template"), {"filled": "1"}))
    client.get(address)
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    sent = client.post(address, {**token, "workbook": SimpleUploadedFile("org.xlsx", written)})
    assert sent.status_code == 302
    assert client.get(sent.url).status_code == 200
    done = client.post(sent.url, token)
    assert "没有变化" in client.get(done.url).content.decode()


def test_the_wizard_is_closed_to_readers(world, client_of):
    client = client_of("unit_leader", "A")
    for name in ("post:org-import", "post:org-import-template"):
        assert client.get(reverse(name)).status_code == 409


@pytest.mark.parametrize("name", ["unit:table", "person:list", "post:list", "post:jurisdictions", "account:list"])
def test_lists_are_exported(world, client_of, name):
    answer = client_of("system_administrator").get(reverse(name), {"format": "xlsx"})
    assert answer.content.startswith(b"PK")


def test_the_desk_leads_to_accounts_that_can_do_nothing_yet(world, client_of):
    unit = Unit.objects.get(code="A1")
    person = people.enrol(by=SYSTEM, number="P900", name="郑新", unit=unit)
    opened = accounts.open_account(
        by=SYSTEM, username="newcomer", display_name="郑新", password="a-long-passphrase", person=person
    )
    address = reverse("account:list") + "?is_granted=False&is_active=True"
    security = client_of("security_administrator", "", "guard")
    assert "3 个账号还没有授权" in security.get("/").content.decode()
    listed = security.get(address).content.decode()
    assert ("newcomer" in listed, "guard" in listed) == (True, False)
    assert "个账号还没有授权" not in client_of("system_administrator", "", "opener").get("/").content.decode()
    accounts.grant(by=SYSTEM, account=opened, role="staff", unit=unit, starts_on=date(2124, 1, 1), reason="到岗以后")
    assert "2 个账号还没有授权" in security.get("/").content.decode(), "one that begins later is a grant"


def test_the_list_of_people_leads_to_the_import_of_whoever_may(world, client_of):
    address = reverse("post:org-import")

    def inside(role, unit):
        return client_of(role, unit, role).get(reverse("person:list")).content.decode().split("<main")[1]

    assert address in inside("system_administrator", "")
    assert address not in inside("unit_leader", "A")
