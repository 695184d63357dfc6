"""Obligations for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.kernel.almanac import Month
from yuanqing.norms.obligation import queries
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.unit.api import OfUnit

router = Router()


class ObligationProblem(Schema):
    detail: Any


class ObligationOut(OfUnit):
    id: UUID
    kind: str
    clause: str
    title: str
    unit: str
    unit_id: UUID
    person_id: UUID | None
    month: str | None
    due_at: datetime
    fulfilled_at: datetime | None
    fulfilled_by: UUID | None
    lapsed_at: datetime | None
    standing: str

    @staticmethod
    def resolve_clause(row: Any) -> str:
        return str(row.clause.cite)

    @staticmethod
    def resolve_title(row: Any) -> str:
        return str(row.title)

    @staticmethod
    def resolve_month(row: Any) -> str | None:
        return str(row.period.month) if row.period else None


def _rows(request: HttpRequest) -> Any:
    rows = Obligation.objects.visible_to(request.user).select_related("clause__pack", "unit", "period")
    return queries.with_standing(rows).order_by("due_at", "pk")


def _first_day(text: str) -> date:
    try:
        return Month.parse(text).first_day
    except ValueError as error:
        raise ValidationError({"month": str(error)}) from error


@router.get("/", response={200: list[ObligationOut], 422: ObligationProblem})
@paginate
def list_obligations(
    request: HttpRequest, standing: str = "", kind: str = "", month: str = "", unit: str = "", mine: bool = False
) -> Any:
    """What is owed within the account's scope; `unit` is a code and takes what lies below it along."""
    rows = _rows(request)
    rows = rows.filter(standing=standing) if standing else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(period__month_on=_first_day(month)) if month else rows
    rows = rows.filter(unit__path__contains=f"{unit}/") if unit else rows
    return rows.filter(queries.own(request.user)) if mine else rows


@router.get("/{uuid:pk}/", response={200: ObligationOut, 404: ObligationProblem})
def get_obligation(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)
