from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.discipline.monthly_return.house import House, clock

from yuanqing.norms.period.models import Period


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """On the morning of 3 November 2026, two days before October's returns are due."""
    with clock("2026-11-03 10:00"):
        yield House()


@pytest.fixture
def october(house: House) -> Period:
    return house.open("2026-10")
