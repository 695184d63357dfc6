"""Packages for programs: adding, publishing, results. The package itself goes through /api/shell/file/."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.activity.models import Activity
from yuanqing.education.courseware import actions, queries
from yuanqing.education.courseware.models import Courseware, Run
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES

router = Router()


class CoursewareOut(Schema):
    id: UUID
    version: int
    activity: UUID
    title: str
    minutes: int
    edition: str
    parts: list[dict[str, str]]
    unsupported: list[str]
    state: str

    @staticmethod
    def resolve_activity(row: Any) -> UUID:
        found: UUID = row.activity_id
        return found


class RunOut(OfPerson):
    """What the package says of a person; `seconds` is what the server counted."""

    person: str
    unit: str
    state: str
    status: str
    score: int | None
    seconds: int
    begun_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_seconds(row: Any) -> int:
        return int(row.desk.seconds)


class LearnerAnswerOut(Schema):
    """One question within a package, as the package reports it."""

    code: str
    words: str
    kind: str
    given: str
    right: list[str]
    result: str
    seconds: float


class AimOut(Schema):
    """One objective within a package."""

    code: str
    words: str
    status: str
    score: int | None


class PartOut(Schema):
    """What one part says of the learner; `completion` and `success` in the words of the standard."""

    part: str
    title: str
    status: str
    completion: str
    success: str
    score: int | None
    seconds: int
    answers: list[LearnerAnswerOut]
    objectives: list[AimOut]


class RunDetailOut(RunOut):
    parts: list[PartOut]

    @staticmethod
    def resolve_parts(row: Any) -> list[dict[str, Any]]:
        return [
            {
                "part": one.part.code, "title": one.part.title, "seconds": one.seconds,
                **{name: getattr(one.place, name) if one.place else "" for name in ("status", "completion", "success")},
                "score": one.place.score if one.place else None,
                "answers": [asdict(answer) for answer, _kind, _result in one.answers],
                "objectives": [asdict(aim) for aim, _label in one.aims],
            }
            for one in queries.standings(row.courseware, row)
        ]  # fmt: skip


class CoursewareIn(Schema):
    activity: UUID
    title: str
    minutes: int = 5


class CoursewareReason(Schema):
    reason: str


ANSWERS: dict[int, Any] = {200: CoursewareOut, **TROUBLES}


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Courseware.objects.visible_to(request.user).select_related("unit", "activity"), pk=pk)


@router.get("/", response=list[CoursewareOut])
@paginate
def list_coursewares(request: HttpRequest, activity: UUID | None = None) -> Any:
    rows = Courseware.objects.visible_to(request.user).order_by("activity", "title", "pk")
    return rows.filter(activity=activity) if activity is not None else rows


@router.post("/", response={201: CoursewareOut, **ANSWERS})
def add_courseware(request: HttpRequest, given: CoursewareIn) -> Any:
    """Afterwards hand in the package: purpose `courseware.package`, about the courseware; then publish."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("unit"), pk=given.activity)
    made = actions.add(by=request.user, activity=activity, title=given.title, minutes=given.minutes)
    return Status(201, made)


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_courseware(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.get("/{uuid:pk}/runs/", response=list[RunOut])
@paginate
def list_runs(request: HttpRequest, pk: UUID) -> Any:
    """Who learnt with it, with what result, within the account's scope."""
    rows = Run.objects.visible_to(request.user).filter(courseware=_one(request, pk))
    return queries.results(rows).order_by("unit__path", "pk")


@router.get("/runs/{uuid:pk}/", response={200: RunDetailOut, **TROUBLES})
def get_run(request: HttpRequest, pk: UUID) -> Any:
    """One person's results part by part, with the questions and objectives that the package reports."""
    rows = queries.results(Run.objects.visible_to(request.user)).select_related("courseware")
    return get_object_or_404(rows, pk=pk)


@router.post("/{uuid:pk}/publish/", response=ANSWERS)
def publish_courseware(request: HttpRequest, pk: UUID) -> Any:
    return actions.publish(_one(request, pk), by=request.user)


@router.post("/{uuid:pk}/withdraw/", response=ANSWERS)
def withdraw_courseware(request: HttpRequest, pk: UUID, given: CoursewareReason) -> Any:
    return actions.withdraw(_one(request, pk), by=request.user, reason=given.reason)
