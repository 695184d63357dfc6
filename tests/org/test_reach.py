"""What lies out of reach is neither named, counted nor told apart from what does not exist, in the small corners of pages too.

Some readers here hold one right alone, as no shipped role does: who may decide but not look, or look at units but not at people.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel import acts
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.org.account import actions as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account
from yuanqing.org.account.pages import to_grant
from yuanqing.org.delegation import actions as delegations
from yuanqing.org.grant import queries as grants
from yuanqing.org.person import actions as people
from yuanqing.org.post import actions as posts
from yuanqing.org.recusal import actions as recusals
from yuanqing.org.recusal.pages import to_decide
from yuanqing.org.recusal.queries import title_of
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions as signins
from yuanqing.org.signin.models import Link
from yuanqing.org.unit.pages import within_reach

DAY = date(2025, 1, 1)
KEEP = {"ground": "interest", "reason": "利害关系"}


def fresh(account):
    return Account.objects.get(pk=account.pk)


def employ(unit, number="P1", name="王守一", **more):
    """Somebody with an account in a unit."""
    person = people.enrol(by=SYSTEM, number=number, name=name, unit=unit)
    accounts.open_account(by=SYSTEM, username=f"u-{number}", display_name=name, person=person, **more)
    return person


def post(unit):
    return posts.create(
        by=SYSTEM, code=f"K-{unit.code}", name=f"{unit.code}的出纳", unit=unit, rank="staff_member", is_key=True
    )


def give(account, role, unit):
    accounts.grant(by=SYSTEM, account=account, role=role, unit=unit, starts_on=DAY, reason="测试")


# Units and people


@pytest.mark.parametrize(
    ("code", "known"), [("A1", True), ("甲项目部", True), ("B1", False), ("丙项目部", False), ("G", False)]
)
def test_a_list_is_narrowed_to_units_in_reach_only(group, account_of, code, known):
    assert (within_reach(account_of("unit_leader", "A"))(code) is not None) is known


@pytest.mark.parametrize("address", ["person:enrol", "post:create"])
def test_a_form_for_a_unit_out_of_reach_does_not_name_it(group, client_of, address):
    client = client_of("system_administrator", "A")
    assert "甲项目部" in client.get(reverse(address), {"unit": "A1"}).content.decode()
    assert "丙项目部" not in client.get(reverse(address), {"unit": "B1"}).content.decode()


@pytest.mark.parametrize("noun", ["person", "post", "unit"])
@pytest.mark.parametrize("within", ["G", "B", "nowhere"])
def test_a_unit_out_of_reach_is_to_a_filter_as_if_it_did_not_exist(group, client_of, noun, within):
    post(group.A1)
    employ(group.A1)
    client = client_of("unit_leader", "A")
    count = lambda code: client.get(f"/api/org/{noun}/", {"within": code}).json()["count"]  # noqa: E731
    assert (count("A1"), count(within)) == (1, 0)


def test_who_sees_units_but_not_people_is_shown_neither_names_nor_numbers(group, client_of):
    employ(group.A1)
    post(group.A1)
    rules.install({"surveyor": ["org.unit.view"], "clerk": ["org.*.view"]})
    for role, numbers in (("clerk", [1, 1]), ("surveyor", [0, 0])):
        shown = client_of(role, "A").get(reverse("unit:detail", args=[group.A1.pk])).context
        assert [shown["people_count"], shown["posts_count"]] == numbers


def test_the_tree_of_a_former_day_leaves_out_what_one_keeps_out_of(group, client_of, account_of):
    client = client_of("unit_leader", "A", "leader")
    recusals.declare(by=Account.objects.get(username="leader"), subject=group.A1, **KEEP)
    client.force_login(Account.objects.get(username="leader"))
    page = client.get(reverse("unit:branch", args=[group.A.pk]), {"on": DAY}).content.decode()
    assert ("乙项目部" in page, "甲项目部" in page) == (True, False)
    level = client.get("/api/org/unit/tree/", {"parent_id": group.A.pk, "on": DAY}).json()
    assert [place["code"] for place in level] == ["A2"]


def test_who_manages_cadres_of_a_unit_out_of_reach_is_unknown(group, client_of):
    ask = lambda unit: client_of("unit_leader", "A", unit.code).get(  # noqa: E731
        "/api/org/post/manager/", {"unit_id": unit.pk, "rank": "staff_member"}
    )
    assert (ask(group.A1).status_code, ask(group.B1).status_code) == (200, 404)


def test_the_list_of_who_manages_cadres_names_units_in_reach_only(group, client_of):
    for unit in (group.A1, group.B1):
        posts.set_jurisdiction(by=SYSTEM, unit=unit, rank="mid_level_leader", manager=group.G, starts_on=DAY)
    page = client_of("unit_leader", "A").get(reverse("post:jurisdictions")).content.decode()
    assert ("甲项目部" in page, "丙项目部" in page) == (True, False)


def test_the_page_of_a_person_names_the_account_only_to_who_sees_that_account(group, client_of):
    rules.install({"rolls": ["org.person.view", "org.unit.view"], "keeper": ["org.account.view"]})
    person, client = employ(group.A1), client_of("rolls", "G", "reader")
    shown = lambda: client.get(person.get_absolute_url()).context["account"]  # noqa: E731
    assert shown() is None
    give(Account.objects.get(username="reader"), "keeper", group.B)
    client.force_login(Account.objects.get(username="reader"))
    assert shown() is None
    give(Account.objects.get(username="reader"), "keeper", group.A)
    client.force_login(Account.objects.get(username="reader"))
    assert shown() == person.account


def test_who_may_see_a_record_leads_to_those_accounts_only_that_the_reader_sees(group, client_of):
    rules.install({"asker": ["org.access.view", "org.post.view"], "keeper": ["org.account.view"]})
    holder, client = employ(group.A1).account, client_of("asker", "G", "asker")
    give(holder, "asker", group.A1)
    page = reverse("access:record", args=["org.post", post(group.A1).pk])
    asker = Account.objects.get(username="asker")
    led_to = lambda: client.get(page).context["opened"]  # noqa: E731
    named = {one.account.pk for one in client.get(page).context["seeing"]}
    assert (named, led_to()) == ({holder.pk, asker.pk}, {asker.pk})
    give(asker, "keeper", group.A)
    client.force_login(Account.objects.get(username="asker"))
    assert led_to() == {holder.pk, asker.pk}


# Accounts, signing in, acting for somebody


def test_the_desk_counts_those_accounts_without_a_grant_that_the_list_shows(group, account_of, client_of):
    rules.install({"giver": ["org.account.*", "org.*.view"]})
    employ(group.A1, "P1")
    employ(group.B1, "P2")
    client = client_of("giver", "A", "giver")
    (told,) = to_grant(Account.objects.get(username="giver"))
    assert (told.count, len(client.get(told.url).context["listing"].page)) == (1, 1)
    rules.install({"giver": ["org.*.view"]})
    assert to_grant(Account.objects.get(username="giver")) == []


def test_the_desk_counts_only_grants_and_recusals_that_the_lists_show(group, account_of):
    decides = ["org.account.confirm_grant", "org.recusal.uphold"]
    rules.install({"proposer": ["org.account.*"], "decider": decides, "seer": ["org.*.view"], "staff": []})
    accounts.grant(
        by=account_of("proposer"),
        account=account_of("", name="li"),
        role="staff",
        unit=group.A1,
        starts_on=DAY,
        reason="x",
    )
    recusals.declare(by=fresh(employ(group.A1).account), subject=group.A2, **KEEP)
    blind = account_of("decider", "A", "blind")
    waiting = lambda account: (len(grants.to_confirm(account)), len(to_decide(account)))  # noqa: E731
    assert waiting(blind) == (0, 0)
    give(blind, "seer", group.A)
    assert waiting(fresh(blind)) == (1, 1)


def test_whoever_may_end_sessions_needs_to_see_the_account(group, client_of):
    rules.install({"ender": ["org.signin.*"], "keeper": ["org.account.view"]})
    person, client = employ(group.A1), client_of("ender", "A", "ender")
    page = lambda: client.get(reverse("signin:account", args=[person.account.pk])).status_code  # noqa: E731
    assert page() == 404
    give(Account.objects.get(username="ender"), "keeper", group.A)
    client.force_login(Account.objects.get(username="ender"))
    assert page() == 200


def test_sessions_and_links_are_those_of_the_accounts_one_looks_after(group, client, account_of):
    near, far = employ(group.A1, "P1").account, employ(group.B1, "P2").account
    for account in (near, far):
        client.force_login(account)
        signins.new_link(account, by=SYSTEM)
        client.cookies.clear()
    keeper = account_of("security_administrator", "A")
    for model in (Session, Link):
        assert set(model.objects.visible_to(keeper).values_list("account", flat=True)) == {near.pk}


def test_only_who_may_ends_what_was_lent_when_its_days_are_over(group, account_of):
    zhang, li = account_of("unit_leader", "A", "zhang"), account_of("staff", "A", "li")
    today = timezone.localdate()
    delegations.delegate(by=zhang, grant=zhang.grants.get(), to=li, starts_on=today, ends_on=today, reason="休假")
    with pytest.raises(Refused):
        delegations.expire_delegations(today + timedelta(days=1), by=li)
    assert delegations.expire_delegations(today + timedelta(days=1), by=SYSTEM) == 1


def test_accounts_follow_those_who_left_by_who_may_let_people_leave(group, account_of):
    rules.install({"rolls": ["org.person.*"], "reader": ["org.*.view"]})
    refused = lambda role: acts.refusal("suspend_leavers", None, by=account_of(role, "A"), model=Account)  # noqa: E731
    assert (refused("rolls"), refused("reader") != "") == ("", True)


# Keeping out


def test_one_keeps_out_of_what_one_sees_only(group, client_of):
    client = client_of("unit_leader", "A")
    client.get("/org/account/password/")
    declare = lambda **given: client.post(  # noqa: E731
        "/api/org/recusal/declare/", {**KEEP, **given}, content_type="application/json",
        headers={"X-CSRFToken": client.cookies["csrftoken"].value},
    )  # fmt: skip
    for kind, near, far in (
        ("person_id", employ(group.A1, "P1"), employ(group.B1, "P2")),
        ("unit_id", group.A1, group.B1),
        ("record_id", post(group.A2), post(group.B1)),
    ):
        more = {"record_model": "org.post"} if kind == "record_id" else {}
        hidden, absent = declare(**{kind: far.pk}, **more), declare(**{kind: uuid4()}, **more)
        assert (hidden.status_code, absent.status_code, hidden.json()) == (422, 422, absent.json())
        assert declare(**{kind: near.pk}, **more).status_code == 201


def test_a_recusal_names_a_record_only_to_who_sees_the_record(group, account_of):
    one = recusals.order(by=SYSTEM, account=account_of("unit_leader", "G"), subject=post(group.B1), **KEEP)
    assert "岗位 B1的出纳" in title_of(one, account_of("unit_leader", "B"))
    assert title_of(one, account_of("unit_leader", "A")) == "岗位"
