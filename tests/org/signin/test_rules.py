"""Waiting, noting, naming and demanding, by hand-made tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from yuanqing.norms.packs import shipped
from yuanqing.org.signin.rules import Limits, device, is_noted, wait

SHIPPED = Limits.of(shipped("security").of_kind("parameter"), shipped("security").of_kind("demand"))


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (4, 0), (5, 5), (6, 10), (7, 20), (8, 40), (9, 80), (10, 120), (11, 120), (1000, 120)],
)
def test_the_wait_doubles_up_to_its_longest(failures, seconds):
    assert wait(failures, free=4, first=5, longest=120) == seconds


def test_a_thousand_failures_leave_ten_lines():
    assert [n for n in range(1001) if is_noted(n)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/129 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_name(agent, name):
    assert device(agent) == name


@dataclass
class Demand:
    roles: tuple[str, ...]
    second_factor: bool = False
    idle_minutes: int | None = None


@pytest.mark.parametrize(
    ("roles", "factor", "minutes"),
    [
        ([], False, 30),
        (["staff"], False, 30),
        (["clerk"], False, 20),
        (["admin"], True, 15),
        (["clerk", "admin", "staff"], True, 15),
        (["slow"], True, 30),
    ],
)
def test_the_strictest_role_counts(roles, factor, minutes):
    demands = [Demand(("admin",), True, 15), Demand(("clerk", "admin"), False, 20), Demand(("slow",), True, 90)]
    limits = Limits.of([], demands)
    limits = Limits({"idle_minutes": 30}, limits.by_role)
    found = limits.demands(roles)
    assert (found.second_factor, found.idle) == (factor, timedelta(minutes=minutes))


def test_the_shipped_pack_names_roles_that_exist_and_forces_administrators():
    roles = shipped("roles").by_code
    assert set(SHIPPED.by_role) <= set(roles)
    assert SHIPPED.demands(["system_administrator"]).second_factor
    assert SHIPPED.demands(["system_administrator"]).idle == timedelta(minutes=15)
    assert not SHIPPED.demands(["unit_contact"]).second_factor
    assert SHIPPED.shortest_idle == timedelta(minutes=15)
