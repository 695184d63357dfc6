"""Quizzes for programs: preparing, sitting, saving answers, results."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.activity.models import Activity
from yuanqing.education.quiz import actions, queries
from yuanqing.education.quiz.models import Attempt, Quiz
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES

router = Router()


class QuizOut(Schema):
    id: UUID
    version: int
    activity: UUID
    stage: str
    title: str
    length: int
    pass_mark: int
    tries: int
    minutes: int
    clauses: list[str]
    state: str

    @staticmethod
    def resolve_activity(row: Any) -> UUID:
        found: UUID = row.activity_id
        return found


class QuizIn(Schema):
    activity: UUID
    stage: str = "after"
    title: str
    length: int
    pass_mark: int
    tries: int
    minutes: int
    clauses: str = ""


class LineOut(Schema):
    position: int
    kind: str
    stem: str
    options: list[str]
    chosen: list[int]


class AttemptOut(OfPerson):
    id: UUID
    quiz: UUID
    person: str
    number: int
    state: str
    begun_at: datetime
    ends_at: datetime
    marked_at: datetime | None
    score: int | None
    is_passed: bool

    @staticmethod
    def resolve_quiz(row: Any) -> UUID:
        found: UUID = row.quiz_id
        return found


class PaperOut(AttemptOut):
    questions: list[LineOut]

    @staticmethod
    def resolve_questions(row: Any) -> list[dict[str, Any]]:
        """As they are shown: `chosen` holds numbers of options on this paper."""
        return [
            {
                "position": line.position, "kind": line.question.kind, "stem": line.question.stem,
                "options": [words for _n, words, _is in line.options],
                "chosen": [n for n, _words, is_chosen in line.options if is_chosen],
            }
            for line in queries.lines(row)
        ]  # fmt: skip


class SavedIn(Schema):
    position: int
    shown: list[int]


ANSWERS: dict[int, Any] = {200: QuizOut, **TROUBLES}
PAPERS: dict[int, Any] = {200: PaperOut, **TROUBLES}


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Quiz.objects.visible_to(request.user).select_related("activity", "unit"), pk=pk)


def _paper(request: HttpRequest, pk: UUID) -> Any:
    own: Any = request.user
    rows = Attempt.objects.visible_to(own).filter(person=own.person_id).select_related("quiz", "person")
    return get_object_or_404(rows, pk=pk)


@router.get("/", response=list[QuizOut])
@paginate
def list_quizzes(request: HttpRequest, state: str = "") -> Any:
    """The quizzes the account manages, and those of activities it is invited to."""
    rows = Quiz.objects.visible_to(request.user).order_by("-activity__begins_on", "pk")
    return rows.filter(state=state) if state else rows


@router.post("/", response={201: QuizOut, **ANSWERS})
def prepare_quiz(request: HttpRequest, given: QuizIn) -> Any:
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("unit"), pk=given.activity)
    return Status(201, actions.prepare(by=request.user, activity=activity, **given.dict(exclude={"activity"})))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_quiz(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.post("/{uuid:pk}/offer/", response=ANSWERS)
def offer_quiz(request: HttpRequest, pk: UUID) -> Any:
    return actions.offer(_one(request, pk), by=request.user)


@router.post("/{uuid:pk}/close/", response=ANSWERS)
def close_quiz(request: HttpRequest, pk: UUID) -> Any:
    return actions.close(_one(request, pk), by=request.user)


@router.get("/{uuid:pk}/attempts/", response=list[AttemptOut])
@paginate
def list_attempts(request: HttpRequest, pk: UUID) -> Any:
    """Results within the account's scope, and one's own."""
    rows = Attempt.objects.visible_to(request.user).filter(quiz=_one(request, pk))
    return rows.select_related("person").order_by("unit__path", "person", "number")


@router.post("/{uuid:pk}/begin/", response={201: PaperOut, **PAPERS})
def begin_attempt(request: HttpRequest, pk: UUID) -> Any:
    """Draw the questions of one try for oneself."""
    made = actions.begin(by=request.user, quiz=_one(request, pk))
    return Status(201, _paper(request, made.pk))


@router.get("/attempts/{uuid:pk}/", response=PAPERS)
def get_attempt(request: HttpRequest, pk: UUID) -> Any:
    """One's own paper with what is answered so far."""
    return _paper(request, pk)


@router.put("/attempts/{uuid:pk}/answer/", response=PAPERS)
def save_answer(request: HttpRequest, pk: UUID, given: SavedIn) -> Any:
    actions.save(_paper(request, pk), by=request.user, position=given.position, shown=given.shown)
    return _paper(request, pk)


@router.post("/attempts/{uuid:pk}/hand-in/", response=PAPERS)
def hand_in_attempt(request: HttpRequest, pk: UUID) -> Any:
    return actions.hand_in(_paper(request, pk), by=request.user)
