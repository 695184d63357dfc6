"""Acting for somebody: a part of one's own rights, for some days, never passed on, and always said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Refused, history
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.delegation import actions
from yuanqing.org.delegation.models import Delegation
from yuanqing.org.recusal import actions as recusals
from yuanqing.org.unit import actions as units

TODAY = timezone.localdate()


def fresh(account):
    return Account.objects.get(pk=account.pk)


def lend(account, to, **more):
    values = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=9), "reason": "休假", **more}
    return actions.delegate(by=account, grant=account.grants.get(), to=to, **values)


def test_the_substitute_has_the_right_and_everything_says_for_whom(group, account_of):
    zhang, li = account_of("unit_leader", "A", "zhang"), account_of("staff", "A", "li")
    lend(zhang, li)
    assert fresh(li).can("discipline.monthly_return.submit", group.A1)
    assert fresh(li).behalf("discipline.monthly_return.submit", group.A1) == zhang.pk
    assert zhang.pk in fresh(li).identities
    assert fresh(zhang).behalf("discipline.monthly_return.submit", group.A1) is None


def test_what_is_done_with_a_lent_right_says_so_in_the_history(group, account_of):
    from yuanqing.org.account import rules

    rules.install({"keeper": ["org.unit.*"], "nothing": []})
    zhang, li = account_of("keeper", "A", "zhang"), account_of("nothing", "A", "li")
    Account.objects.filter(pk=zhang.pk)
    lend(zhang, li)
    unit = group.A1
    units.rename(unit, by=fresh(li), name="新名", on=TODAY, reason="更名")
    assert history(unit)[0].who == "某人（代某人）"
    units.rename(unit, by=fresh(zhang), name="旧名", on=TODAY, reason="更名")
    assert history(unit)[0].who == "某人"


@pytest.mark.parametrize(("first", "last", "may"), [(0, 0, True), (-1, 0, True), (1, 5, False)])
def test_it_begins_and_ends_by_its_days(group, account_of, first, last, may):
    zhang, li = account_of("unit_leader", "A", "zhang"), account_of("", name="li")
    lend(zhang, li, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last))
    assert fresh(li).can("org.unit.view") is may


def test_it_ends_with_the_grant_with_the_account_and_when_taken_back(group, account_of):
    zhang, li = account_of("unit_leader", "A", "zhang"), account_of("", name="li")
    one = lend(zhang, li)
    actions.revoke(one, by=fresh(li), reason="回来了")
    assert not fresh(li).can("org.unit.view")
    lend(zhang, li)
    accounts.suspend(zhang, by=SYSTEM, reason="停用")
    assert not fresh(li).can("org.unit.view")


def test_it_is_not_passed_on_and_not_lent_to_oneself(group, account_of):
    zhang, li, wang = account_of("unit_leader", "A", "zhang"), account_of("", name="li"), account_of("", name="wang")
    lend(zhang, li)
    grant = zhang.grants.get()
    days = {"starts_on": TODAY + timedelta(days=20), "ends_on": TODAY + timedelta(days=20), "reason": "x"}
    with pytest.raises(Refused, match="不能再转托"):
        actions.delegate(by=fresh(li), grant=grant, to=wang, **days)
    with pytest.raises(Refused, match="委托自己"):
        actions.delegate(
            by=zhang,
            grant=grant,
            to=zhang,
            **{**days, "starts_on": TODAY + timedelta(days=40), "ends_on": TODAY + timedelta(days=41)},
        )
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "auditor"])
def test_the_three_administrators_are_not_stood_in_for(group, account_of, role):
    with pytest.raises(Refused, match="三员"):
        lend(account_of(role, "A", "admin"), account_of("", name="li"))


def test_separation_of_duties_holds_for_substitutes(group, account_of):
    zhang, auditor = account_of("unit_leader", "A", "zhang"), account_of("auditor", "A", "aud")
    with pytest.raises(ValidationError, match="不相容"):
        lend(zhang, auditor)
    li = account_of("", name="li")
    lend(zhang, li)
    with pytest.raises(ValidationError, match="不能由同一个人担任"):
        accounts.grant(by=SYSTEM, account=li, role="auditor", starts_on=TODAY, reason="x")


def test_the_longest_is_named_by_the_pack(group, account_of):
    zhang, li = account_of("unit_leader", "A", "zhang"), account_of("", name="li")
    with pytest.raises(ValidationError, match="最长 90 天"):
        lend(zhang, li, ends_on=TODAY + timedelta(days=90))
    assert lend(zhang, li, ends_on=TODAY + timedelta(days=89)).state == "in_force"


def test_who_must_keep_out_does_not_get_in_by_a_substitute(group, account_of):
    zhang, li = account_of("unit_leader", "A", "zhang"), account_of("", name="li")
    recusals.order(by=SYSTEM, account=zhang, ground="interest", reason="x", subject=group.A1)
    lend(zhang, li)
    assert [fresh(li).can("org.unit.view", u) for u in (group.A, group.A1, group.A2)] == [True, False, True]


def test_both_sides_see_it_and_the_form_lends(group, account_of, client_of, post):
    client = client_of("unit_leader", "A", "zhang")
    account_of("", name="li")
    grant = Account.objects.get(username="zhang").grants.get()
    given = {"grants": [str(grant.pk)], "to": "li", "starts_on": str(TODAY), "ends_on": str(TODAY), "reason": "休假"}
    assert post(client, reverse("delegation:delegate"), {**given, "to": "nobody"}).status_code == 422
    assert post(client, reverse("delegation:delegate"), given).status_code == 302
    one = Delegation.objects.get()
    page = client.get(reverse("delegation:list")).content.decode()
    cell = re.search(r'<td class="([^"]*)"[^>]*><a [^>]*>收回</a>', page)
    assert cell is not None
    assert "not-phone" not in cell[1].split()  # taken back from a phone, too
    assert set(Delegation.objects.visible_to(one.delegate)) == {one}
    assert not Delegation.objects.visible_to(account_of("unit_leader", "B", "other")).exists()
    assert post(client, reverse("delegation:revoke", args=[one.pk]), {"reason": "回来了"}).status_code == 302
    assert not fresh(one.delegate).can("org.unit.view")
