"""Accounts may do what their grants allow, and nobody grants to himself."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.org.account import actions, queries, rules
from yuanqing.org.account.models import Account, Grant

TODAY = timezone.localdate()
LONG_AGO = date(2024, 1, 1)


def give(account, role, unit=None, **dates):
    return actions.grant(
        by=SYSTEM, account=account, role=role, unit=unit, reason="测试", **{"starts_on": LONG_AGO, **dates}
    )


def fresh(account) -> Account:
    return Account.objects.get(pk=account.pk)


@pytest.mark.parametrize(("unit", "may"), [("A", True), ("A1", True), ("G", False), ("B", False), ("B1", False)])
def test_a_grant_holds_in_its_unit_and_below(group, account_of, unit, may):
    assert account_of("system_administrator", "A").can("org.unit.rename", getattr(group, unit)) is may


@pytest.mark.parametrize(
    ("starts", "ends", "may"), [(0, None, True), (-5, 0, True), (1, None, False), (-5, -1, False), (-5, 5, True)]
)
def test_a_grant_holds_from_its_first_to_its_last_day(account_of, starts, ends, may):
    account = account_of("")
    last = None if ends is None else TODAY + timedelta(days=ends)
    give(account, "auditor", starts_on=TODAY + timedelta(days=starts), ends_on=last)
    assert fresh(account).can("org.unit.view") is may


def test_asking_costs_one_statement_for_the_whole_request(group, account_of, django_assert_num_queries):
    account = account_of("system_administrator", "A")
    units = [group.A, group.A1, group.B]
    account.can("org.unit.view")
    account = fresh(account)
    with django_assert_num_queries(1):
        assert [account.can("org.unit.rename", unit) for unit in units] == [True, True, False]
        assert account.can("org.person.enrol")


def test_a_suspended_account_may_nothing(account_of):
    account = account_of("system_administrator")
    actions.suspend(account, by=SYSTEM, reason="离岗")
    assert not fresh(account).can("org.unit.view")


def test_nobody_grants_to_himself_or_ends_his_own_grant(account_of):
    account = account_of("system_administrator")
    with pytest.raises(Refused, match="不能给自己授权"):
        actions.grant(by=account, account=account, role="staff", starts_on=TODAY, reason="我要")
    with pytest.raises(Refused, match="不能给自己授权"):
        actions.end_grant(Grant.objects.get(), by=account, on=TODAY, reason="我要")
    with pytest.raises(Refused, match="自己的账号"):
        actions.suspend(account, by=account, reason="试")
    assert Grant.objects.count() == 1


def test_an_administrator_of_a_branch_grants_in_the_branch_only(group, account_of):
    by, other = account_of("security_administrator", "A"), account_of("")
    give(by, "staff", group.A)
    actions.grant(by=by, account=other, role="staff", unit=group.A1, starts_on=TODAY, reason="开工")
    with pytest.raises(Refused, match="管辖范围"):
        actions.grant(by=by, account=other, role="staff", unit=group.B, starts_on=TODAY, reason="开工")
    with pytest.raises(Refused, match="管辖全部单位"):
        actions.grant(by=by, account=other, role="staff", starts_on=TODAY, reason="开工")


def test_roles_that_exclude_one_another_are_not_held_together(account_of):
    account = account_of("system_administrator")
    with pytest.raises(ValidationError, match="不能由同一个人担任"):
        give(account, "auditor")
    first = Grant.objects.get()
    actions.end_grant(first, by=SYSTEM, on=TODAY - timedelta(days=1), reason="换岗")
    give(account, "auditor", starts_on=TODAY)
    assert fresh(account).roles == ["auditor"]


def test_a_role_that_is_not_in_the_pack_is_refused(account_of):
    with pytest.raises(ValidationError, match="没有“boss”这个角色"):
        give(account_of(""), "boss")


def test_whose_grants_of_today_allow_something_for_a_unit(group, account_of, django_assert_num_queries):
    everywhere, above, beside = (account_of("system_administrator", unit) for unit in ("", "A", "B"))
    here, narrow, ended, gone = (account_of("", "", name) for name in ("here", "narrow", "ended", "gone"))
    give(here, "system_administrator", group.A1)
    give(narrow, "system_administrator", group.A, depth=0)
    give(ended, "system_administrator", group.A1, ends_on=TODAY - timedelta(days=1))
    give(gone, "system_administrator", group.A1)
    give(here, "staff", group.A1)
    actions.suspend(fresh(gone), by=SYSTEM, reason="离岗")
    rules.refresh()
    a1 = group.A1
    with django_assert_num_queries(1):
        found = queries.allowing(["org.unit.rename", "cases.lead.screen"], a1)
        assert {grant.account.pk for grant in found} == {everywhere.pk, above.pk, here.pk}
    assert {grant.account_id for grant in queries.allowing(["org.unit.rename"])} == {
        everywhere.pk, above.pk, beside.pk, here.pk, narrow.pk,
    }  # fmt: skip
    assert queries.allowing(["cases.lead.screen"], group.A1) == queries.allowing([], group.A1) == []


def test_a_role_says_which_steps_it_covers():
    rules.install({"clerk": ["org.unit.*", "org.*.view"]})
    assert rules.allows("clerk", "org.unit.rename")
    assert rules.allows("clerk", "org.person.view")
    assert not rules.allows("clerk", "org.person.enrol")
    assert not rules.allows("nobody", "org.unit.view")


def test_published_roles_come_into_force(db, account_of):
    from yuanqing.kernel.packs.actions import publish
    from yuanqing.norms.packs import shipped

    rules.install({"nobody": []})
    publish(shipped("roles"), by=SYSTEM)
    rules.refresh()
    assert "auditor" in rules.known_roles()


def test_a_password_is_changed_by_who_knows_it(account_of):
    account = account_of("staff")
    with pytest.raises(ValidationError, match="现在的密码不对"):
        actions.change_own_password(account, by=account, current="wrong", password="another-long-phrase")
    with pytest.raises(ValidationError):
        actions.change_own_password(account, by=account, current="a-long-passphrase", password="short")
    actions.change_own_password(account, by=account, current="a-long-passphrase", password="another-long-phrase")
    assert fresh(account).check_password("another-long-phrase")
    with pytest.raises(Refused, match="只能修改自己的密码"):
        actions.change_own_password(account, by=account_of("", name="x"), current="x", password="y")


def test_what_an_account_may_do_in_words(group, account_of):
    account = account_of("auditor", "A")
    lines = {a.noun: a for a in queries.abilities(account.grants.select_related("unit"))}
    assert lines["单位"].sees
    assert lines["单位"].steps == []
    assert lines["单位"].where == ["第一公司及全部下级"]
    assert "违规问题" not in lines


def test_accounts_are_seen_by_those_who_look_after_the_unit(group, account_of):
    inside, outside = account_of("staff", "A1"), account_of("staff", "B")
    seen = set(
        Account.objects.visible_to(account_of("system_administrator", "A", "root")).values_list("username", flat=True)
    )
    assert seen == {inside.username, "root"}
    assert set(Account.objects.visible_to(outside)) == {outside}
