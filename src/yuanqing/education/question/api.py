"""The bank for programs."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.question import actions
from yuanqing.education.question.actions import Asked
from yuanqing.education.question.models import Question
from yuanqing.org.unit.api import TROUBLES, OfUnit
from yuanqing.org.unit.models import Unit

router = Router()


class QuestionOut(OfUnit):
    id: UUID
    version: int
    unit: str
    kind: str
    stem: str
    options: list[str]
    answer: list[int]
    clauses: list[str]
    explanation: str
    state: str


class QuestionIn(Schema):
    unit: str
    kind: str
    stem: str
    options: list[str]
    answer: list[int]
    clauses: str = ""
    explanation: str = ""


ANSWERS: dict[int, Any] = {200: QuestionOut, **TROUBLES}


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Question.objects.visible_to(request.user).select_related("unit"), pk=pk)


@router.get("/", response=list[QuestionOut])
@paginate
def list_questions(request: HttpRequest, state: str = "") -> Any:
    rows = Question.objects.visible_to(request.user).select_related("unit").order_by("stem", "pk")
    return rows.filter(state=state) if state else rows


@router.post("/", response={201: QuestionOut, **ANSWERS})
def write_question(request: HttpRequest, given: QuestionIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("找不到这个单位。")})
    made = actions.write(by=request.user, unit=unit, asked=Asked(**given.dict(exclude={"unit"})))
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_question(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.post("/{uuid:pk}/activate/", response=ANSWERS)
def activate_question(request: HttpRequest, pk: UUID) -> Any:
    actions.activate(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/retire/", response=ANSWERS)
def retire_question(request: HttpRequest, pk: UUID) -> Any:
    actions.retire(_one(request, pk), by=request.user, reason="")
    return _one(request, pk)
