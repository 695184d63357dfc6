"""Integrity opinions for programs; drafting looks into sealed files and is done in the browser."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.opinion import actions
from yuanqing.cases.opinion.models import Opinion
from yuanqing.org.person.models import Person
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class OpinionOut(Schema):
    id: UUID
    version: int
    purpose: str
    letter: str
    asked_on: date
    due_on: date | None
    checked_on: date | None
    answer: str
    document: str
    signed_on: date | None
    state: str


class OpinionRegisterIn(Schema):
    person: str  # number on the rolls
    purpose: str
    asked_by: str
    letter: str
    asked_on: date


class OpinionSignIn(StepIn):
    document: str


API = RecordApi(Opinion, OpinionOut, ("unit", "person"), ("-asked_on", "pk"))
router = API.router
API.lists("List integrity opinions")
API.reads("One integrity opinion")


@router.post("/", response={201: OpinionOut, **TROUBLES})
def register_opinion(request: HttpRequest, given: OpinionRegisterIn) -> Any:
    person = Person.objects.visible_to(request.user).filter(number=given.person).first()
    if person is None:
        raise ValidationError({"person": _("名册里没有编号是“%(number)s”的人。") % {"number": given.person}})
    return Status(201, actions.register(by=request.user, person=person, **given.model_dump(exclude={"person"})))


API.acts("return_draft", actions.return_draft, ReasonIn)
API.acts("sign", actions.sign, OpinionSignIn)
API.acts("cancel", actions.cancel, ReasonIn)
