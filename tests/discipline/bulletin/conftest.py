from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.discipline.bulletin.small import Small
from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.discipline.review.models import MonthlyReview


@pytest.fixture
def small(db: None, settings: Any, tmp_path: Path) -> Small:
    """Its own folder for snapshots, files and keys."""
    settings.HOME = tmp_path
    with clock("2026-08-20 10:00"):
        return Small()


@pytest.fixture
def august(small: Small) -> MonthlyReview:
    return small.august()


@pytest.fixture
def drafted(small: Small, august: MonthlyReview) -> Bulletin:
    return small.drafted(august, "2026-09-14")
