"""The clear envelope of petitions for programs, and the steps that need no unlocked key; content is opened in the browser only."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.petition import actions
from yuanqing.cases.petition.models import Petition
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class PetitionOut(Schema):
    id: UUID
    version: int
    number: str
    channel: str
    kind: str
    is_named: bool
    level: str
    received_on: date
    due: str
    due_on: date | None
    acknowledged_on: date | None
    concluded_on: date | None
    outcome: str
    passed_to: str
    state: str


@router.get("", response={200: list[PetitionOut], 422: Trouble}, summary="List the petitions one's key opens")
@paginate
def list_petitions(request: HttpRequest, state: str = "", channel: str = "") -> Any:
    """Newest first; `state` and `channel` narrow it."""
    rows = Petition.objects.visible_to(request.user)
    given = {name: value for name, value in (("state", state), ("channel", channel)) if value}
    return rows.filter(**given).order_by("-received_on", "-number")


@router.get("{petition_id}/", response={200: PetitionOut, 404: Trouble, 422: Trouble}, summary="One petition")
def read_petition(request: HttpRequest, petition_id: UUID) -> Any:
    return get_object_or_404(Petition.objects.visible_to(request.user), pk=petition_id)


class PetitionStepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused


class AcknowledgeIn(PetitionStepIn):
    on: date


class PassOnIn(PetitionStepIn):
    to: str
    on: date


class DeclineIn(PetitionStepIn):
    reason: str


class RepeatIn(PetitionStepIn):
    of: str  # number of the first


class ProlongPetitionIn(PetitionStepIn):
    approval: str


class ConcludePetitionIn(PetitionStepIn):
    outcome: str


class FeedBackIn(PetitionStepIn):
    how: str


OUT = {200: PetitionOut, **TROUBLES}


def taken(request: HttpRequest, pk: UUID, act: Callable[..., Any], given: PetitionStepIn, **more: Any) -> Petition:
    rows = Petition.objects.visible_to(request.user).select_related("key", "report")
    petition: Petition = get_object_or_404(rows, pk=pk)
    words = {**given.model_dump(exclude={"version"}), **more}
    act(petition, by=request.user, expected_version=given.version, **words)
    return petition


@router.post("/{petition_id}/confirm/", response=OUT)
def confirm_petition(request: HttpRequest, petition_id: UUID, given: PetitionStepIn) -> Any:
    """The minutes were read back and found right."""
    return taken(request, petition_id, actions.confirm, given)


@router.post("/{petition_id}/accept/", response=OUT)
def accept_petition(request: HttpRequest, petition_id: UUID, given: PetitionStepIn) -> Any:
    return taken(request, petition_id, actions.accept, given)


@router.post("/{petition_id}/acknowledge/", response=OUT)
def acknowledge_petition(request: HttpRequest, petition_id: UUID, given: AcknowledgeIn) -> Any:
    """A named reporter was told that it is accepted."""
    return taken(request, petition_id, actions.acknowledge, given)


@router.post("/{petition_id}/repeat/", response=OUT)
def repeat_petition(request: HttpRequest, petition_id: UUID, given: RepeatIn) -> Any:
    mine = Petition.objects.visible_to(request.user)
    get_object_or_404(mine, pk=petition_id)
    first = mine.filter(number=given.of).first()
    if first is None:
        raise ValidationError({"of": _("没有这个编号。")})
    return taken(request, petition_id, actions.repeat, given, of=first)


@router.post("/{petition_id}/send-up/", response=OUT)
def send_petition_up(request: HttpRequest, petition_id: UUID, given: PassOnIn) -> Any:
    return taken(request, petition_id, actions.send_up, given)


@router.post("/{petition_id}/forward/", response=OUT)
def forward_petition(request: HttpRequest, petition_id: UUID, given: PassOnIn) -> Any:
    return taken(request, petition_id, actions.forward, given)


@router.post("/{petition_id}/decline/", response=OUT)
def decline_petition(request: HttpRequest, petition_id: UUID, given: DeclineIn) -> Any:
    return taken(request, petition_id, actions.decline, given)


@router.post("/{petition_id}/prolong/", response=OUT)
def prolong_petition(request: HttpRequest, petition_id: UUID, given: ProlongPetitionIn) -> Any:
    """3+3+N."""
    return taken(request, petition_id, actions.prolong, given)


@router.post("/{petition_id}/conclude/", response=OUT)
def conclude_petition(request: HttpRequest, petition_id: UUID, given: ConcludePetitionIn) -> Any:
    return taken(request, petition_id, actions.conclude, given)


@router.post("/{petition_id}/feed-back/", response=OUT)
def feed_petition_back(request: HttpRequest, petition_id: UUID, given: FeedBackIn) -> Any:
    return taken(request, petition_id, actions.feed_back, given)


@router.post("/{petition_id}/withdraw/", response=OUT)
def withdraw_petition(request: HttpRequest, petition_id: UUID, given: PetitionStepIn) -> Any:
    return taken(request, petition_id, actions.withdraw, given)
