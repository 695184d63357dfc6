"""Writings for programs: the list, the draft, submitting, reviewing and the questions about shared words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.writing import actions, queries
from yuanqing.education.writing.models import Match, Writing
from yuanqing.kernel.acts import insist
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class WritingOut(OfPerson):
    id: UUID
    version: int
    kind: str
    year: int
    person: str
    unit: str
    title: str
    state: str
    edition: int
    length: int
    submitted_at: datetime | None
    questions: int
    shared: int | None


class MatchOut(Schema):
    """In basis points; each passage is start and end in the text and in the other."""

    id: UUID
    number: int
    share: int
    passages: list[list[int]]
    state: str
    explanation: str


class StartIn(Schema):
    kind: str
    year: int


class WritingDraftIn(Schema):
    title: str
    body: str
    revision: int | None = None


class WritingDraftOut(Schema):
    title: str
    body: str
    revision: int
    saved_at: datetime


class WritingReviewIn(Schema):
    note: str = ""


class ExplainIn(Schema):
    explanation: str


ANSWERS: dict[int, Any] = {200: WritingOut, **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return queries.with_questions(Writing.objects.visible_to(request.user).select_related("person", "unit"))


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[WritingOut])
@paginate
def list_writings(request: HttpRequest, year: int = 0, kind: str = "", state: str = "") -> Any:
    """One's own, and what was submitted within the account's scope."""
    given = {"year": year, "kind": kind, "state": state}
    return _rows(request).filter(**{name: value for name, value in given.items() if value}).order_by("-year", "pk")


@router.post("/", response={201: WritingOut, **ANSWERS})
def start_writing(request: HttpRequest, given: StartIn) -> Any:
    account: Any = request.user
    insist("start", None, by=account, model=Writing)
    person = account.person
    made = actions.start(by=account, kind=given.kind, year=given.year, person=person, unit=person.unit)
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_writing(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.put("/{uuid:pk}/draft/", response={200: WritingDraftOut, 404: Trouble, 409: Trouble})
def save_draft(request: HttpRequest, pk: UUID, given: WritingDraftIn) -> Any:
    """`revision` is the one that was read; when somebody saved a newer one since, 409 and nothing is lost."""
    return actions.save_draft(_one(request, pk), by=request.user, **given.dict())


@router.post("/{uuid:pk}/submit/", response=ANSWERS)
def submit_writing(request: HttpRequest, pk: UUID) -> Any:
    actions.submit(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/accept/", response=ANSWERS)
def accept_writing(request: HttpRequest, pk: UUID, given: WritingReviewIn) -> Any:
    actions.accept(_one(request, pk), by=request.user, note=given.note)
    return _one(request, pk)


@router.post("/{uuid:pk}/send-back/", response=ANSWERS)
def send_back_writing(request: HttpRequest, pk: UUID, given: WritingReviewIn) -> Any:
    actions.send_back(_one(request, pk), by=request.user, note=given.note)
    return _one(request, pk)


@router.get("/{uuid:pk}/matches/", response=list[MatchOut])
def list_matches(request: HttpRequest, pk: UUID) -> Any:
    return Match.objects.filter(writing=_one(request, pk)).exclude(state="cleared")


@router.post("/matches/{uuid:pk}/explain/", response={200: MatchOut, **TROUBLES})
def explain_match(request: HttpRequest, pk: UUID, given: ExplainIn) -> Any:
    match = get_object_or_404(Match.objects.visible_to(request.user).select_related("writing"), pk=pk)
    actions.explain(match, by=request.user, explanation=given.explanation)
    return match
