"""Keeping out: it wins over every grant, at every door, from the moment it is declared."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.org.person.models import Person
from yuanqing.org.recusal import actions
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search.queries import entries

KEEP = {"ground": "interest", "reason": "利害关系"}


def fresh(account):
    return Account.objects.get(pk=account.pk)


@pytest.fixture
def zhang(group):
    return people.enrol(by=SYSTEM, number="P1", name="张三丰", unit=group.A1)


def test_a_unit_disappears_with_what_is_below_it(group, account_of):
    account = account_of("system_administrator", "G")
    actions.declare(by=account, subject=group.A, **KEEP)
    seen = Unit.objects.visible_to(fresh(account))
    assert set(seen.values_list("code", flat=True)) == {"G", "B", "B1"}
    assert not fresh(account).can("org.unit.rename", group.A1)
    with pytest.raises(Refused, match="应当回避"):
        units.rename(group.A1, by=fresh(account), name="x", on=group.A1.began_on, reason="x")


def test_a_person_disappears_from_lists_search_and_pickers(group, account_of, zhang, client_of):
    account = account_of("system_administrator", "G", "root")
    from yuanqing.shell.search.index import rebuild

    rebuild("org.person")
    assert entries("张三丰", fresh(account)).count() == 1
    actions.order(by=SYSTEM, account=account, subject=zhang, **KEEP)
    assert not Person.objects.visible_to(fresh(account)).filter(pk=zhang.pk).exists()
    assert entries("张三丰", fresh(account)).count() == 0
    with pytest.raises(Refused, match="应当回避"):
        people.leave(zhang, by=fresh(account), on=group.A1.began_on, reason="x")


def test_a_declaration_holds_at_once_a_request_once_decided_and_a_lifted_one_no_more(group, account_of):
    head, clerk = account_of("unit_leader", "G", "head"), account_of("unit_leader", "A", "clerk")
    asked = actions.request(by=account_of("staff", "A", "someone"), account=clerk, subject=group.A1, **KEEP)
    assert fresh(clerk).can("org.unit.view", group.A1)
    actions.uphold(asked, by=account_of("security_administrator", name="s"), reason="属实")
    assert not fresh(clerk).can("org.unit.view", group.A1)
    actions.lift(asked, by=account_of("security_administrator", name="s2"), reason="已调离")
    assert fresh(clerk).can("org.unit.view", group.A1)
    declared = actions.declare(by=fresh(clerk), subject=group.A2, **KEEP)
    assert not fresh(clerk).can("org.unit.view", group.A2)
    with pytest.raises(Refused, match="由别人决定"):
        actions.decline(declared, by=fresh(clerk), reason="x")
    assert head.pk != declared.decided_by_id


def test_the_head_of_a_unit_is_decided_upon_from_above(group, account_of):
    zhang = people.enrol(by=SYSTEM, number="P7", name="负责人", unit=group.A1)
    head = accounts.open_account(by=SYSTEM, username="head", display_name="负责人", person=zhang)
    accounts.grant(
        by=SYSTEM, account=head, role="unit_leader", unit=group.A1, starts_on=date(2025, 1, 1), reason="测试"
    )
    declared = actions.declare(by=fresh(head), subject=group.A1, **KEEP)
    beside = account_of("unit_leader", "A1", "deputy")
    with pytest.raises(Refused, match="上级单位决定"):
        actions.uphold(declared, by=beside)
    assert Recusal.objects.get().state == "declared"
    actions.uphold(declared, by=account_of("unit_leader", "A", "superior"), reason="同意")
    assert Recusal.objects.get().state == "in_force"


def test_bad_input_is_said_and_nothing_is_written(group, account_of, zhang):
    account = account_of("unit_leader", "A")
    with pytest.raises(Refused, match="声明回避"):
        actions.request(by=account, account=account, subject=zhang, **KEEP)
    actions.declare(by=account, subject=zhang, **KEEP)
    with pytest.raises(ValidationError, match="已经登记"):
        actions.declare(by=fresh(account), subject=zhang, **KEEP)
    assert Recusal.objects.count() == 1


def test_who_has_nothing_to_keep_out_of_pays_nothing_for_it(group, account_of):
    account = account_of("system_administrator", "A")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        list(Unit.objects.visible_to(account))
        account.can("org.unit.view", group.A)
        list(Person.objects.visible_to(account))
    assert len(caught) == 4  # the rights, the units, group.A, the people
    assert "org_recusal" not in caught[-1]["sql"]


def test_the_line_of_steps_begins_where_the_recusal_began(group, account_of, zhang):
    head, clerk = account_of("unit_leader", "G", "head"), account_of("unit_leader", "A", "clerk")
    asked = actions.request(by=account_of("staff", "A", "someone"), account=clerk, subject=group.A1, **KEEP)
    declared = actions.declare(by=fresh(clerk), subject=group.A2, **KEEP)
    ordered = actions.order(by=fresh(head), account=clerk, subject=zhang, **KEEP)

    def line(recusal):
        client = Client()
        client.force_login(fresh(clerk))
        page = client.get(recusal.get_absolute_url()).content.decode()
        return re.findall(r'class="stage is-(\w+)".*?class="stage-label">\s*([^<\s]+)', page, re.S)

    assert line(asked) == [("current", "申请待决定"), ("todo", "回避"), ("todo", "已解除")]
    assert line(declared) == [("current", "已声明，待决定"), ("todo", "回避"), ("todo", "已解除")]
    assert line(ordered) == [("current", "回避"), ("todo", "已解除")]
    actions.uphold(declared, by=fresh(head))
    assert line(declared) == [("done", "已声明，待决定"), ("current", "回避"), ("todo", "已解除")]


def test_the_pages(group, account_of, client_of, post, zhang):
    client = client_of("unit_leader", "A", "clerk")
    page = reverse("recusal:declare")
    assert post(client, page, {"ground": "", "reason": "x"}).status_code == 422
    assert client.get(reverse("unit:detail", args=[group.A1.pk])).status_code == 200
    made = post(client, page, {"ground": "", "unit": "A1", "reason": "x"})
    assert made.status_code == 422  # no ground was chosen
