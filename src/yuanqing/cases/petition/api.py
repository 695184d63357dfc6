"""The clear envelope of petitions for programs; what is sealed is opened in the browser only."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.petition.models import Petition

router = Router()


class PetitionOut(Schema):
    id: UUID
    version: int
    number: str
    channel: str
    kind: str
    is_named: bool
    level: str
    received_on: date
    due: str
    due_on: date | None
    acknowledged_on: date | None
    concluded_on: date | None
    outcome: str
    passed_to: str
    state: str


class PetitionFault(Schema):
    detail: Any


@router.get("", response={200: list[PetitionOut], 422: PetitionFault}, summary="List the petitions one's key opens")
@paginate
def list_petitions(request: HttpRequest, state: str = "", channel: str = "") -> Any:
    """Newest first; `state` and `channel` narrow it."""
    rows = Petition.objects.visible_to(request.user)
    given = {name: value for name, value in (("state", state), ("channel", channel)) if value}
    return rows.filter(**given).order_by("-received_on", "-number")


@router.get(
    "{petition_id}/", response={200: PetitionOut, 404: PetitionFault, 422: PetitionFault}, summary="One petition"
)
def read_petition(request: HttpRequest, petition_id: UUID) -> Any:
    return get_object_or_404(Petition.objects.visible_to(request.user), pk=petition_id)
