"""Destructions and their certificates for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.destruction import actions, queries
from yuanqing.cases.destruction.models import Destruction
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi


class DestructionOut(Schema):
    id: UUID
    version: int
    subject: str
    number: str
    ended_on: date
    ground: str
    proposed_on: date
    decided_on: date | None
    values_count: int
    size: int
    wraps_count: int
    digest: str
    state: str


class DestructionProposeIn(Schema):
    number: str  # of an ended lead or petition
    ground: str
    reason: str


API = RecordApi(Destruction, DestructionOut, ("unit",), ("-proposed_on", "pk"))
router = API.router
API.lists("List destructions")
API.reads("One destruction with its certificate")


@router.post("/", response={201: DestructionOut, **TROUBLES})
def propose_destruction(request: HttpRequest, given: DestructionProposeIn) -> Any:
    row = queries.proposable(request.user, given.number)
    if row is None:
        raise ValidationError({"number": _("没有这个编号，或者还没有结束，或者内容已经销毁。")})
    return Status(201, actions.propose(by=request.user, row=row, ground=given.ground, reason=given.reason))


API.acts("carry_out", actions.carry_out, ReasonIn)
API.acts("refuse", actions.refuse, ReasonIn)
