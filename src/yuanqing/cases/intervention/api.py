"""The register of interventions for programs: when and how, never who; that is sealed in the file."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.case.models import Intervention
from yuanqing.org.unit.api import Trouble

router = Router()


class InterventionOut(Schema):
    id: UUID
    case_id: UUID
    kind: str
    happened_on: date


@router.get("/", response={200: list[InterventionOut], 422: Trouble}, summary="List interventions")
@paginate
def list_interventions(request: HttpRequest) -> Any:
    """Of the cases that the account's key opens, newest first."""
    return Intervention.objects.visible_to(request.user).order_by("-happened_on", "pk")
