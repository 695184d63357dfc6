"""Who may see a record is what really happens; and a refusal is explained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.access import queries
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.recusal import actions as recusals

TODAY = timezone.localdate()


def fresh(account):
    return Account.objects.get(pk=account.pk)


def test_the_list_is_exactly_who_sees_it(group, account_of, django_assert_max_num_queries):
    person = people.enrol(by=SYSTEM, number="P1", name="张三", unit=group.A1)
    inside, above, beside = (
        account_of("unit_leader", "A1"),
        account_of("unit_leader", "G"),
        account_of("unit_leader", "B"),
    )
    barred = account_of("unit_leader", "A")
    recusals.order(by=SYSTEM, account=barred, ground="interest", reason="x", subject=person)
    with django_assert_max_num_queries(10):
        found = queries.readers(person)
    assert {r.account for r in found if r.sees} == {inside, above}
    assert [(r.account, r.recused) for r in found if not r.sees] == [(barred, True)]
    for one in (inside, above, beside, barred):
        really = Person.objects.visible_to(fresh(one)).filter(pk=person.pk).exists()
        assert really is (one in {r.account for r in found if r.sees})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"unit": "B"}, "管不到这个单位"),
        ({"unit": "A", "depth": 0}, "管不到这个单位"),
        ({"unit": "A", "ends": -1}, "终止"),
        ({"unit": "A", "starts": 3}, "才开始"),
        ({"unit": "A", "purpose": "search"}, "没有一项授权"),
    ],
)
def test_a_refusal_is_explained(group, account_of, given, words):
    account = account_of("")
    first = TODAY + timedelta(days=given.get("starts", -9))
    last = TODAY + timedelta(days=given["ends"]) if "ends" in given else None
    accounts.grant(
        by=SYSTEM, account=account, role="unit_leader", unit=getattr(group, given["unit"]), depth=given.get("depth"),
        purpose=given.get("purpose", ""), starts_on=first, ends_on=last, reason="x",
    )  # fmt: skip
    answer = queries.explain(fresh(account), "discipline.monthly_return.view", group.A1)
    assert not answer.allowed
    assert words in answer.reasons[0]


def test_only_the_entitled_may_know_and_the_content_stays_closed(group, client_of, account_of):
    person = people.enrol(by=SYSTEM, number="P1", name="张三丰", unit=group.A1)
    from yuanqing.org.post import actions as posts

    post = posts.create(by=SYSTEM, code="G1", name="出纳岗", unit=group.A1, rank="", is_key=False)
    address = reverse("access:record", args=["org.post", post.pk])
    security = client_of("security_administrator", "G", "s").get(address)
    assert security.status_code == 200
    assert "出纳岗" not in security.content.decode()
    assert "出纳岗" in client_of("unit_leader", "A", "l").get(address).content.decode()
    assert client_of("unit_leader", "B", "b").get(address).status_code == 404
    assert client_of("unit_contact", "A1", "c").get(address).status_code == 404
    assert client_of("auditor", "G", "a").get(reverse("access:record", args=["no.such", person.pk])).status_code == 404


def test_the_pages_of_an_account_and_of_a_role(group, client_of, account_of):
    account = account_of("unit_leader", "A", "zhang")
    client = client_of("security_administrator", "G", "s")
    page = reverse("access:account", args=[account.pk])
    assert "第一公司及全部下级" in client.get(page).content.decode()
    answer = client.get(page, {"capability": "discipline.monthly_return.submit", "unit": "B"}).content.decode()
    assert "不可以" in answer
    assert client.get(page, {"capability": "no"}).status_code == 422
    assert "zhang" in client.get(reverse("access:role", args=["unit_leader"])).content.decode() or "某人" in answer
    assert client_of("staff", "A", "x").get(page).status_code == 404


def test_the_page_of_a_role_says_in_words_what_it_may_do(group, client_of):
    page = (
        client_of("security_administrator", "G", "s").get(reverse("access:role", args=["key_manager"])).content.decode()
    )
    rows = [
        [cell.split("<")[0] for cell in row.split('">')[1:]]
        for row in page.split("<tr>")
        if 'data-label="业务对象"' in row
    ]
    told = {row[0]: row[1:] for row in rows}
    assert told["单位"] == ["能", "—"]
    assert told["往来机关"][0] == "能"
    assert "停用" in told["往来机关"][1]
    assert "确认" not in told["往来机关"][1], "another person compares"
