"""What follows cases, for programs; issuing needs an unlocked file and is done in the browser."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.redress import actions
from yuanqing.cases.redress.models import Redress
from yuanqing.org.unit.api import TROUBLES, OfUnit, Trouble

router = Router()


class RedressOut(OfUnit):
    id: UUID
    version: int
    kind: str
    title: str
    unit: str  # code
    type: str
    issued_on: date
    due_on: date | None
    watched_until: date | None
    is_accepted: bool | None
    answered_on: date | None
    returns: int
    effect: str
    verified_on: date | None
    state: str


class RedressTextOut(RedressOut):
    text: str
    answer: str
    finding: str


class RedressStepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused


class RedressAnswerIn(RedressStepIn):
    answer: str
    is_accepted: bool


class RedressReasonIn(RedressStepIn):
    reason: str


class RedressVerifyIn(RedressStepIn):
    on: date
    effect: str
    finding: str


class RedressTeachIn(RedressStepIn):
    kind: str  # part of the column
    is_deidentified: bool


OUT = {200: RedressTextOut, **TROUBLES}


def found(request: HttpRequest, pk: UUID) -> Redress:
    rows = Redress.objects.visible_to(request.user).select_related("unit")
    row: Redress = get_object_or_404(rows, pk=pk)
    return row


def taken(request: HttpRequest, pk: UUID, act: Any, given: RedressStepIn) -> Redress:
    row = found(request, pk)
    act(row, by=request.user, expected_version=given.version, **given.model_dump(exclude={"version"}))
    return row


@router.get("/", response={200: list[RedressOut], 422: Trouble}, summary="List what follows cases")
@paginate
def list_redresses(request: HttpRequest, kind: str = "", state: str = "") -> Any:
    """Newest first; `kind` and `state` narrow it."""
    given = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    rows = Redress.objects.visible_to(request.user).select_related("unit")
    return rows.filter(**given).order_by("-issued_on", "pk")


@router.get("/{pk}/", response={200: RedressTextOut, 404: Trouble, 422: Trouble}, summary="One of them")
def read_redress(request: HttpRequest, pk: UUID) -> Any:
    return found(request, pk)


@router.post("/{pk}/answer/", response=OUT)
def answer_redress(request: HttpRequest, pk: UUID, given: RedressAnswerIn) -> Any:
    return taken(request, pk, actions.answer, given)


@router.post("/{pk}/send-back/", response=OUT)
def send_redress_back(request: HttpRequest, pk: UUID, given: RedressReasonIn) -> Any:
    return taken(request, pk, actions.send_back, given)


@router.post("/{pk}/verify/", response=OUT)
def verify_redress(request: HttpRequest, pk: UUID, given: RedressVerifyIn) -> Any:
    return taken(request, pk, actions.verify, given)


@router.post("/{pk}/teach/", response=OUT)
def teach_redress(request: HttpRequest, pk: UUID, given: RedressTeachIn) -> Any:
    return taken(request, pk, actions.teach, given)


@router.post("/{pk}/withdraw/", response=OUT)
def withdraw_redress(request: HttpRequest, pk: UUID, given: RedressReasonIn) -> Any:
    return taken(request, pk, actions.withdraw, given)
