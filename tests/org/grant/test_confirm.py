"""A grant counts once a second administrator confirms it; every refusal leaves everything as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.account import actions, queries, tasks
from yuanqing.org.account.models import Account, Grant
from yuanqing.shell.inbox.models import Message

TODAY = timezone.localdate()


def fresh(account):
    return Account.objects.get(pk=account.pk)


@pytest.fixture
def two(account_of):
    """Two security administrators over everything, and somebody to grant to."""
    return (
        account_of("security_administrator", name="s1"),
        account_of("security_administrator", name="s2"),
        account_of(""),
    )


def propose(by, account, unit, **more):
    return actions.grant(by=by, account=account, role="unit_leader", unit=unit, starts_on=TODAY, reason="任职", **more)


def unchanged(record, before):
    return (type(record).objects.filter(pk=record.pk).values().get(), Entry.objects.count()) == before


def state_of(record):
    return type(record).objects.filter(pk=record.pk).values().get(), Entry.objects.count()


def test_it_counts_only_after_the_second_agrees(group, two):
    first, second, account = two
    grant = propose(first, account, group.A)
    assert (grant.state, fresh(account).can("discipline.monthly_return.view")) == ("proposed", False)
    actions.confirm_grant(grant, by=second)
    assert fresh(account).can("discipline.monthly_return.view", group.A1)
    assert (grant.proposed_by, grant.confirmed_by, grant.waiver) == (first, second, "")


def test_the_same_person_the_beneficiary_and_others_do_not_confirm(group, two, account_of):
    first, _second, account = two
    grant = propose(first, account, group.A)
    system, branch = account_of("system_administrator"), account_of("security_administrator", "B", "s3")
    before = state_of(grant)
    for by, words in ((first, "另一位管理员"), (system, "没有这项权限"), (branch, "管辖范围"), (account, "自己")):
        with pytest.raises(Refused, match=words):
            actions.confirm_grant(grant, by=by)
        assert unchanged(grant, before)


def test_a_grant_that_was_decided_is_not_decided_again(group, two):
    first, second, account = two
    grant = propose(first, account, group.A)
    actions.decline_grant(grant, by=second, reason="范围太大")
    before = state_of(grant)
    with pytest.raises(Conflict, match="未通过"):
        actions.confirm_grant(grant, by=second)
    with pytest.raises(Conflict):
        actions.withdraw_grant(grant, by=first, reason="撤")
    assert unchanged(grant, before)
    assert not fresh(account).can("org.unit.view")


def test_only_who_proposed_it_withdraws_it(group, two):
    first, second, account = two
    grant = propose(first, account, group.A)
    with pytest.raises(Refused, match="提出人"):
        actions.withdraw_grant(grant, by=second, reason="撤")
    actions.withdraw_grant(grant, by=first, reason="填错")
    assert grant.state == "declined"


def test_the_database_itself_refuses_an_unconfirmed_grant(group, two):
    grant = propose(two[0], two[2], group.A)
    for change in ("state = 'in_force'", f"confirmed_by_id = '{two[0].pk}'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE org_grant SET {change} WHERE id = %s", [grant.pk])


def test_nobody_grants_further_than_he_reaches(group, account_of):
    by, account = account_of(""), account_of("", name="other")
    actions.grant(
        by=SYSTEM, account=by, role="security_administrator", unit=group.A, depth=1, starts_on=TODAY, reason="x"
    )
    by = fresh(by)
    for unit, depth in ((group.A, None), (group.A1, 1), (group.A, 2)):
        with pytest.raises(Refused, match="超出"):
            propose(by, account, unit, depth=depth)
    assert propose(by, account, group.A, depth=1).state == "proposed"
    assert propose(by, account, group.A1, depth=0).state == "proposed"


def test_depth_and_purpose_narrow_the_role(group, account_of):
    account = account_of("")
    give = {"by": SYSTEM, "account": account, "starts_on": TODAY, "reason": "x"}
    actions.grant(role="unit_leader", unit=group.A, depth=0, purpose="view", **give)
    actions.grant(role="unit_contact", unit=group.B, purpose="search", **give)
    one = fresh(account)
    assert [one.can("discipline.monthly_return.view", u) for u in (group.A, group.A1, group.B)] == [True, False, False]
    assert not one.can("discipline.monthly_return.submit", group.A)
    assert [one.can("discipline.monthly_return.search", u) for u in (group.A, group.B1)] == [True, True]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"depth": 1, "unit": None}, "depth"),
        ({"purpose": "everything"}, "purpose"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"role": "boss"}, "role"),
    ],
)
def test_bad_input_is_said_at_its_field(group, two, given, field):
    values = {"role": "staff", "unit": group.A, "starts_on": TODAY, "reason": "x", **given}
    with pytest.raises(ValidationError) as caught:
        actions.grant(by=two[0], account=two[2], **values)
    assert field in caught.value.message_dict
    assert not Grant.objects.filter(account=two[2]).exists()


PAIRS = [
    ("system_administrator", "security_administrator", False),
    ("system_administrator", "auditor", False),
    ("security_administrator", "auditor", False),
    ("auditor", "discipline_officer", False),
    ("security_administrator", "unit_leader", False),
    ("system_administrator", "secretary", False),
    ("unit_leader", "superior_reviewer", True),
    ("unit_contact", "unit_leader", True),
    ("auditor", "staff", True),
]


@pytest.mark.parametrize(("held", "wanted", "may"), PAIRS)
def test_separation_of_duties_when_granting(group, two, held, wanted, may):
    first, _second, account = two
    actions.grant(by=SYSTEM, account=account, role=held, starts_on=TODAY, reason="x")
    if may:
        assert actions.grant(by=first, account=account, role=wanted, starts_on=TODAY, reason="x").state == "proposed"
        return
    with pytest.raises(ValidationError, match="不能由同一个人担任"):
        actions.grant(by=first, account=account, role=wanted, starts_on=TODAY, reason="x")
    assert account.grants.count() == 1


def test_separation_of_duties_is_looked_at_again_when_confirming(group, two):
    first, second, account = two
    grant = propose(first, account, group.A)
    Grant.objects.filter(pk=grant.pk)  # proposed; meanwhile the operator gives what excludes it
    with pytest.raises(ValidationError, match="不能由同一个人担任"):
        actions.grant(by=SYSTEM, account=account, role="auditor", starts_on=TODAY, reason="x")
    actions.confirm_grant(grant, by=second)
    assert fresh(account).roles == ["unit_leader"]


def test_confirmation_is_waived_only_by_the_pack_and_only_where_nobody_else_could(group, account_of, monkeypatch):
    only, account = account_of("security_administrator", name="only"), account_of("")
    assert propose(only, account, group.A).state == "proposed"
    from yuanqing.norms.clause.actions import publish_shipped

    publish_shipped()
    monkeypatch.setattr(queries, "switch", lambda code: type("On", (), {"value": True}))
    grant = propose(only, account, group.B)
    assert (grant.state, grant.waiver.partition("@")[0]) == ("in_force", "roles")
    account_of("security_administrator", name="second")
    assert propose(only, account, group.A1).state == "proposed"


def test_what_ends_ends_by_itself_and_is_announced(group, two):
    first, _second, account = two
    soon = actions.grant(
        by=SYSTEM,
        account=account,
        role="unit_leader",
        unit=group.A,
        starts_on=date(2025, 1, 1),
        ends_on=TODAY,
        reason="x",
    )
    over = actions.grant(
        by=SYSTEM, account=account, role="unit_contact", unit=group.A, starts_on=date(2025, 1, 1),
        ends_on=TODAY - timedelta(days=1), reason="x",
    )  # fmt: skip
    assert fresh(account).roles == ["unit_leader"]
    tasks.end_and_remind()
    tasks.end_and_remind()
    assert [Grant.objects.get(pk=g.pk).state for g in (soon, over)] == ["in_force", "ended"]
    assert Message.objects.filter(account=account, kind="expiry").count() == 1
    assert Message.objects.filter(account=first, kind="expiry").count() == 1


def test_the_pages(group, two, client_of, django_assert_max_num_queries):
    from django.test import Client

    first, second, account = two
    grant = propose(first, account, group.A, depth=0)
    clients = []
    for one in (first, second):
        client = Client(enforce_csrf_checks=True)
        client.force_login(one)
        clients.append(client)
    with django_assert_max_num_queries(14):
        body = clients[0].get(reverse("grant:list")).content.decode()
    assert "仅第一公司本级" in body
    assert "须由另一位管理员复核" in clients[0].get(grant.get_absolute_url()).content.decode()
    clients[1].get(grant.get_absolute_url())
    token = clients[1].cookies["csrftoken"].value
    confirm = reverse("grant:confirm_grant", args=[grant.pk])
    answer = clients[1].post(confirm, {"version": "1", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert "有效" in clients[1].get(grant.get_absolute_url()).content.decode()
    assert client_of("staff", "A", "outsider").get(grant.get_absolute_url()).status_code == 404
