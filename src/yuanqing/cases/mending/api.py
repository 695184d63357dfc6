"""Correction windows for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.mending import actions
from yuanqing.cases.mending.models import Mending
from yuanqing.org.person.models import Person
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class MendingOut(Schema):
    id: UUID
    version: int
    kind: str
    ordered_on: date
    due_on: date | None
    prolonged: int
    reported_on: date | None
    returns: int
    ended_on: date | None
    state: str


class MendingOrderIn(Schema):
    person: str  # number on the rolls
    kind: str
    matter: str
    document: str
    due_on: date


class MendingReportIn(StepIn):
    report: str


class MendingAcceptIn(StepIn):
    finding: str


class MendingUntilIn(ReasonIn):
    until: date


API = RecordApi(Mending, MendingOut, ("unit", "person"), ("-ordered_on", "pk"))
router = API.router
API.lists("List correction windows")
API.reads("One correction window")


@router.post("/", response={201: MendingOut, **TROUBLES})
def order_mending(request: HttpRequest, given: MendingOrderIn) -> Any:
    person = Person.objects.visible_to(request.user).filter(number=given.person).first()
    if person is None:
        raise ValidationError({"person": _("名册里没有编号是“%(number)s”的人。") % {"number": given.person}})
    return Status(201, actions.order(by=request.user, person=person, **given.model_dump(exclude={"person"})))


API.acts("report", actions.report, MendingReportIn)
API.acts("accept", actions.accept, MendingAcceptIn)
API.acts("send_back", actions.send_back, MendingUntilIn)
API.acts("prolong", actions.prolong, MendingUntilIn)
API.acts("fail", actions.fail, ReasonIn)
