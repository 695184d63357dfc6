"""Links that work once, the first administrator, and sessions that end with what they were begun under."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM, Conflict, Refused
from yuanqing.kernel.commands import OperatorError
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.delegation import actions as delegations
from yuanqing.org.recusal import actions as recusals
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, queries, tasks
from yuanqing.org.signin.models import Link
from yuanqing.org.unit import actions as units

GOOD = "eight-blue-herons-at-dusk"
DAY = date(2024, 1, 1)


@pytest.fixture
def zhang(db):
    return accounts.open_account(by=SYSTEM, username="zhang", display_name="张三")


@pytest.fixture
def unit(db):
    return units.found(by=SYSTEM, code="A", name="第一公司", parent=None, began_on=DAY)


def test_a_link_sets_a_password_once(zhang):
    link = queries.link_of(actions.new_link(zhang, by=SYSTEM))
    actions.choose_password(link, password=GOOD)
    assert Account.objects.get(pk=zhang.pk).check_password(GOOD)
    with pytest.raises(Conflict):
        actions.choose_password(link, password="another-good-passphrase")
    assert Account.objects.get(pk=zhang.pk).check_password(GOOD)


def test_the_token_is_kept_nowhere(zhang):
    token = actions.new_link(zhang, by=SYSTEM)
    assert len(token) >= 43
    assert token not in str(list(Link.objects.values()))


@pytest.mark.parametrize("spoil", ["expire", "newer", "suspend", "unknown"])
def test_a_link_that_is_over_opens_nothing(zhang, spoil, monkeypatch):
    token = actions.new_link(zhang, by=SYSTEM)
    given = queries.link_of(token)
    if spoil == "expire":
        late = timezone.now() + timedelta(hours=24, seconds=1)
        assert queries.link_of(token, late) is None
        monkeypatch.setattr(timezone, "now", lambda: late)
    elif spoil == "newer":
        actions.new_link(zhang, by=SYSTEM)
    elif spoil == "suspend":
        accounts.suspend(zhang, by=SYSTEM, reason="x")
        given = queries.link_of(token)
    else:
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    answer = Client().get(reverse("sign_in_link", args=[token]))
    assert answer.status_code == 404
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    if spoil != "unknown":
        with pytest.raises(Refused):
            actions.choose_password(given, password=GOOD)
    assert not Account.objects.get(pk=zhang.pk).has_usable_password()


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("password123", "password123", "常见"),
        ("1234567890", "1234567890", "常见"),
        ("kurz", "kurz", "至少 10 个字符"),
        ("zhang-zhang", "zhang-zhang", "用户名"),
        (GOOD, GOOD + "x", "两遍不一样"),
        ("", "", "必填"),
    ],
)
def test_a_poor_password_is_refused_in_words_and_the_link_still_works(zhang, password, again, sentence):
    token = actions.new_link(zhang, by=SYSTEM)
    url = reverse("sign_in_link", args=[token])
    answer = Client().post(url, {"password": password, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.content.decode() or sentence == "必填"
    assert not Account.objects.get(pk=zhang.pk).has_usable_password()
    assert Client().post(url, {"password": GOOD, "again": GOOD}).status_code == 302


class TestFirst:
    def test_the_first_administrator_is_made_once(self, db):
        said = tasks.first_link()
        token = said.rstrip("/").rpartition("/")[2]
        given = {"username": "founder", "display_name": "李四", "password": GOOD, "again": GOOD}
        answer = Client().post(reverse("sign_in_link", args=[token]), given)
        assert answer.status_code == 302
        grant = Grant.objects.get(account__username="founder")
        assert (grant.role, grant.unit, grant.ends_on) == ("system_administrator", None, None)
        assert Client().get(reverse("sign_in_link", args=[token])).status_code == 404
        with pytest.raises(OperatorError, match="已经有账号"):
            tasks.first_link()
        assert tasks.first_link(if_none=True) is None

    def test_a_later_link_ends_the_earlier(self, db):
        first, second = (tasks.first_link().rstrip("/").rpartition("/")[2] for _n in range(2))
        assert queries.link_of(first) is None
        assert queries.link_of(second) is not None

    def test_it_is_refused_when_somebody_was_first(self, db):
        link = queries.link_of(actions.new_link(None, by=SYSTEM))
        accounts.open_account(by=SYSTEM, username="other", display_name="某人")
        with pytest.raises(Conflict):
            actions.found_first(link, username="me", display_name="我", password=GOOD)
        assert list(Account.objects.values_list("username", flat=True)) == ["other"]

    def test_a_poor_first_password_founds_nothing(self, db):
        link = queries.link_of(actions.new_link(None, by=SYSTEM))
        with pytest.raises(ValidationError):
            actions.found_first(link, username="me", display_name="我", password="password")
        assert queries.is_new_installation()


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("security:mine")).status_code == 200


class TestSessionsEnd:
    """All at once: the very next request is a stranger's."""

    @pytest.fixture
    def two(self, zhang):
        accounts.reset_password(zhang, by=SYSTEM, password=GOOD)
        account = Account.objects.get(pk=zhang.pk)
        clients = [signed_in(account), signed_in(account)]
        assert all(is_in(c) for c in clients)
        return account, clients

    @pytest.mark.parametrize("change", ["grant", "end_grant", "suspend", "reset", "link", "command"])
    def test_when_rights_or_secrets_change(self, zhang, change):
        held = accounts.grant(by=SYSTEM, account=zhang, role="staff", starts_on=DAY, reason="x")
        account = Account.objects.get(pk=zhang.pk)
        clients = [signed_in(account), signed_in(account)]
        other = signed_in(accounts.open_account(by=SYSTEM, username="li", display_name="李"))
        {
            "grant": lambda: accounts.grant(by=SYSTEM, account=account, role="secretary", starts_on=DAY, reason="x"),
            "end_grant": lambda: accounts.end_grant(held, by=SYSTEM, on=timezone.localdate(), reason="x"),
            "suspend": lambda: accounts.suspend(account, by=SYSTEM, reason="x"),
            "reset": lambda: accounts.reset_password(account, by=SYSTEM, password="yet-another-passphrase"),
            "link": lambda: actions.reset_with_link(account, by=SYSTEM),
            "command": lambda: tasks.sign_out("zhang", reason="x"),
        }[change]()
        assert [is_in(c) for c in clients] == [False, False]
        assert Session.objects.filter(account=account).count() == 0
        assert is_in(other)

    @pytest.mark.parametrize("change", ["delegate", "revoke", "order", "uphold", "lift", "declare"])
    def test_when_others_act_through_it_or_it_is_kept_out(self, zhang, unit, change):
        lender = accounts.open_account(by=SYSTEM, username="li", display_name="李")
        held = accounts.grant(by=SYSTEM, account=lender, role="unit_leader", unit=unit, starts_on=DAY, reason="x")
        today, account = timezone.localdate(), Account.objects.get(pk=zhang.pk)

        def delegate():
            days = {"starts_on": today, "ends_on": today, "reason": "x"}
            return delegations.delegate(by=lender, grant=held, to=account, **days)

        about = {"ground": "relative", "reason": "x", "subject": unit}
        made = {"revoke": delegate}.get(change, lambda: None)()
        if change == "uphold":
            made = recusals.request(by=lender, account=account, **about)
        if change == "lift":
            made = recusals.order(by=SYSTEM, account=account, **about)
        clients, other = [signed_in(account), signed_in(account)], signed_in(lender)
        {
            "delegate": delegate,
            "revoke": lambda: delegations.revoke(made, by=lender, reason="x"),
            "order": lambda: recusals.order(by=SYSTEM, account=account, **about),
            "uphold": lambda: recusals.uphold(made, by=SYSTEM),
            "lift": lambda: recusals.lift(made, by=SYSTEM, reason="x"),
            "declare": lambda: recusals.declare(by=account, **about),
        }[change]()
        assert [is_in(c) for c in clients] == [False, False]
        assert is_in(other)

    def test_a_recusal_that_is_only_asked_for_ends_nothing(self, zhang, unit):
        other = accounts.open_account(by=SYSTEM, username="li", display_name="李")
        client = signed_in(Account.objects.get(pk=zhang.pk))
        made = recusals.request(by=other, account=zhang, ground="relative", reason="x", subject=unit)
        assert is_in(client)
        recusals.decline(made, by=SYSTEM, reason="x")
        assert is_in(client)

    def test_who_comes_back_is_told_why_to_sign_in(self, two):
        _account, (here, _there) = two
        Session.objects.all().delete()
        answer = here.get(reverse("security:mine"), follow=True)
        assert "这次登录已经结束" in answer.content.decode()

    def test_a_refused_act_ends_nothing(self, two):
        account, clients = two
        with pytest.raises(ValidationError):
            accounts.grant(by=SYSTEM, account=account, role="no-such-role", starts_on=DAY, reason="x")
        assert all(is_in(c) for c in clients)

    def test_ones_own_new_password_keeps_this_browser_only(self, two):
        _account, (here, there) = two
        given = {"current": GOOD, "password": "yet-another-passphrase", "again": "yet-another-passphrase"}
        before = here.cookies["session"].value
        assert here.post(reverse("account:change_own_password"), given).status_code == 302
        assert (is_in(here), is_in(there)) == (True, False)
        assert here.cookies["session"].value != before

    def test_one_by_one_and_all_others(self, two):
        account, (here, there) = two
        handle = Session.objects.get(handle=there.session.handle).handle
        assert here.post(reverse("security:end", args=[handle])).status_code == 302
        assert (is_in(here), is_in(there)) == (True, False)
        third = signed_in(account)
        here.post(reverse("security:end_others"))
        assert (is_in(here), is_in(third)) == (True, False)

    def test_nobody_ends_a_strangers_session(self, two, zhang):
        _account, (here, _there) = two
        li = signed_in(accounts.open_account(by=SYSTEM, username="li", display_name="李"))
        assert li.post(reverse("security:end", args=[here.session.handle])).status_code == 404
        assert is_in(here)

    def test_an_ended_session_is_not_brought_back_by_a_request_under_way(self, two):
        _account, (here, _there) = two
        store = here.session
        assert store["_auth_user_id"]  # loaded, as in a request that has begun
        Session.objects.all().delete()
        store["late"] = 1
        with pytest.raises(UpdateError):
            store.save()
        assert Session.objects.count() == 0


def test_the_table_does_not_hold_the_key_of_the_cookie(zhang):
    client = signed_in(zhang)
    key = client.cookies["session"].value
    assert key not in str(list(Session.objects.values()))
    assert is_in(client)
