"""Somebody who is signed in."""

import pytest
from django.test import Client

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account import actions
from yuanqing.org.account.models import Account

PASSWORD = "a-long-enough-one"


@pytest.fixture
def account(db: None) -> Account:
    """An account without any grant."""
    return actions.open_account(by=SYSTEM, username="lin", display_name="林静", password=PASSWORD)


@pytest.fixture
def reader(account: Account, client: Client) -> Client:
    client.force_login(account)
    return client
