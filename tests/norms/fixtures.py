"""Fixtures shared by the tests of norms and of the shell's nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from tests.norms.world import make_world
from tests.stages import stage

from yuanqing.kernel.acts import deeds
from yuanqing.kernel.acts.steps import discover
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.norms.obligation import actions as obligation_actions
from yuanqing.org.account import queries as account_queries

world = stage(make_world, enter=account_queries.follow_published_roles)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """clock("2026-11-05 09:00") sets the server's clock, in the organisation's time zone."""

    def at(text: str) -> datetime:
        moment = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    return at


@pytest.fixture
def registries() -> Iterator[None]:
    """What a test declares as fulfilling, or hooks on, is forgotten afterwards; nobody owes anything in person or by the year but by the test."""
    discover()
    hooks = {key: list(found) for key, found in deeds._hooks.items()}
    kinds = dict(obligation_actions.fulfilments)
    for name in [name for name, one in kinds.items() if one.person or not (one.period or one.subject)]:
        del obligation_actions.fulfilments[name]
    yield
    deeds._hooks.clear()
    deeds._hooks.update(hooks)
    obligation_actions.fulfilments.clear()
    obligation_actions.fulfilments.update(kinds)


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    def client(account: Any, *, csrf: bool = False) -> Client:
        found = Client(enforce_csrf_checks=csrf)
        found.force_login(account)
        return found

    return client
