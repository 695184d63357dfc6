"""Months, their windows and extensions for programs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.kernel.almanac import Month
from yuanqing.norms.period import actions
from yuanqing.norms.period.models import Extension, Period
from yuanqing.org.unit.api import Moment
from yuanqing.org.unit.models import Unit

router = Router()


class PeriodProblem(Schema):
    detail: Any


class PeriodOut(Schema):
    id: UUID
    version: int
    form: str
    month_on: date
    policy: str
    opens_at: datetime
    due_at: datetime
    grace_until: datetime
    locks_at: datetime
    state: str
    closed_at: datetime | None


class OpenIn(Schema):
    form: str = "return_form"
    month: str


class ExtensionIn(Schema):
    unit_id: UUID
    until: Moment
    reason: str


class ExtensionOut(Schema):
    id: UUID
    period_id: UUID
    unit_id: UUID
    until: datetime
    reason: str


@router.get("/", response={200: list[PeriodOut]})
@paginate
def list_periods(request: HttpRequest, form: str = "") -> Any:
    rows = Period.objects.visible_to(request.user).order_by("-month_on", "form")
    return rows.filter(form=form) if form else rows


@router.post("/", response={201: PeriodOut, 409: PeriodProblem, 422: PeriodProblem})
def open_period(request: HttpRequest, given: OpenIn) -> Any:
    try:
        month = Month.parse(given.month)
    except ValueError as error:
        raise ValidationError({"month": str(error)}) from error
    return Status(201, actions.open_period(by=request.user, form=given.form, month=month))


@router.get("/{uuid:pk}/", response={200: PeriodOut, 404: PeriodProblem})
def get_period(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Period.objects.visible_to(request.user), pk=pk)


@router.get("/{uuid:pk}/extensions/", response={200: list[ExtensionOut], 404: PeriodProblem})
@paginate
def list_extensions(request: HttpRequest, pk: UUID) -> Any:
    return Extension.objects.visible_to(request.user).filter(period_id=pk)


@router.post(
    "/{uuid:pk}/extensions/", response={201: ExtensionOut, 404: PeriodProblem, 409: PeriodProblem, 422: PeriodProblem}
)
def extend(request: HttpRequest, pk: UUID, given: ExtensionIn) -> Any:
    """More time for one unit; refused outside the account's scope, after the close and beyond the lock."""
    period = get_object_or_404(Period.objects.visible_to(request.user), pk=pk)
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=given.unit_id)
    granted = actions.extend(by=request.user, period=period, unit=unit, until=given.until, reason=given.reason)
    return Status(201, granted)
