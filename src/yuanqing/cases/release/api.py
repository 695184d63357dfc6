"""The published line for programs."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError

from yuanqing.cases.release import queries
from yuanqing.cases.release.rules import PARTS, months_of
from yuanqing.org.unit.api import Trouble

router = Router()


class CellOut(Schema):
    label: str
    value: int | None  # null: too small to be shown
    share: int | None  # basis points


class NumberOut(Schema):
    label: str
    value: int
    unit: str


class ReleaseLineOut(Schema):
    numbers: list[NumberOut]
    levels: list[CellOut]
    forms: list[CellOut]
    forms_total: int


@router.get("/", response={200: ReleaseLineOut, 404: Trouble, 422: Trouble}, summary="The published line")
def read_line(request: HttpRequest, year: int, part: str = "year") -> Any:
    """`part` is year, h1, h2, q1, q2, q3 or q4; cells too small to be shown are null."""
    if not queries.may_see(request.user):
        raise Http404
    if part not in PARTS or not 2000 <= year <= 2999:
        raise HttpError(422, _("没有这个统计期。"))
    found = queries.line(months_of(year, part))
    numbers = [{"label": label, "value": value, "unit": unit} for label, value, unit in found.numbers]
    return {"numbers": numbers, "levels": found.levels, "forms": found.forms, "forms_total": found.forms_total}
