"""Terms for programs."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.term import actions
from yuanqing.cases.term.models import MATTERS, Term
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import RecordApi, StepIn, visible_among


class TermOut(Schema):
    id: UUID
    version: int
    petition_id: UUID | None
    lead_id: UUID | None
    case_id: UUID | None
    sanction_id: UUID | None
    quarter: str
    kind: str
    clock: str
    starts_on: date
    due_on: date | None
    due_at: datetime | None
    extensions: int
    done_on: date | None
    state: str


class TermBeginIn(Schema):
    matter: UUID  # a petition, lead or case that the account sees
    kind: str
    starts_on: date
    at: time | None = None  # where the deadline counts hours


class TermFulfilIn(StepIn):
    on: date
    how: str


class TermProlongIn(StepIn):
    until: date
    approval: str


API = RecordApi(Term, TermOut, tuple(MATTERS), ("due_on", "pk"))
router = API.router
API.lists("List terms beside the clocks")
API.reads("One term")


@router.post("/", response={201: TermOut, **TROUBLES})
def begin_term(request: HttpRequest, given: TermBeginIn) -> Any:
    said = given.model_dump()
    pk = said.pop("matter")
    found = visible_among(request.user, MATTERS.values(), pk)
    if found is None:
        raise ValidationError({"matter": _("没有这件事项。")})
    return Status(201, actions.begin(by=request.user, matter=found, **said))


API.acts("fulfil", actions.fulfil, TermFulfilIn)
API.acts("prolong", actions.prolong, TermProlongIn)
