"""Posts and appointments for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.org.person.models import Person
from yuanqing.org.post import actions, queries
from yuanqing.org.post.models import Appointment, Post
from yuanqing.org.unit.api import TROUBLES, ChangeIn, Code, Trouble, Words
from yuanqing.org.unit.models import Unit

router = Router()


class AppointmentOut(Schema):
    id: UUID
    version: int
    post_id: UUID
    person_id: UUID
    starts_on: date
    ends_before: date | None
    document: str

    @staticmethod
    def resolve_starts_on(row: Appointment) -> date:
        first: date = row.during.lower
        return first

    @staticmethod
    def resolve_ends_before(row: Appointment) -> date | None:
        after: date | None = row.during.upper
        return after


class PostOut(Schema):
    id: UUID
    version: int
    code: str
    name: str
    unit_id: UUID
    rank: str
    is_key: bool
    ended_on: date | None


class PostWithHolders(PostOut):
    holders: list[AppointmentOut]


class CreateIn(Schema):
    code: Code
    name: Words
    unit_id: UUID
    rank: Code = ""
    is_key: bool = False


class AppointIn(Schema):
    person_id: UUID
    starts_on: date
    document: Words = ""


class ManagerOut(Schema):
    manager_id: UUID | None
    manager_code: str | None


def _visible(request: HttpRequest) -> Any:
    return Post.objects.visible_to(request.user)


@router.get("/", response={200: list[PostWithHolders], 422: Trouble})
@paginate
def list_posts(
    request: HttpRequest,
    within: Code = "",
    rank: Code = "",
    is_key: bool | None = None,
    on: date | None = None,
    include_ended: bool = False,
) -> Any:
    """Posts by code with whoever holds them `on` a day (today); `within` is the code of a unit whose subtree is wanted."""
    rows = _visible(request)
    if within:
        top = Unit.objects.visible_to(request.user).filter(code=within).first()
        rows = rows.filter(unit__path__startswith=top.path) if top else rows.none()
    rows = rows.filter(rank=rank) if rank else rows
    rows = rows if is_key is None else rows.filter(is_key=is_key)
    rows = rows if include_ended else rows.filter(ended_on__isnull=True)
    return queries.with_holders(rows.order_by("code"), on or timezone.localdate())


@router.get("/manager/", response={200: ManagerOut, 404: Trouble, 422: Trouble})
def manager(request: HttpRequest, unit_id: UUID, rank: Code, on: date | None = None) -> Any:
    """Which unit manages cadres of a rank in a unit on a day (today)."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_id)
    found = queries.manager_of(unit, rank, on or timezone.localdate())
    return {"manager_id": found.pk if found else None, "manager_code": found.code if found else None}


@router.get("/{pk}/", response={200: PostWithHolders, 404: Trouble})
def get_post(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(queries.with_holders(_visible(request), timezone.localdate()), pk=pk)


@router.post("/", response={201: PostOut, **TROUBLES})
def create(request: HttpRequest, given: CreateIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(pk=given.unit_id).first()
    if unit is None:
        raise ValidationError({"unit_id": _("找不到这个单位。")})
    return Status(201, actions.create(by=request.user, unit=unit, **given.dict(exclude={"unit_id"})))


@router.post("/{pk}/appointments/", response={201: AppointmentOut, **TROUBLES})
def appoint(request: HttpRequest, pk: UUID, given: AppointIn) -> Any:
    post = get_object_or_404(_visible(request), pk=pk)
    person = Person.objects.visible_to(request.user).filter(pk=given.person_id).first()
    if person is None:
        raise ValidationError({"person_id": _("找不到这个人。")})
    return Status(201, actions.appoint(by=request.user, post=post, person=person, **given.dict(exclude={"person_id"})))


@router.post("/appointments/{pk}/end/", response={200: AppointmentOut, **TROUBLES})
def end_appointment(request: HttpRequest, pk: UUID, given: ChangeIn) -> Any:
    held = get_object_or_404(Appointment.objects.visible_to(request.user), pk=pk)
    values = given.dict(exclude={"version"})
    return actions.end_appointment(held, by=request.user, expected_version=given.version, **values)
