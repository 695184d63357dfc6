"""Sittings of the body for programs; calling one and withdrawal need an unlocked key, and are done on their pages."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from yuanqing.cases.lead.queries import drafted
from yuanqing.cases.sitting import actions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.cases.sitting.queries import CHANNEL
from yuanqing.org.unit.api import TROUBLES
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class SittingOut(Schema):
    id: UUID
    version: int
    lead_id: UUID | None
    case_id: UUID | None
    number: str
    purpose: str
    body: str
    held_on: date
    began_at: time | None
    members: int
    due: int
    present: int
    favour: int
    opposed: int
    abstained: int
    outcome: str
    decision: str
    chaired_by_id: UUID | None
    unsigned: int
    corrections: int
    concluded_on: date | None
    state: str


class AttendeeOut(Schema):
    account_id: UUID
    part: str
    ground: str
    vote: str
    signed_on: date | None
    excuse: str


class SittingAttendIn(StepIn):
    on: date
    present: list[UUID]  # accounts
    chair: UUID  # the one of them who presides
    absences: dict[str, str] = {}  # account of each other who was called → code of the sittings pack
    began_at: time | None = None


class SittingSpeakIn(StepIn):
    vote: str
    words: str  # sealed at once
    member: UUID | None = None  # account; of others only by who keeps the minutes


class SittingResolveIn(StepIn):
    outcome: str
    resolution: str  # sealed at once
    minutes: str  # sealed at once
    decision: str = ""


class SittingSignIn(StepIn):
    remark: str = ""  # sealed at once


class SittingObjectIn(StepIn):
    objection: str  # sealed at once


class SittingCloseIn(StepIn):
    excuses: dict[str, str]  # account of each who has not signed → code of the sittings pack
    excuse: str  # sealed at once


class SittingCorrectIn(StepIn):
    correction: str  # sealed at once


API = RecordApi(Sitting, SittingOut, ("key", "unit"), ("-held_on", "pk"))
router = API.router
API.lists("List the sittings one's key opens")
API.reads("One sitting")
OUT = {200: SittingOut, **TROUBLES}


def taken(request: HttpRequest, pk: UUID, act: Callable[..., Any], given: StepIn, *papers: str) -> Sitting:
    """Take a step; what was said is sealed before the act sees it."""
    sitting: Sitting = API.found(request, pk)
    words = given.model_dump(exclude={"version", *papers})
    words["drafts"] = drafted(sitting, {name: getattr(given, name) for name in papers}, CHANNEL)
    act(sitting, by=request.user, expected_version=given.version, **words)
    return sitting


@router.get(
    "/{pk}/members/", response={200: list[AttendeeOut], **TROUBLES}, summary="Who was called, and how each voted"
)
def list_members(request: HttpRequest, pk: UUID) -> Any:
    return API.found(request, pk).attendees.all()


API.acts("attend", actions.attend, SittingAttendIn)


@router.post("/{pk}/speak/", response=OUT)
def speak_sitting(request: HttpRequest, pk: UUID, given: SittingSpeakIn) -> Any:
    return taken(request, pk, actions.speak, given, "words")


@router.post("/{pk}/resolve/", response=OUT)
def resolve_sitting(request: HttpRequest, pk: UUID, given: SittingResolveIn) -> Any:
    return taken(request, pk, actions.resolve, given, "resolution", "minutes")


@router.post("/{pk}/sign/", response=OUT)
def sign_sitting(request: HttpRequest, pk: UUID, given: SittingSignIn) -> Any:
    return taken(request, pk, actions.sign, given, "remark")


@router.post("/{pk}/object-to/", response=OUT)
def object_to_sitting(request: HttpRequest, pk: UUID, given: SittingObjectIn) -> Any:
    return taken(request, pk, actions.object_to, given, "objection")


@router.post("/{pk}/close-minutes/", response=OUT)
def close_minutes_of_sitting(request: HttpRequest, pk: UUID, given: SittingCloseIn) -> Any:
    return taken(request, pk, actions.close_minutes, given, "excuse")


@router.post("/{pk}/correct/", response=OUT)
def correct_sitting(request: HttpRequest, pk: UUID, given: SittingCorrectIn) -> Any:
    return taken(request, pk, actions.correct, given, "correction")


API.acts("call_off", actions.call_off, ReasonIn)
