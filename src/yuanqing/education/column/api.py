"""The column for programs: reading, sending in, publishing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.column import actions, queries
from yuanqing.education.column.models import Article
from yuanqing.org.unit.api import TROUBLES, OfUnit
from yuanqing.org.unit.models import Unit

router = Router()


class ArticleOut(OfUnit):
    id: UUID
    version: int
    kind: str
    title: str
    summary: str
    unit: str
    state: str
    published_at: datetime | None
    reads: int


class ArticleWithBody(ArticleOut):
    body: str


class ArticleIn(Schema):
    unit: str
    kind: str
    title: str
    summary: str = ""
    body: str


class ColumnChangeIn(Schema):
    kind: str
    title: str
    summary: str = ""
    body: str


class NoteIn(Schema):
    note: str = ""


ANSWERS: dict[int, Any] = {200: ArticleWithBody, **TROUBLES}
STEPS: dict[str, str] = {"propose": "", "publish": "", "send-back": "note", "withdraw": "reason"}


def _rows(request: HttpRequest) -> Any:
    return queries.with_reads(Article.objects.visible_to(request.user).select_related("unit"))


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[ArticleOut])
@paginate
def list_articles(request: HttpRequest, kind: str = "", state: str = "") -> Any:
    """What is published, and what the account may see besides."""
    given = {"kind": kind, "state": state}
    return _rows(request).filter(**{k: v for k, v in given.items() if v}).order_by("-published_at", "pk")


@router.post("/", response={201: ArticleWithBody, **ANSWERS})
def draft_article(request: HttpRequest, given: ArticleIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("找不到这个单位。")})
    made = actions.draft(by=request.user, unit=unit, **given.dict(exclude={"unit"}))
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_article(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.put("/{uuid:pk}/", response=ANSWERS)
def edit_article(request: HttpRequest, pk: UUID, given: ColumnChangeIn) -> Any:
    actions.edit(_one(request, pk), by=request.user, **given.dict())
    return _one(request, pk)


@router.post("/{uuid:pk}/{step}/", response=ANSWERS)
def take_article_step(request: HttpRequest, pk: UUID, step: str, given: NoteIn) -> Any:
    """propose, publish, send-back (note) or withdraw (note)."""
    if step not in STEPS:
        raise ValidationError({"step": _("没有这一步。")})
    words = {STEPS[step]: given.note} if STEPS[step] else {}
    getattr(actions, step.replace("-", "_"))(_one(request, pk), by=request.user, **words)
    return _one(request, pk)
