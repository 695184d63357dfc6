"""Clearings for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.clearing import actions
from yuanqing.cases.clearing.models import Clearing
from yuanqing.org.person.models import Person
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class ClearingOut(Schema):
    id: UUID
    version: int
    start: str
    way: str
    is_consented: bool | None
    proposed_on: date
    due_on: date | None
    decided_on: date | None
    done_on: date | None
    is_filed: bool
    is_told_personnel: bool
    state: str


class ClearingProposeIn(Schema):
    person: str  # number on the rolls
    way: str
    result: str
    range: str = ""
    start: str = "by_body"


class ClearingCarryOutIn(StepIn):
    on: date
    is_consented: bool
    account_of: str
    is_filed: bool = False
    is_told_personnel: bool = False


API = RecordApi(Clearing, ClearingOut, ("unit", "person"), ("-proposed_on", "pk"))
router = API.router
API.lists("List clearings")
API.reads("One clearing")


@router.post("/", response={201: ClearingOut, **TROUBLES})
def propose_clearing(request: HttpRequest, given: ClearingProposeIn) -> Any:
    person = Person.objects.visible_to(request.user).filter(number=given.person).first()
    if person is None:
        raise ValidationError({"person": _("名册里没有编号是“%(number)s”的人。") % {"number": given.person}})
    return Status(201, actions.propose(by=request.user, person=person, **given.model_dump(exclude={"person"})))


API.acts("approve", actions.approve, ReasonIn)
API.acts("carry_out", actions.carry_out, ClearingCarryOutIn)
API.acts("decline", actions.decline, ReasonIn)
