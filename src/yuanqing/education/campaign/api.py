"""Education plans for programs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.campaign import actions
from yuanqing.education.campaign.models import Campaign
from yuanqing.org.unit.api import TROUBLES, OfUnit
from yuanqing.org.unit.models import Unit

router = Router()


class CampaignOut(OfUnit):
    id: UUID
    version: int
    unit: str
    year: int
    title: str
    aim: str
    state: str
    published_at: datetime | None
    outcome: str


class CampaignIn(Schema):
    unit: str
    year: int
    title: str
    aim: str = ""


class CampaignChange(Schema):
    title: str
    aim: str = ""


class OutcomeIn(Schema):
    outcome: str


ANSWERS: dict[int, Any] = {200: CampaignOut, **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return Campaign.objects.visible_to(request.user).select_related("unit")


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[CampaignOut])
@paginate
def list_campaigns(request: HttpRequest, year: int | None = None) -> Any:
    """The plans the account may see."""
    rows = _rows(request).order_by("-year", "pk")
    return rows.filter(year=year) if year is not None else rows


@router.post("/", response={201: CampaignOut, **ANSWERS})
def draft_campaign(request: HttpRequest, given: CampaignIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("找不到这个单位。")})
    made = actions.draft(by=request.user, unit=unit, **given.dict(exclude={"unit"}))
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_campaign(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.put("/{uuid:pk}/", response=ANSWERS)
def edit_campaign(request: HttpRequest, pk: UUID, given: CampaignChange) -> Any:
    actions.edit(_one(request, pk), by=request.user, **given.dict())
    return _one(request, pk)


@router.post("/{uuid:pk}/publish/", response=ANSWERS)
def publish_campaign(request: HttpRequest, pk: UUID) -> Any:
    actions.publish(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/close/", response=ANSWERS)
def close_campaign(request: HttpRequest, pk: UUID, given: OutcomeIn) -> Any:
    actions.close(_one(request, pk), by=request.user, outcome=given.outcome)
    return _one(request, pk)
