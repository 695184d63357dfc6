"""People for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.org.person import actions, queries
from yuanqing.org.person.models import Person
from yuanqing.org.unit.api import TROUBLES, ChangeIn, Code, Line, OfUnit, Trouble, Words
from yuanqing.org.unit.models import Unit

router = Router()


class OfPerson(OfUnit):
    """What concerns a person tells programs the number on the rolls, where it has a field `person`."""

    @staticmethod
    def resolve_person(row: Any) -> str:
        return str(row.person.number)


class PersonOut(Schema):
    id: UUID
    version: int
    number: str
    name: str
    unit_id: UUID
    level: str
    is_party_member: bool
    email: str
    left_on: date | None


class EnrolIn(Schema):
    number: Code
    name: Words
    unit_id: UUID
    level: Code = ""
    is_party_member: bool = False
    email: Line = ""


class AmendIn(Schema):
    name: Words
    level: Code = ""
    is_party_member: bool
    email: Line = ""
    version: int | None = None


class PersonTransferIn(ChangeIn):
    unit_id: UUID


def _visible(request: HttpRequest) -> Any:
    return Person.objects.visible_to(request.user)


def _unit(request: HttpRequest, pk: UUID) -> Unit:
    unit: Unit | None = Unit.objects.visible_to(request.user).filter(pk=pk).first()
    if unit is None:
        raise ValidationError({"unit_id": _("找不到这个单位。")})
    return unit


@router.get("/", response={200: list[PersonOut], 422: Trouble})
@paginate
def list_people(
    request: HttpRequest,
    q: Words = "",
    within: Code = "",
    level: Code = "",
    is_party_member: bool | None = None,
    include_left: bool = False,
) -> Any:
    """People by the sound of their names; `within` is the code of a unit whose subtree is wanted."""
    rows: Any = queries.matching(_visible(request), q)
    if within:
        top = Unit.objects.visible_to(request.user).filter(code=within).first()
        rows = rows.filter(unit__path__startswith=top.path) if top else rows.none()
    rows = rows.filter(level=level) if level else rows
    rows = rows if is_party_member is None else rows.filter(is_party_member=is_party_member)
    return (rows if include_left else rows.present()).order_by("sort_key", "number")


@router.get("/{pk}/", response={200: PersonOut, 404: Trouble})
def get_person(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_visible(request), pk=pk)


@router.post("/", response={201: PersonOut, **TROUBLES})
def enrol(request: HttpRequest, given: EnrolIn) -> Any:
    values = given.dict(exclude={"unit_id"})
    return Status(201, actions.enrol(by=request.user, unit=_unit(request, given.unit_id), **values))


@router.post("/{pk}/amend/", response={200: PersonOut, **TROUBLES})
def amend(request: HttpRequest, pk: UUID, given: AmendIn) -> Any:
    person = get_object_or_404(_visible(request), pk=pk)
    values = given.dict(exclude={"version"})
    return actions.amend(person, by=request.user, expected_version=given.version, **values)


@router.post("/{pk}/transfer/", response={200: PersonOut, **TROUBLES})
def transfer(request: HttpRequest, pk: UUID, given: PersonTransferIn) -> Any:
    person = get_object_or_404(_visible(request), pk=pk)
    unit = _unit(request, given.unit_id)
    values = given.dict(exclude={"version", "unit_id"})
    return actions.transfer(person, by=request.user, expected_version=given.version, unit=unit, **values)


@router.post("/{pk}/leave/", response={200: PersonOut, **TROUBLES})
def leave(request: HttpRequest, pk: UUID, given: ChangeIn) -> Any:
    person = get_object_or_404(_visible(request), pk=pk)
    values = given.dict(exclude={"version"})
    return actions.leave(person, by=request.user, expected_version=given.version, **values)
