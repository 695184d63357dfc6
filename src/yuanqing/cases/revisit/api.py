"""Return visits for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.revisit import actions
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.sanction.models import Sanction
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class RevisitOut(Schema):
    id: UUID
    version: int
    due_on: date
    put_off: int
    held_on: date | None
    people: int
    impression: str
    state: str


class RevisitPlanIn(Schema):
    sanction: UUID
    due_on: date


class RevisitHoldIn(StepIn):
    on: date
    people: int
    impression: str
    record: str
    help: str = ""


class RevisitPutOffIn(StepIn):
    until: date
    reason: str


API = RecordApi(Revisit, RevisitOut, ("unit", "person"), ("due_on", "pk"))
router = API.router
API.lists("List return visits")
API.reads("One return visit")


@router.post("/", response={201: RevisitOut, **TROUBLES})
def plan_revisit(request: HttpRequest, given: RevisitPlanIn) -> Any:
    rows = Sanction.objects.visible_to(request.user).select_related("person", "unit")
    sanction = rows.filter(pk=given.sanction).first()
    if sanction is None:
        raise ValidationError({"sanction": _("没有这项处分。")})
    return Status(201, actions.plan(by=request.user, sanction=sanction, due_on=given.due_on))


API.acts("hold", actions.hold, RevisitHoldIn)
API.acts("put_off", actions.put_off, RevisitPutOffIn)
API.acts("excuse", actions.excuse, ReasonIn)
