"""A small group: G over A (A1, A2) and B (B1); accounts with a role over one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.packs import shipped
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import install_roles
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

FOUNDED = date(2024, 1, 1)
A_PASSWORD = "a-long-passphrase"


@dataclass(frozen=True)
class Group:
    """The units by code."""

    def __getattr__(self, code: str) -> Unit:
        return Unit.objects.get(code=code)


@pytest.fixture(autouse=True)
def _shipped_roles() -> Iterator[None]:
    """A test may install a table of its own; the next one finds the shipped one again."""
    install_roles(shipped("roles"))
    yield
    install_roles(shipped("roles"))


@pytest.fixture
def group(db: None) -> Group:
    for code, name, parent in (
        ("G", "示范集团", ""),
        ("A", "第一公司", "G"),
        ("A1", "甲项目部", "A"),
        ("A2", "乙项目部", "A"),
        ("B", "第二公司", "G"),
        ("B1", "丙项目部", "B"),
    ):
        above = Unit.objects.filter(code=parent).first()
        units.found(by=SYSTEM, code=code, name=name, parent=above, began_on=FOUNDED)
    return Group()


@pytest.fixture
def account_of(group: Group) -> Callable[..., Account]:
    """account_of("system_administrator", "A"): an account that holds the role over the unit; without a unit, everywhere."""

    def make(role: str, unit: str = "", name: str = "") -> Account:
        made = accounts.open_account(
            by=SYSTEM, username=name or f"{role}-{unit or 'all'}", display_name="某人", password=A_PASSWORD
        )
        where = Unit.objects.get(code=unit) if unit else None
        if role:
            accounts.grant(by=SYSTEM, account=made, role=role, unit=where, starts_on=FOUNDED, reason="测试")
        return Account.objects.get(pk=made.pk)

    return make


@pytest.fixture
def client_of(account_of: Callable[..., Account]) -> Callable[..., Client]:
    """A browser signed in as such an account, with the forgery check on."""

    def make(role: str, unit: str = "", name: str = "") -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(account_of(role, unit, name))
        return client

    return make


@pytest.fixture
def post(client_of: Callable[..., Client]) -> Callable[..., object]:
    """Open the form as a reader would, and send it back with its token."""

    def send(client: Client, address: str, given: dict[str, object]) -> object:
        client.get(address)
        if "csrftoken" not in client.cookies:  # an address that only takes what is sent stands on another page
            client.get("/")
        token = client.cookies["csrftoken"].value
        return client.post(address, {**given, "csrfmiddlewaretoken": token})

    return send
