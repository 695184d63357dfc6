"""Accounts of a small house; what is owed is forced, as it is outside the demo."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles

GOOD = "eight-blue-herons-at-dusk"
DAY = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def _shipped_roles():
    install_roles(shipped("roles"))
    yield
    install_roles(shipped("roles"))


@pytest.fixture
def forced(settings):
    settings.SECOND_FACTOR_FORCED = True


@pytest.fixture
def person(db):
    def make(username: str = "zhang", role: str = "", password: str | None = GOOD, **more: Any) -> Account:
        made = accounts.open_account(by=SYSTEM, username=username, display_name="张三", password=password, **more)
        if role:
            accounts.grant(by=SYSTEM, account=made, role=role, starts_on=DAY, reason="测试")
        return Account.objects.get(pk=made.pk)

    return make


class Browser(Client):
    """A browser with the forgery check on, that opens a form before it sends it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **more)

    def send(self, url: str, given: dict[str, Any] | None = None, **more: Any) -> Any:
        if "csrftoken" not in self.cookies:
            self.get(reverse("sign_in"))
        token = self.cookies["csrftoken"].value
        return self.post(url, {**(given or {}), "csrfmiddlewaretoken": token}, **more)

    def sign_in(self, username: str = "zhang", password: str = GOOD, **more: Any) -> Any:
        return self.send(reverse("sign_in"), {"username": username, "password": password}, **more)

    @property
    def is_in(self) -> bool:
        return self.get(reverse("security:mine")).status_code == 200


@pytest.fixture
def browser_of():
    return Browser


def code_of(secret: str, shift: int = 0) -> str:
    """The six digits an authenticator app shows now, or `shift` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift))


def enrol_totp(browser: Browser) -> str:
    """Enrol as a reader would; returns the secret the app keeps."""
    page = browser.get(reverse("mfa_activate_totp"))
    secret = str(page.context["form"].secret)
    browser.enrolled_with = code_of(secret, -1)
    assert browser.send(reverse("mfa_activate_totp"), {"code": browser.enrolled_with}).status_code == 302
    return secret
