"""A table of attacks on signing in, each over HTTP with the forgery check on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from tests.shell.security.conftest import GOOD, Browser, code_of, enrol_totp

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, queries
from yuanqing.org.signin.models import Attempt, SignIn

SIGN_IN = "/sign-in/"


def sentence(answer) -> str:
    """What the reader is told, without what differs on every page."""
    found = re.search(r'<section class="sign-in">.*?</section>', answer.content.decode(), re.DOTALL)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|value="[^"]*"', "", found.group()) if found else ""


def later(monkeypatch, **delta):
    moment = timezone.now() + timedelta(**delta)
    monkeypatch.setattr(timezone, "now", lambda: moment)


class TestEnumeration:
    """Nothing tells an unknown name from a wrong password, a suspended account or one without a password."""

    @pytest.fixture
    def wrong(self, person):
        person("zhang")
        person("empty", password=None)
        accounts.suspend(person("gone"), by=SYSTEM, reason="x")
        return [("zhang", "wrong"), ("nobody", GOOD), ("gone", GOOD), ("empty", GOOD)]

    def test_the_answers_are_the_same(self, wrong):
        answers = [Browser().sign_in(*given) for given in wrong]
        assert {a.status_code for a in answers} == {422}
        assert len({sentence(a) for a in answers}) == 1
        assert "不对" in sentence(answers[0])

    def test_each_costs_one_hash(self, wrong, monkeypatch):
        from django.contrib.auth.hashers import Argon2PasswordHasher

        counted = []
        encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
        monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a, **k: counted.append(1) or encode(*a, **k))
        monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a, **k: counted.append(1) or verify(*a, **k))
        spent = []
        for given in wrong:
            counted.clear()
            Browser().sign_in(*given)
            spent.append(len(counted))
        assert spent == [1, 1, 1, 1]

    def test_waiting_tells_nothing_either(self, wrong):
        for name in ("zhang", "nobody"):
            for _n in range(5):
                Browser().sign_in(name, "wrong")
        answers = [Browser().sign_in(name, GOOD) for name in ("zhang", "nobody")]
        assert [a.status_code for a in answers] == [429, 429]
        strip = [re.sub(r"\d+", "N", sentence(a)) for a in answers]
        assert strip[0] == strip[1]


class TestGuessing:
    def test_after_some_failures_even_the_right_password_waits(self, person, monkeypatch):
        person()
        for _n in range(4):
            assert Browser().sign_in(password="wrong").status_code == 422
        assert Browser().sign_in(password="wrong").status_code == 422  # the fifth starts the wait
        answer = Browser().sign_in()
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 6
        later(monkeypatch, seconds=7)
        browser = Browser()
        assert browser.sign_in().status_code == 302
        assert browser.is_in

    def test_waiting_attempts_are_neither_checked_nor_counted(self, person):
        person()
        for _n in range(5):
            Browser().sign_in(password="wrong")
        before = list(Attempt.objects.order_by("key").values_list("key", "failures"))
        for _n in range(20):
            assert Browser().sign_in(password="wrong").status_code == 429
        assert list(Attempt.objects.order_by("key").values_list("key", "failures")) == before

    def test_an_attempt_that_ends_in_an_error_stays_counted(self, person, monkeypatch):
        person()
        monkeypatch.setattr(Account, "check_password", lambda *a: 1 / 0)
        crashing = Browser(raise_request_exception=False)
        for _n in range(3):
            assert crashing.sign_in(password="wrong").status_code == 500
        assert max(Attempt.objects.values_list("failures", flat=True)) == 3

    def test_a_stranger_cannot_lock_out_a_browser_that_is_known(self, person):
        person()
        mine = Browser()
        mine.sign_in()
        mine.send(reverse("sign_out"))
        for _n in range(8):
            Browser(REMOTE_ADDR="203.0.113.9").sign_in(password="wrong")
        assert Browser(REMOTE_ADDR="198.51.100.7").sign_in().status_code == 429
        assert mine.sign_in().status_code == 302
        assert mine.is_in

    def test_a_stranger_cannot_lock_out_anybody_for_long(self, person, monkeypatch):
        """Whatever was tried before, the wait is at most two minutes."""
        person()
        counted = queries.counted("zhang", "203.0.113.9")
        now = timezone.now()
        Attempt.objects.create(key=counted.person, failures=100_000, last_at=now, open_at=now)
        assert Browser(REMOTE_ADDR="198.51.100.7").sign_in(password="wrong").status_code == 422
        later(monkeypatch, seconds=121)
        assert Browser(REMOTE_ADDR="198.51.100.7").sign_in().status_code == 302

    def test_a_forged_browser_cookie_is_no_way_around(self, person):
        person()
        for _n in range(5):
            Browser().sign_in(password="wrong")
        forger = Browser()
        forger.cookies["browser"] = "eyJiIjoiYSIsIm4iOlsiYiJdfQ:1abc:forged"
        assert forger.sign_in().status_code == 429

    def test_one_source_trying_many_names_is_slowed_down(self, db):
        answers = [Browser().sign_in(f"name-{n}", "wrong").status_code for n in range(22)]
        assert answers == [422] * 21 + [429]
        assert Browser(REMOTE_ADDR="198.51.100.7").sign_in("name-1", "wrong").status_code == 422

    def test_a_forwarded_header_is_believed_only_from_declared_proxies(self, person, settings):
        person()
        for n in range(22):
            Browser(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").sign_in(f"name-{n}", "wrong")
        assert Browser(HTTP_X_FORWARDED_FOR="203.0.113.99").sign_in().status_code == 429
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        assert Browser(HTTP_X_FORWARDED_FOR="10.9.9.9, 203.0.113.99").sign_in().status_code == 302
        assert SignIn.objects.get(happening="enter").source == "203.0.113.99"

    def test_a_flood_leaves_a_handful_of_lines(self, person):
        account = person()
        source = "203.0.113.9"
        for n in range(1, 1001):
            number = n
            from yuanqing.org.signin.rules import is_noted

            if is_noted(number):
                actions.fail(by=SYSTEM, account=account, source=source, device="", count=number)
        assert SignIn.objects.filter(happening="fail").count() == 10

    def test_failures_are_noted_and_said_at_the_next_success(self, person):
        account = person()
        for _n in range(3):
            Browser().sign_in(password="wrong")
        Browser().sign_in()
        fails = SignIn.objects.filter(account=account, happening="fail").order_by("at")
        assert [f.count for f in fails] == [1, 2]
        assert SignIn.objects.get(account=account, happening="enter").count == 3

    def test_an_unknown_name_is_not_kept(self, db):
        Browser().sign_in("my-secret-typed-as-a-name", "wrong")
        row = SignIn.objects.get()
        assert (row.account, row.happening) == (None, "fail")
        assert "my-secret" not in str(list(SignIn.objects.values())) + str(list(Attempt.objects.values()))

    @pytest.mark.parametrize(
        "given", [{}, {"username": "zhang"}, {"password": "x"}, {"username": "z\0", "password": "x"}]
    )
    def test_half_a_form_is_refused_at_its_field(self, person, given):
        person()
        assert Browser().send(SIGN_IN, given).status_code == 422

    def test_a_very_long_password_is_not_hashed(self, person, monkeypatch):
        person()
        answer = Browser().sign_in(password="x" * 100_000)
        assert answer.status_code == 422
        assert Attempt.objects.count() == 0

    def test_without_the_token_nothing_is_tried(self, person):
        person()
        answer = Browser().post(SIGN_IN, {"username": "zhang", "password": GOOD})
        assert answer.status_code == 403
        assert Attempt.objects.count() == 0


class TestSession:
    def test_a_planted_session_key_is_not_kept(self, person):
        """Fixation: the key known before signing in is worth nothing after."""
        person()
        victim = Browser()
        victim.cookies["session"] = "attacker-knows-this-key-0123456789"
        victim.sign_in()
        assert victim.cookies["session"].value != "attacker-knows-this-key-0123456789"
        thief = Browser()
        thief.cookies["session"] = "attacker-knows-this-key-0123456789"
        assert not thief.is_in

    def test_the_key_changes_when_identity_is_confirmed(self, person):
        person()
        browser = Browser()
        browser.sign_in()
        before = browser.cookies["session"].value
        assert browser.send(reverse("account_reauthenticate"), {"password": GOOD}).status_code == 302
        assert browser.cookies["session"].value != before
        old = Browser()
        old.cookies["session"] = before
        assert (old.is_in, browser.is_in) == (False, True)

    def test_signing_out_ends_it_on_the_server(self, person):
        person()
        browser = Browser()
        browser.sign_in()
        key = browser.cookies["session"].value
        answer = browser.send(reverse("sign_out"))
        assert '"cache"' in answer.headers["Clear-Site-Data"]
        thief = Browser()
        thief.cookies["session"] = key
        assert not thief.is_in
        assert Session.objects.filter(account__isnull=False).count() == 0
        assert [e.happening for e in SignIn.objects.order_by("at")] == ["enter", "leave"]

    def test_signing_out_by_a_link_is_refused(self, person):
        person()
        browser = Browser()
        browser.sign_in()
        assert browser.get(reverse("sign_out")).status_code == 405
        assert browser.is_in

    @pytest.mark.parametrize(
        ("role", "minutes", "stays"),
        [("", 29, True), ("", 31, False), ("system_administrator", 14, True), ("system_administrator", 16, False)],
    )
    def test_quiet_for_too_long(self, person, monkeypatch, role, minutes, stays):
        person(role=role)
        browser = Browser()
        browser.sign_in()
        later(monkeypatch, minutes=minutes)
        assert browser.is_in is stays
        assert (Session.objects.filter(account__isnull=False).count() == 1) is stays

    def test_work_keeps_it_open_but_not_for_ever(self, person, monkeypatch):
        person()
        browser = Browser()
        browser.sign_in()
        began = timezone.now()
        for n in range(1, 36):  # every 20 minutes for almost 12 hours
            monkeypatch.setattr(timezone, "now", lambda n=n: began + timedelta(minutes=20 * n))
            assert browser.is_in, n
        monkeypatch.setattr(timezone, "now", lambda: began + timedelta(hours=12, minutes=1))
        assert not browser.is_in

    def test_at_most_five_places_at_once(self, person):
        person()
        browsers = [Browser() for _n in range(7)]
        for browser in browsers:
            browser.sign_in()
        assert [b.is_in for b in browsers] == [False, False, True, True, True, True, True]

    def test_a_foreign_next_is_not_followed(self, person):
        person()
        answer = Browser().send(SIGN_IN, {"username": "zhang", "password": GOOD, "next": "https://evil.example/"})
        assert answer.headers["Location"] == "/"

    def test_personal_pages_stay_in_no_cache(self, person):
        person()
        browser = Browser()
        browser.sign_in()
        for url in (reverse("security:mine"), "/"):
            assert "no-store" in browser.get(url).headers["Cache-Control"]


class TestSecondFactor:
    @pytest.fixture
    def enrolled(self, person):
        account = person()
        browser = Browser()
        browser.sign_in()
        return account, browser, enrol_totp(browser)

    def step(self) -> Browser:
        browser = Browser()
        assert browser.sign_in().headers["Location"] == reverse("mfa_authenticate")
        return browser

    def test_the_password_alone_is_not_enough(self, enrolled):
        browser = self.step()
        assert not browser.is_in
        assert browser.get("/").status_code == 302

    def test_a_code_signs_in_and_is_refused_the_second_time(self, enrolled):
        _account, _browser, secret = enrolled
        first, second = self.step(), self.step()
        code = code_of(secret)
        assert first.send(reverse("mfa_authenticate"), {"code": code}).headers["Location"] == "/"
        assert first.is_in
        assert second.send(reverse("mfa_authenticate"), {"code": code}).status_code == 422
        assert not second.is_in

    def test_the_code_of_enrolment_and_older_ones_are_used_up(self, enrolled):
        _account, browser, _secret = enrolled
        answer = self.step().send(reverse("mfa_authenticate"), {"code": browser.enrolled_with})
        assert answer.status_code == 422

    @pytest.mark.parametrize("code", ["", "000000", "abc", "1" * 500, "12345６"])
    def test_a_wrong_code_is_told_and_counted(self, enrolled, code):
        answer = self.step().send(reverse("mfa_authenticate"), {"code": code})
        assert answer.status_code == 422

    def test_codes_cannot_be_tried_one_by_one(self, enrolled):
        browsers = [self.step() for _n in range(2)]
        told = [browsers[n % 2].send(reverse("mfa_authenticate"), {"code": f"{n:06}"}).status_code for n in range(8)]
        assert told == [422] * 5 + [429] * 3

    def test_a_recovery_code_works_once(self, enrolled):
        account, _browser, _secret = enrolled
        codes = Authenticator.objects.get(user=account, type="recovery_codes").wrap().get_unused_codes()
        assert len(set(codes)) == 10
        browser = self.step()
        assert browser.send(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
        assert browser.is_in
        assert self.step().send(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 422
        assert SignIn.objects.filter(happening="enter", method="recovery_codes").count() == 1

    def test_the_secret_lies_sealed(self, enrolled):
        account, _browser, secret = enrolled
        assert secret not in str(list(Authenticator.objects.filter(user=account).values()))

    def test_enrolling_ends_what_was_signed_in_elsewhere(self, person):
        person()
        here, there = Browser(), Browser()
        here.sign_in(), there.sign_in()
        before = here.cookies["session"].value
        enrol_totp(here)
        assert (here.is_in, there.is_in) == (True, False)
        assert here.cookies["session"].value != before

    def test_adding_and_removing_asks_who_one_is_when_that_is_long_ago(self, enrolled, monkeypatch):
        _account, browser, _secret = enrolled
        later(monkeypatch, minutes=11)
        moment = timezone.now().timestamp()
        monkeypatch.setattr("yuanqing.shell.security.confirm.time.time", lambda: moment)
        for name in ("mfa_add_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes"):
            assert "/security/confirm/" in browser.get(reverse(name)).headers["Location"], name
        assert Authenticator.objects.count() == 2

    def test_removing_is_noted_and_the_codes_go_with_it(self, enrolled):
        account, browser, _secret = enrolled
        assert browser.send(reverse("mfa_deactivate_totp")).status_code == 302
        assert Authenticator.objects.count() == 0
        noted = SignIn.objects.filter(account=account, happening="remove_factor")
        assert sorted(noted.values_list("method", flat=True)) == ["recovery_codes", "totp"]

    @pytest.mark.parametrize(
        "junk", ["", "x", "[]", "{}", "null", '{"id": 1}', '{"response": "x", "id": "a"}', "1e999"]
    )
    def test_junk_in_place_of_a_passkey_is_refused_in_words(self, enrolled, junk):
        _account, browser, _secret = enrolled
        browser.get(reverse("mfa_add_webauthn"))
        assert browser.send(reverse("mfa_add_webauthn"), {"credential": junk, "name": "x"}).status_code == 422
        stranger = self.step()
        stranger.get(reverse("mfa_authenticate"))
        assert stranger.send(reverse("mfa_authenticate"), {"credential": junk}).status_code == 422
        assert Browser().send(reverse("mfa_login_webauthn"), {"credential": junk}).status_code == 302
        assert Authenticator.objects.filter(type="webauthn").count() == 0


class TestForced:
    """Roles that must have a second factor get nowhere without one."""

    @pytest.fixture
    def admin(self, person, forced):
        person("boss", role="system_administrator")
        browser = Browser()
        browser.sign_in("boss")
        return browser

    def test_every_page_leads_to_enrolment(self, admin):
        for url in ("/", reverse("account:list"), reverse("security:mine"), reverse("signin:list")):
            assert admin.get(url).headers["Location"] == reverse("security:enrol"), url
        assert "先设置第二因素" in admin.get(reverse("security:enrol")).content.decode()

    def test_so_does_every_program(self, admin):
        answer = admin.get("/api/org/account/")
        assert answer.status_code == 403
        assert "登录安全" in answer.json()["detail"]

    def test_writing_is_closed_too(self, admin):
        given = {"username": "x", "display_name": "x"}
        assert admin.send(reverse("account:open_account"), given).headers["Location"] == reverse("security:enrol")

    def test_the_way_out_and_the_way_on_are_open(self, admin):
        assert admin.get(reverse("mfa_activate_totp")).status_code == 200
        enrol_totp(admin)
        assert admin.get(reverse("account:list")).status_code == 200

    def test_removing_the_last_one_closes_everything_again(self, admin):
        enrol_totp(admin)
        admin.send(reverse("mfa_deactivate_totp"))
        assert admin.get("/").headers["Location"] == reverse("security:enrol")

    def test_other_roles_are_free_to(self, person, forced):
        person("clerk", role="unit_contact")
        browser = Browser()
        browser.sign_in("clerk")
        assert browser.get("/").status_code == 200

    def test_a_role_gained_is_met_at_the_next_sign_in(self, person, forced):
        account = person("clerk", role="unit_contact")
        browser = Browser()
        browser.sign_in("clerk")
        accounts.grant(
            by=SYSTEM, account=account, role="discipline_officer", starts_on=timezone.localdate(), reason="x"
        )
        assert browser.get("/").headers["Location"].startswith(SIGN_IN)
        browser.sign_in("clerk")
        assert browser.get("/").headers["Location"] == reverse("security:enrol")


def test_an_old_password_is_changed_first_where_the_pack_asks_for_it(person, monkeypatch):
    person()
    limits = queries.limits()
    monkeypatch.setattr(
        queries, "limits", lambda: type(limits)({**limits.numbers, "password_days": 90}, limits.by_role)
    )
    fresh = Browser()
    fresh.sign_in()
    assert fresh.get("/").status_code == 200
    fresh.send(reverse("sign_out"))
    later(monkeypatch, days=91)
    browser = Browser()
    answer = browser.sign_in()
    assert answer.status_code == 302, sentence(answer)
    assert browser.get("/").headers["Location"] == reverse("account:change_own_password")
    given = {"current": GOOD, "password": "yet-another-passphrase", "again": "yet-another-passphrase"}
    browser.send(reverse("account:change_own_password"), given)
    assert browser.get("/").status_code == 200


class TestCookies:
    def test_flags(self, person):
        person()
        browser = Browser()
        browser.sign_in()
        for name in ("session", "csrftoken", "browser"):
            cookie = browser.cookies[name]
            assert cookie["httponly"], name
            assert cookie["samesite"] == ("Strict" if name == "csrftoken" else "Lax"), name
            assert cookie["path"] == "/"
            assert not cookie["domain"]
        assert not browser.cookies["session"]["expires"]  # goes with the browser

    def test_names_and_flags_behind_https(self):
        import json
        import os
        import subprocess
        import sys

        program = (
            "import json, yuanqing.settings as s; print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
            " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.PROXIES]))"
        )
        environment = {**os.environ, "YUANQING_HTTPS": "1"}
        told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        found = json.loads(told.stdout)
        assert found == ["__Host-session", "__Host-csrftoken", True, True, True, 31536000, 1]

    def test_public_pages_set_no_cookie_but_the_forms_own(self, db):
        browser = Browser()
        browser.get(reverse("about"))
        assert "session" not in browser.cookies
        assert Session.objects.count() == 0


def test_passwords_are_argon2id_with_more_than_the_least():
    """OWASP asks for at least 19 MiB and two passes, or 46 MiB and one."""
    from yuanqing import settings as product
    from yuanqing.shell.security.hashing import Passwords

    kind, _version, parameters = Passwords().encode(GOOD, "some-salt").split("$")[1:4]
    memory, passes, lanes = (int(p.partition("=")[2]) for p in parameters.split(","))
    assert (kind, memory, passes, lanes) == ("argon2id", 46 * 1024, 2, 1)
    assert product.PASSWORD_HASHERS == ["yuanqing.shell.security.hashing.Passwords"]
