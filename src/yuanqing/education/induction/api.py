"""Inductions for programs: preparing, the items, exceptions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.induction import actions
from yuanqing.education.induction.models import Induction
from yuanqing.education.notice.models import Notice
from yuanqing.org.person.api import OfPerson
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Post
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class InductionItemOut(Schema):
    code: str
    is_required: bool
    done_at: datetime | None
    score: int | None


class InductionOut(OfPerson):
    id: UUID
    version: int
    person: str
    post: str
    unit: str
    planned_on: date | None
    state: str
    completed_at: datetime | None
    excepted_at: datetime | None
    items: list[InductionItemOut]

    @staticmethod
    def resolve_post(row: Any) -> str:
        return str(row.post.code)


class InductionIn(Schema):
    person: str
    post: str
    planned_on: date | None = None
    notice: UUID | None = None


class InductionStepIn(Schema):
    """What the step takes: reason, on and summary, has_relatives and statement, answers, note."""

    reason: str = ""
    on: date | None = None
    summary: str = ""
    has_relatives: bool = False
    statement: str = ""
    answers: dict[str, str] = {}
    note: str = ""


TAKES: dict[str, tuple[str, ...]] = {
    "draw": (), "sit": ("answers",), "promise": (), "declare": ("has_relatives", "statement"), "talk": ("on", "summary"),
    "write-family": ("note",), "ask-exception": ("reason",), "approve-exception": (), "refuse-exception": ("reason",),
    "cancel": ("reason",),
}  # fmt: skip
ANSWERS: dict[int, Any] = {200: InductionOut, **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return Induction.objects.visible_to(request.user).select_related("person", "post", "unit").prefetch_related("items")


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[InductionOut])
@paginate
def list_inductions(request: HttpRequest, state: str = "") -> Any:
    """One's own, and those within the account's scope."""
    rows = _rows(request).order_by("-prepared_at", "pk")
    return rows.filter(state=state) if state else rows


@router.post("/", response={201: InductionOut, **ANSWERS})
def prepare_induction(request: HttpRequest, given: InductionIn) -> Any:
    person = Person.objects.visible_to(request.user).filter(number=given.person).first()
    post = Post.objects.visible_to(request.user).filter(code=given.post).select_related("unit").first()
    if person is None or post is None:
        raise ValidationError({"person" if person is None else "post": _("找不到。")})
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=given.notice) if given.notice else None
    made = actions.prepare(by=request.user, person=person, post=post, planned_on=given.planned_on, notice=notice)
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_induction(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.get("/{uuid:pk}/questions/", response={200: list[dict[str, Any]], 404: Trouble})
def list_questions(request: HttpRequest, pk: UUID) -> Any:
    """The questions of the attempt under way, without the answers; only to the person who sits it."""
    from yuanqing.education.induction.queries import options, questions

    record = _one(request, pk)
    sitting = record.sittings.filter(sat_at__isnull=True).first()
    if sitting is None or record.person_id != getattr(request.user, "person_id", None):
        return []
    known = questions()
    return [{"code": c, "title": known[c].title, "options": dict(options(known[c]))} for c in sitting.questions]


@router.post("/{uuid:pk}/{step}/", response=ANSWERS)
def take_induction_step(request: HttpRequest, pk: UUID, step: str, given: InductionStepIn) -> Any:
    """draw, sit, promise, declare, talk, write-family, ask-exception, approve-exception, refuse-exception or cancel."""
    if step not in TAKES:
        raise ValidationError({"step": _("没有这一步。")})
    if step == "talk" and given.on is None:
        raise ValidationError({"on": _("请填谈话日期。")})
    words = {name: getattr(given, name) for name in TAKES[step]}
    getattr(actions, step.replace("-", "_"))(_one(request, pk), by=request.user, **words)
    return _one(request, pk)
