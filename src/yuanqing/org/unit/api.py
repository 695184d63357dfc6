"""Units for programs: the list, the tree of any day, a unit with its history, and the acts on it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate
from pydantic import AfterValidator

from yuanqing.org.unit import actions, queries
from yuanqing.org.unit.models import Placement, Unit

router = Router()


NO_NUL = r"^[^\x00]*$"  # the database keeps no NUL in a text
Code = Annotated[str, Field(max_length=40, pattern=NO_NUL)]
Words = Annotated[str, Field(max_length=100, pattern=NO_NUL)]
Line = Annotated[str, Field(max_length=254, pattern=NO_NUL)]
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


def _moment(value: datetime) -> datetime:
    """What says no zone is meant in the organisation's; years near the ends of the calendar have no time in other zones."""
    if not 1900 <= value.year <= 2200:
        raise ValueError("year out of range")
    return timezone.make_aware(value) if timezone.is_naive(value) else value


Moment = Annotated[datetime, AfterValidator(_moment)]


class OfUnit(Schema):
    """What belongs to a unit tells programs the unit's code, where it has a field `unit`."""

    @staticmethod
    def resolve_unit(row: Any) -> str:
        return str(row.unit.code)


class Trouble(Schema):
    detail: Any


TROUBLES: dict[int, Any] = {404: Trouble, 409: Trouble, 422: Trouble}


class UnitOut(Schema):
    id: UUID
    version: int
    code: str
    name: str
    short_name: str
    kind: str
    peer_group: str
    parent_id: UUID | None
    path: str
    is_reporting: bool
    began_on: date
    ended_on: date | None


class PlacementOut(Schema):
    name: str
    kind: str
    peer_group: str
    parent_id: UUID | None
    path: str
    starts_on: date
    ends_before: date | None
    reason: str

    @staticmethod
    def resolve_starts_on(row: Placement) -> date:
        first: date = row.during.lower
        return first

    @staticmethod
    def resolve_ends_before(row: Placement) -> date | None:
        after: date | None = row.during.upper
        return after


class UnitWithHistory(UnitOut):
    history: list[PlacementOut]

    @staticmethod
    def resolve_history(row: Unit) -> Any:
        return row.placements.order_by("during")


class PlaceOut(Schema):
    id: UUID = Field(alias="pk")
    code: str
    name: str
    kind: str
    peer_group: str
    path: str
    parent_id: UUID | None
    has_children: bool


class FoundIn(Schema):
    code: Code
    name: Line
    began_on: date
    parent_id: UUID | None = None
    short_name: Words = ""
    kind: Code = ""
    peer_group: Code = ""
    is_reporting: bool = True


class ChangeIn(Schema):
    on: date
    reason: Reason
    version: int | None = None


class RenameIn(ChangeIn):
    name: Line
    short_name: Words = ""


class MoveIn(ChangeIn):
    parent_id: UUID | None


class ClassifyIn(ChangeIn):
    kind: Code = ""
    peer_group: Code = ""


def _visible(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(request.user)


def _parent(request: HttpRequest, pk: UUID | None) -> Unit | None:
    """The unit named as parent; one out of sight is as unknown as one that is not there."""
    if pk is None:
        return None
    unit: Unit | None = _visible(request).filter(pk=pk).first()
    if unit is None:
        raise ValidationError({"parent_id": _("找不到这个单位。")})
    return unit


@router.get("/", response={200: list[UnitOut], 422: Trouble})
@paginate
def list_units(
    request: HttpRequest,
    q: Words = "",
    within: Code = "",
    kind: Code = "",
    peer_group: Code = "",
    is_reporting: bool | None = None,
    include_ended: bool = False,
) -> Any:
    """Units in the order of the tree; `within` is the code of a unit whose subtree is wanted."""
    rows: Any = queries.matching(_visible(request), q)
    if within:
        top = _visible(request).filter(code=within).first()
        rows = rows.in_subtree(top) if top else rows.none()
    given = {"kind": kind, "peer_group": peer_group, "is_reporting": is_reporting}
    rows = rows.filter(**{name: value for name, value in given.items() if value not in ("", None)})
    return (rows if include_ended else rows.active()).order_by("path")


@router.get("/tree/", response={200: list[PlaceOut], 404: Trouble, 422: Trouble})
def tree(request: HttpRequest, parent_id: UUID | None = None, on: date | None = None) -> Any:
    """One level: the units below `parent_id`, or the tops the reader sees; `on` a day, with the names and parents of then."""
    parent = get_object_or_404(_visible(request), pk=parent_id) if parent_id else None
    tops = request.user.scopes("org.unit.view")  # type: ignore[union-attr]
    if on is None or on >= timezone.localdate():
        return queries.level_now(_visible(request), parent, tops=tops)
    return queries.level_then(Placement.objects.visible_to(request.user), parent, on, tops=tops)


@router.get("/{pk}/", response={200: UnitWithHistory, 404: Trouble})
def get_unit(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_visible(request), pk=pk)


@router.post("/", response={201: UnitOut, **TROUBLES})
def found(request: HttpRequest, given: FoundIn) -> Any:
    values = given.dict(exclude={"parent_id"})
    return Status(201, actions.found(by=request.user, parent=_parent(request, given.parent_id), **values))


@router.post("/{pk}/rename/", response={200: UnitOut, **TROUBLES})
def rename(request: HttpRequest, pk: UUID, given: RenameIn) -> Any:
    return _take(request, pk, actions.rename, given)


@router.post("/{pk}/classify/", response={200: UnitOut, **TROUBLES})
def classify(request: HttpRequest, pk: UUID, given: ClassifyIn) -> Any:
    return _take(request, pk, actions.classify, given)


@router.post("/{pk}/move/", response={200: UnitOut, **TROUBLES})
def move(request: HttpRequest, pk: UUID, given: MoveIn) -> Any:
    get_object_or_404(_visible(request), pk=pk)  # absent, before what was sent is looked at
    return _take(request, pk, actions.move, given, parent=_parent(request, given.parent_id))


@router.post("/{pk}/end/", response={200: UnitOut, **TROUBLES})
def end(request: HttpRequest, pk: UUID, given: ChangeIn) -> Any:
    return _take(request, pk, actions.end, given)


def _take(request: HttpRequest, pk: UUID, perform: Any, given: ChangeIn, **more: Any) -> Unit:
    unit: Unit = get_object_or_404(_visible(request), pk=pk)
    values = given.dict(exclude={"version", "parent_id"})
    perform(unit, by=request.user, expected_version=given.version, **values, **more)
    return unit
