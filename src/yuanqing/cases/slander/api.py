"""Findings on false accusations for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.slander import actions
from yuanqing.cases.slander.models import Slander
from yuanqing.org.unit.api import TROUBLES
from yuanqing.org.unit.models import Unit
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class SlanderOut(Schema):
    id: UUID
    version: int
    was_named: bool
    elements: list[str]
    proposed_on: date
    due_on: date | None
    level: str
    handling: str
    decided_on: date | None
    state: str


class SlanderProposeIn(Schema):
    unit: str  # code
    matter: str  # number of the petition
    was_named: bool
    who: str
    elements: list[str]
    evidence: str
    unmasking: str = ""


class SlanderConfirmIn(StepIn):
    level: str
    approver: str
    document: str
    on: date
    handling: str
    reason: str
    heavier: list[str] = []


API = RecordApi(Slander, SlanderOut, ("unit",), ("-proposed_on", "pk"))
router = API.router
API.lists("List findings on false accusations")
API.reads("One finding")


@router.post("/", response={201: SlanderOut, **TROUBLES})
def propose_slander(request: HttpRequest, given: SlanderProposeIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("没有这个单位。")})
    return Status(201, actions.propose(by=request.user, unit=unit, **given.model_dump(exclude={"unit"})))


API.acts("confirm", actions.confirm, SlanderConfirmIn)
API.acts("clear", actions.clear, ReasonIn)
