"""The published line for programs."""

from collections.abc import Collection
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError

from yuanqing.cases.release import policies, queries
from yuanqing.cases.release.rules import PARTS
from yuanqing.org.unit.api import TROUBLES

router = Router()


class CellOut(Schema):
    label: str
    value: int | None  # null: too small to be shown
    share: int | None  # basis points


class NumberOut(Schema):
    label: str
    value: int | None  # null: not told, because smaller numbers would follow
    unit: str


class ReleaseLineOut(Schema):
    numbers: list[NumberOut]
    levels: list[CellOut]
    forms: list[CellOut]
    forms_total: int


@router.get("/", response={200: ReleaseLineOut, **TROUBLES}, summary="The published line")
def read_line(request: HttpRequest, year: int, part: str = "year") -> Any:
    """`part` is year, h1, h2, q1, q2, q3 or q4; cells too small to be shown are null. Spans that are not over for a month
    are shown only to those who distribute or decide leads."""
    if not policies.may_see(request.user):
        raise Http404
    refuse_what_is_not_over(request, year, part)
    found = queries.line(year, part, request.user)
    numbers = [{"label": label, "value": value, "unit": unit} for label, value, unit in found.numbers]
    return {"numbers": numbers, "levels": found.levels, "forms": found.forms, "forms_total": found.forms_total}


def refuse_what_is_not_over(request: HttpRequest, year: int, part: str, parts: Collection[str] = tuple(PARTS)) -> None:
    """422 for what is no span, 409 for one that is not over."""
    if part not in parts or not 2000 <= year <= 2999:
        raise HttpError(422, _("没有这个统计期。"))
    refusal = policies.refusal(request.user, year, part)
    if refusal:
        raise HttpError(409, refusal)
