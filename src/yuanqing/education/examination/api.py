"""Self-examinations for programs: one's own, those within the scope, every step."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.examination import actions
from yuanqing.education.examination.models import Examination
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES

router = Router()


class ProblemOut(Schema):
    code: str
    is_found: bool | None
    evidence: str
    cause: str
    remedy: str
    due_on: date | None
    remark: str
    report: str
    reported_at: datetime | None
    remedied_at: datetime | None


class ExaminationOut(OfPerson):
    id: UUID
    version: int
    person: str
    unit: str
    year: int
    state: str
    submitted_at: datetime | None
    opinion: str


class WithProblems(ExaminationOut):
    problems: list[ProblemOut]

    @staticmethod
    def resolve_problems(row: Any) -> Any:
        return list(row.problems.all())


class YearIn(Schema):
    year: int


class ExaminationAnswerIn(Schema):
    code: str
    is_found: bool
    evidence: str = ""
    cause: str = ""
    remedy: str = ""
    due_on: date | None = None


class ExaminationStepIn(Schema):
    """What the step asks for: opinion and remarks (comment), reason (send-back, reject), code and text (report, confirm)."""

    opinion: str = ""
    remarks: dict[str, str] = {}
    reason: str = ""
    code: str = ""
    text: str = ""


ANSWERS: dict[int, Any] = {200: WithProblems, **TROUBLES}
STEPS: dict[str, tuple[str, ...]] = {
    "submit": (), "send-back": ("reason",), "comment": ("opinion", "remarks"), "report": ("code", "text"),
    "confirm": ("code",), "reject": ("code", "reason"),
}  # fmt: skip


def _rows(request: HttpRequest) -> Any:
    return Examination.objects.visible_to(request.user).select_related("person", "unit")


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[ExaminationOut])
@paginate
def list_examinations(request: HttpRequest, year: int | None = None, state: str = "") -> Any:
    rows = _rows(request).order_by("-year", "unit__path", "pk")
    rows = rows.filter(year=year) if year is not None else rows
    return rows.filter(state=state) if state else rows


@router.post("/", response={201: WithProblems, **ANSWERS})
def begin_examination(request: HttpRequest, given: YearIn) -> Any:
    """One's own for a year."""
    return Status(201, actions.begin(by=request.user, year=given.year))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_examination(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.put("/{uuid:pk}/answer/", response=ANSWERS)
def answer_problem(request: HttpRequest, pk: UUID, given: ExaminationAnswerIn) -> Any:
    actions.answer(_one(request, pk), by=request.user, **given.dict())
    return _one(request, pk)


@router.post("/{uuid:pk}/{step}/", response=ANSWERS)
def take_examination_step(request: HttpRequest, pk: UUID, step: str, given: ExaminationStepIn) -> Any:
    """submit, send-back, comment, report, confirm or reject."""
    if step not in STEPS:
        raise ValidationError({"step": _("没有这一步。")})
    words = {name: getattr(given, name) for name in STEPS[step]}
    getattr(actions, step.replace("-", "_"))(_one(request, pk), by=request.user, **words)
    return _one(request, pk)
