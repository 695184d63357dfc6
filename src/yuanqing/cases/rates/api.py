"""The rates for programs; cells too small to be shown are null."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from yuanqing.cases.rates import queries
from yuanqing.cases.release.api import refuse_what_is_not_over
from yuanqing.org.unit.api import TROUBLES

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
    received: int | None  # null: not told, because smaller numbers would follow
    heads: int
    volume: int | None  # reports per hundred people, in hundredths
    lines: list[RateOut]
    steps: list[StepTimeOut]


@router.get("/", response={200: RatesOut, **TROUBLES}, summary="Rates of a span of months")
def read_rates(request: HttpRequest, year: int, part: str = "year") -> Any:
    """`part` is year, h1, h2, q1, q2, q3 or q4; h1 or h2 for those who are shown only what is over."""
    if not queries.may_see(request.user):
        raise Http404
    refuse_what_is_not_over(request, year, part, queries.parts_for(request.user))
    return queries.rates(year, part, request.user)
