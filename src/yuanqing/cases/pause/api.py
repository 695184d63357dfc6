"""Pauses of clocks for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.pause import actions
from yuanqing.cases.pause.actions import NAMES
from yuanqing.cases.pause.models import Pause
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn, visible_among


class PauseOut(Schema):
    id: UUID
    version: int
    petition_id: UUID | None
    lead_id: UUID | None
    case_id: UUID | None
    clock: str
    due_on: date
    ground: str
    until: date | None
    begins_on: date | None
    question_on: date | None
    resumed_on: date | None
    moved_to: date | None
    state: str


class PauseAskIn(Schema):
    matter: UUID  # a petition, lead or case that the account opens
    ground: str
    reason: str
    until: date | None = None


class PauseDecideIn(StepIn):
    document: str


API = RecordApi(Pause, PauseOut, ("petition", "lead__unit", "case__unit"), ("-asked_on", "pk"))
router = API.router
API.lists("List pauses of clocks")
API.reads("One pause")


@router.post("/", response={201: PauseOut, **TROUBLES})
def ask_for_pause(request: HttpRequest, given: PauseAskIn) -> Any:
    said = given.model_dump()
    pk = said.pop("matter")
    found = visible_among(request.user, NAMES, pk)
    if found is None:
        raise ValidationError({"matter": _("没有这件事项。")})
    return Status(201, actions.ask(by=request.user, matter=found, **said))


API.acts("approve", actions.approve, PauseDecideIn)
API.acts("refuse", actions.refuse, PauseDecideIn)
API.acts("keep_on", actions.keep_on, PauseDecideIn)
API.acts("resume", actions.resume, ReasonIn)
