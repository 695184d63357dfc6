"""Signing in by a directory and by an OpenID Connect provider, each a real server started for these tests."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.urls import reverse
from oidc_provider_mock import run_server_in_thread
from tests.shell.security.conftest import GOOD, Browser, code_of, enrol_totp

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.signin.models import SignIn
from yuanqing.shell.security import outside

SLAPD = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SCHEMAS = Path("/etc/ldap/schema")
IN_DIRECTORY, READER = "directory-heron-at-dawn", "reader-of-the-directory"

CONFIGURATION = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=example,dc=org"
rootdn "cn=reader,dc=example,dc=org"
rootpw {reader}
directory {folder}
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous none
"""
PEOPLE = """dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people
"""
PERSON = """
dn: uid={uid},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: {uid}
cn: {uid}
sn: {uid}
userPassword: {password}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def directory(tmp_path_factory: Any) -> Iterator[str]:
    """The address of a running slapd that knows zhang, gone, local and stranger."""
    try:
        import ldap  # noqa: F401
    except ImportError:
        SLAPD_IS_USABLE = False
    else:
        SLAPD_IS_USABLE = SLAPD is not None
    if not SLAPD_IS_USABLE:
        missing = "slapd, or python-ldap from requirements/ldap.txt, is not installed on this machine"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "data").mkdir()
    names = ("zhang", "gone", "local", "stranger")
    people = PEOPLE + "".join(PERSON.format(uid=name, password=IN_DIRECTORY) for name in names)
    (folder / "people.ldif").write_text(people)
    settings = CONFIGURATION.format(schemas=SCHEMAS, reader=READER, folder=folder / "data")
    (folder / "slapd.conf").write_text(settings)
    with_file = ["-f", str(folder / "slapd.conf")]
    subprocess.run([SLAPD, "-Ta", *with_file, "-l", str(folder / "people.ldif")], check=True, capture_output=True)
    port = free_port()
    address = f"ldap://127.0.0.1:{port}"
    running = subprocess.Popen([SLAPD, *with_file, "-h", address, "-d", "0"], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield address
    finally:
        running.terminate()
        running.wait(10)


def use_directory(settings: Any, address: str) -> None:
    given = {
        "YUANQING_LDAP_URL": address,
        "YUANQING_LDAP_BASE": "ou=people,dc=example,dc=org",
        "YUANQING_LDAP_BIND_DN": "cn=reader,dc=example,dc=org",
        "YUANQING_LDAP_BIND_PASSWORD": READER,
    }
    found = outside.ldap_from(given)
    for name, value in found.items():
        setattr(settings, name, value)
    settings.LDAP = found
    settings.AUTHENTICATION_BACKENDS = ["yuanqing.shell.security.local.Local", outside.LDAP_BACKEND]


class TestDirectory:
    """Accounts without a password here leave it to the directory; nobody else can be reached through it."""

    @pytest.fixture(autouse=True)
    def _with_directory(self, directory, settings, person):
        use_directory(settings, directory)
        person("zhang", password=None)
        person("local")
        accounts.suspend(person("gone", password=None), by=SYSTEM, reason="离职")

    def test_the_directorys_password_signs_in(self):
        browser = Browser()
        assert browser.sign_in("zhang", IN_DIRECTORY).status_code == 302
        assert browser.is_in
        assert SignIn.objects.get(happening="enter").method == "ldap"

    @pytest.mark.parametrize(
        ("username", "password"),
        [
            ("zhang", "wrong"),
            ("zhang", GOOD),
            ("gone", IN_DIRECTORY),  # suspended here
            ("local", IN_DIRECTORY),  # has a password here, so the directory has no say
            ("stranger", IN_DIRECTORY),  # known there only
            ("z*", IN_DIRECTORY),
            ("zhang)(uid=*", IN_DIRECTORY),
            ("*)(|(uid=zhang", IN_DIRECTORY),
        ],
    )
    def test_everything_else_is_refused_alike(self, username, password):
        before = Account.objects.count()
        answer = Browser().sign_in(username, password)
        assert answer.status_code == 422
        assert "账号或密码不对" in answer.content.decode()
        assert Account.objects.count() == before

    def test_an_empty_password_is_no_anonymous_bind(self):
        assert Browser().sign_in("zhang", "").status_code == 422

    def test_a_password_kept_here_works_beside_it(self):
        assert Browser().sign_in("local", GOOD).status_code == 302

    def test_guessing_is_counted_like_any_other(self):
        for _n in range(5):
            Browser().sign_in("zhang", "wrong")
        assert Browser().sign_in("zhang", IN_DIRECTORY).status_code == 429

    def test_one_confirms_with_the_same_password(self, monkeypatch):
        browser = Browser()
        browser.sign_in("zhang", IN_DIRECTORY)
        assert browser.send(reverse("account_reauthenticate"), {"password": "wrong"}).status_code == 422
        assert browser.send(reverse("account_reauthenticate"), {"password": IN_DIRECTORY}).status_code == 302

    def test_a_directory_that_is_down_keeps_nobody_else_out(self, settings):
        use_directory(settings, f"ldap://127.0.0.1:{free_port()}")
        assert Browser().sign_in("zhang", IN_DIRECTORY).status_code == 422
        assert Browser().sign_in("local", GOOD).status_code == 302


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a running OpenID Connect provider."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def use_provider(settings: Any, address: str, claim: str = "") -> None:
    given = {"YUANQING_OIDC_URL": address, "YUANQING_OIDC_CLIENT": "yuanqing", "YUANQING_OIDC_SECRET": "shared"}
    found = outside.openid_from({**given, "YUANQING_OIDC_CLAIM": claim})
    settings.OIDC = found
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [found.app]}}


class TestProvider:
    """The organisation's provider says who somebody is; it creates nobody and gives no rights."""

    @pytest.fixture(autouse=True)
    def _with_provider(self, provider, settings, person):
        self.provider = provider
        use_provider(settings, provider)
        self.zhang = person("zhang", password=None, email="zhang@example.org")

    def come_back(self, browser: Browser, subject: str, claims: dict[str, Any], **more: Any) -> Any:
        """Press the button, say at the provider who one is, and come back with its code."""
        requests.put(f"{self.provider}/users/{subject}", json=claims, timeout=10).raise_for_status()
        away = browser.send(reverse("openid_sign_in"), more)
        assert away.status_code == 302
        target = away.headers["Location"]
        assert target.startswith(self.provider)
        asked = parse_qs(urlsplit(target).query)
        assert asked["code_challenge_method"] == ["S256"]
        back = requests.post(target, data={"sub": subject}, allow_redirects=False, timeout=10)
        return browser.get(back.headers["Location"].replace("http://testserver", ""))

    def test_the_account_of_that_name_is_signed_in(self):
        browser = Browser()
        answer = self.come_back(browser, "s-1", {"preferred_username": "zhang"}, next="/inbox/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/")
        assert browser.is_in
        assert SignIn.objects.get(happening="enter").method == "socialaccount"

    def test_later_the_subject_counts_whatever_its_name(self):
        """A name that moved to somebody else at the provider opens nothing of the former bearer's."""
        self.come_back(Browser(), "s-1", {"preferred_username": "zhang"})
        browser = Browser()
        self.come_back(browser, "s-1", {"preferred_username": "renamed"})
        assert browser.is_in

    @pytest.mark.parametrize(
        "claims", [{"preferred_username": "stranger"}, {}, {"name": "zhang"}, {"preferred_username": ""}]
    )
    def test_nobody_is_created(self, claims):
        before = Account.objects.count()
        browser = Browser()
        answer = self.come_back(browser, "s-9", claims)
        assert answer.headers["Location"] == "/sign-in/"
        assert "没有与之对应的账号" in browser.get("/sign-in/").content.decode()
        assert not browser.is_in
        assert Account.objects.count() == before

    def test_an_account_with_a_password_here_or_suspended_is_not_reached(self, person):
        person("local")
        accounts.suspend(person("gone", password=None), by=SYSTEM, reason="离职")
        for name in ("local", "gone"):
            browser = Browser()
            self.come_back(browser, f"s-{name}", {"preferred_username": name})
            assert not browser.is_in
            assert "不使用统一身份认证登录" in browser.get("/sign-in/").content.decode()

    @pytest.mark.parametrize(("verified", "enters"), [(True, True), (False, False), (None, False)])
    def test_a_mail_address_counts_only_when_it_is_verified(self, settings, verified, enters):
        use_provider(settings, self.provider, claim="email")
        browser = Browser()
        self.come_back(browser, "s-m", {"email": "zhang@example.org", "email_verified": verified})
        assert browser.is_in is enters

    def test_a_second_factor_is_asked_for_all_the_same(self):
        first = Browser()
        self.come_back(first, "s-1", {"preferred_username": "zhang"})
        secret = enrol_totp(first)
        browser = Browser()
        answer = self.come_back(browser, "s-1", {"preferred_username": "zhang"})
        assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
        assert not browser.is_in
        assert browser.send(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
        assert browser.is_in

    def test_a_foreign_answer_is_refused(self):
        """What comes back must belong to what this browser began."""
        other = Browser()
        requests.put(f"{self.provider}/users/s-1", json={"preferred_username": "zhang"}, timeout=10)
        target = other.send(reverse("openid_sign_in")).headers["Location"]
        back = requests.post(target, data={"sub": "s-1"}, allow_redirects=False, timeout=10)
        victim = Browser()
        victim.get(reverse("sign_in"))
        victim.get(back.headers["Location"].replace("http://testserver", ""))
        assert not victim.is_in
        for spoilt in ("?error=access_denied", "?code=made-up&state=made-up", ""):
            browser = Browser()
            browser.send(reverse("openid_sign_in"))
            answer = browser.get(reverse("openid_connect_callback") + spoilt)
            assert answer.status_code < 500
            assert not browser.is_in

    def test_a_provider_that_is_down_is_said_in_words(self, settings):
        use_provider(settings, f"http://localhost:{free_port()}")
        browser = Browser()
        assert browser.send(reverse("openid_sign_in")).headers["Location"] == "/sign-in/"
        assert "连不上" in browser.get("/sign-in/").content.decode()

    def test_the_button_is_there_and_says_its_name(self, settings):
        assert "用统一身份认证登录" in Browser().get("/sign-in/").content.decode()

    def test_nothing_of_the_claims_is_kept(self):
        from allauth.socialaccount.models import SocialAccount, SocialToken

        self.come_back(Browser(), "s-1", {"preferred_username": "zhang", "phone_number": "13800000000"})
        kept = SocialAccount.objects.get()
        assert (kept.uid, kept.extra_data, SocialToken.objects.count()) == ("s-1", {}, 0)


def test_without_a_provider_its_addresses_are_absent(db):
    browser = Browser()
    assert browser.send(reverse("openid_sign_in")).status_code == 404
    assert browser.get(reverse("openid_connect_callback")).status_code == 404
    assert not re.search("统一身份认证", browser.get("/sign-in/").content.decode())
