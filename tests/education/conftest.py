from __future__ import annotations

import pytest
from tests.education.school import School
from tests.norms.fixtures import clock

__all__ = ["clock"]


@pytest.fixture
def school(db: None, clock) -> School:
    clock("2026-11-02 09:00")
    return School()
