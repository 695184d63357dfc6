from __future__ import annotations

import pytest
from tests.discipline.violation.register import Register


@pytest.fixture
def register(db: None) -> Register:
    return Register()
