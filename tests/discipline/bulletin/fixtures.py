"""The small organisation at the points of its story from which tests go on."""

from __future__ import annotations

from typing import Any

from tests.discipline.bulletin.small import Small
from tests.discipline.monthly_return.house import clock
from tests.discipline.violation.register import install_shipped_roles
from tests.stages import stage

from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.discipline.review.models import MonthlyReview


def found_small() -> Small:
    with clock("2026-08-20 10:00"):
        return Small()


def draft_august(small: Small, august: MonthlyReview) -> Bulletin:
    return small.drafted(august, "2026-09-14")


def publish_august(small: Small, august: MonthlyReview, drafted: Bulletin) -> Bulletin:
    return small.published(drafted, "2026-09-15")


def publish_with_case(small: Small, august: MonthlyReview, drafted: Bulletin) -> Bulletin:
    small.told(drafted, "2026-09-14")
    return small.published(drafted, "2026-09-15")


def close_october(small: Small, august: MonthlyReview) -> MonthlyReview:
    """August, September and October closed, without bulletins."""
    small.september()
    return small.october()


def tell_three_months(small: Small) -> tuple[MonthlyReview, Bulletin]:
    return small.three_months()


small: Any = stage(found_small, enter=install_shipped_roles)
august: Any = stage(Small.august, after=small)
drafted: Any = stage(draft_august, after=august)
published: Any = stage(publish_august, after=drafted)
published_with_case: Any = stage(publish_with_case, after=drafted)
closed_october: Any = stage(close_october, after=august)
three_months: Any = stage(tell_three_months, after=small)
