"""The rates for programs; cells too small to be shown are null."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError

from yuanqing.cases.rates import queries
from yuanqing.cases.release.rules import PARTS, months_of
from yuanqing.org.unit.api import Trouble

router = Router()


class RateOut(Schema):
    label: str
    points: int | None  # basis points
    definition: str


class StepTimeOut(Schema):
    label: str
    halves: int | None  # twice the median number of days
    ninth: int | None  # days within which nine of ten were done


class RatesOut(Schema):
    received: int
    heads: int
    volume: int | None  # reports per hundred people, in hundredths
    lines: list[RateOut]
    steps: list[StepTimeOut]


@router.get("/", response={200: RatesOut, 404: Trouble, 422: Trouble}, summary="Rates of a span of months")
def read_rates(request: HttpRequest, year: int, part: str = "year") -> Any:
    """`part` is year, h1, h2, q1, q2, q3 or q4."""
    if not queries.may_see(request.user):
        raise Http404
    if part not in PARTS or not 2000 <= year <= 2999:
        raise HttpError(422, _("没有这个统计期。"))
    return queries.rates(months_of(year, part))
