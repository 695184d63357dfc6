"""Lessons for programs: adding, publishing, who has watched. The film itself goes through /api/shell/file/."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.activity.models import Activity
from yuanqing.education.lesson import actions, rules
from yuanqing.education.lesson.models import Lesson, Viewing
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES

router = Router()


class LessonOut(Schema):
    id: UUID
    version: int
    activity: UUID
    position: int
    title: str
    seconds: int
    state: str

    @staticmethod
    def resolve_activity(row: Any) -> UUID:
        found: UUID = row.activity_id
        return found


class ViewingOut(OfPerson):
    person: str
    unit: str
    state: str
    share: int
    begun_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_share(row: Any) -> int:
        """In basis points."""
        return rules.share(row.progress.spans, row.lesson.seconds)


class LessonIn(Schema):
    activity: UUID
    title: str
    seconds: int = 0


class WithdrawIn(Schema):
    reason: str


ANSWERS: dict[int, Any] = {200: LessonOut, **TROUBLES}


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Lesson.objects.visible_to(request.user).select_related("unit", "activity"), pk=pk)


@router.get("/", response=list[LessonOut])
@paginate
def list_lessons(request: HttpRequest, activity: UUID | None = None) -> Any:
    rows = Lesson.objects.visible_to(request.user).order_by("activity", "position")
    return rows.filter(activity=activity) if activity is not None else rows


@router.post("/", response={201: LessonOut, **ANSWERS})
def add_lesson(request: HttpRequest, given: LessonIn) -> Any:
    """Afterwards hand in the film: purpose `lesson.video`, about the lesson; then publish."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("unit"), pk=given.activity)
    seconds = max(0, min(given.seconds, 6 * 3600))
    return Status(201, actions.add(by=request.user, activity=activity, title=given.title, seconds=seconds))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_lesson(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.get("/{uuid:pk}/viewings/", response=list[ViewingOut])
@paginate
def list_viewings(request: HttpRequest, pk: UUID) -> Any:
    """Who has watched how much, within the account's scope."""
    rows = Viewing.objects.visible_to(request.user).filter(lesson=_one(request, pk))
    return rows.select_related("person", "unit", "lesson", "progress").order_by("unit__path", "pk")


@router.post("/{uuid:pk}/publish/", response=ANSWERS)
def publish_lesson(request: HttpRequest, pk: UUID) -> Any:
    return actions.publish(_one(request, pk), by=request.user)


@router.post("/{uuid:pk}/withdraw/", response=ANSWERS)
def withdraw_lesson(request: HttpRequest, pk: UUID, given: WithdrawIn) -> Any:
    return actions.withdraw(_one(request, pk), by=request.user, reason=given.reason)
