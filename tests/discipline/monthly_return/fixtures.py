"""Fixtures of the small organisation that reports, for the tests of all that reads or writes returns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.discipline.monthly_return.house import House, clock
from tests.discipline.violation.register import install_shipped_roles
from tests.stages import stage

from yuanqing.norms.period.models import Period

MORNING = "2026-11-03 10:00"  # two days before October's returns are due


def found_house() -> House:
    with clock(MORNING):
        return House()


founded = stage(found_house, enter=install_shipped_roles)


@pytest.fixture
def house(founded: House) -> Iterator[House]:
    with clock(MORNING):
        yield founded


@pytest.fixture
def october(house: House) -> Period:
    return house.open("2026-10")
